/** Transactions in every state, and every transition that there is, for the tests that try all of them. */
import { type Amount, amountOf } from "../../lib/domain/money.ts";
import { begin, type NewTransaction } from "../../lib/domain/new-transaction.ts";
import { failureCodes } from "../../lib/domain/outcome.ts";
import type { LogEntry, Status, Transaction } from "../../lib/domain/transaction.ts";
import type { Actor, Transition } from "../../lib/domain/transition.ts";
import * as transitions from "../../lib/domain/transitions.ts";

export const start = new Date("2026-11-05T10:00:00.000Z");

/** A time so many milliseconds after the start. */
export function later(ms: number): Date {
  return new Date(start.getTime() + ms);
}

export const flow: Actor = { by: "flow", at: later(1_000) };

export const wish: NewTransaction = {
  id: "txn_00000000000000000000000001",
  tenant: "acme",
  kind: "spendback",
  connection: "ipayout",
  provider: "ipayout",
  amount: amountOf(1999, "USD") satisfies Amount,
  recipient: { id: "ben-alice" },
  fingerprint: "f".repeat(43),
};

export const allStatuses = ["pending", "processing", "succeeded", "failed", "canceled", "needs_review"] as const;

/** Every status with every attempt state and several counts, reachable or not: a store must refuse the wrong ones, too. */
export const allStates: readonly Transaction[] = allStatuses.flatMap((status) =>
  ([undefined, "open", "not-sent"] as const).flatMap((attempt) =>
    [0, 1, 2].flatMap((attempts) => logs(status).map((log) => stateOf(status, attempt, attempts, log))),
  ),
);

function stateOf(
  status: Status,
  attempt: Transaction["attempt"],
  attempts: number,
  log: readonly LogEntry[],
): Transaction {
  const { nextActionAt, ...begun } = begin(wish, start);
  return {
    ...begun,
    status,
    attempts,
    log: [...log],
    ...(attempt && { attempt }),
    ...(status !== "succeeded" && status !== "failed" && status !== "canceled" && nextActionAt && { nextActionAt }),
  };
}

/** A short log, and two whose last line is what a note or a postponement would write again. */
function logs(status: Status): readonly LogEntry[][] {
  const first: LogEntry = { at: start.toISOString(), status: "pending", by: "api" };
  const last = (detail: string): LogEntry => ({ at: start.toISOString(), status, by: "flow", detail });
  return [[first], [first, last("accepted: Pending")], [first, last("due: flow started again")]];
}

/** Every builder of transitions with every kind of argument, made for a given transaction; by name. */
export const builders: Readonly<Record<string, (read: Transaction) => Transition>> = {
  claimAttempt: () => transitions.claimAttempt(flow),
  "recordNotSent of attempt 1": () => transitions.recordNotSent(notSent, 1, flow),
  "recordNotSent of attempt 2": () => transitions.recordNotSent(notSent, 2, flow),
  succeed: () => transitions.succeed({ kind: "settled", detail: "Settled", providerTransactionId: "17" }, flow),
  "succeed without an id": () => transitions.succeed({ kind: "settled", detail: "Settled" }, flow),
  decline: () => transitions.decline({ kind: "declined", code: "insufficient_funds", message: "No funds" }, flow),
  cancelAtProvider: () => transitions.cancelAtProvider({ kind: "canceled", detail: "taken back" }, flow),
  ...Object.fromEntries(failureCodes.map((code) => [`failUnsent ${code}`, () => transitions.failUnsent(code, flow)])),
  "note accepted": (read) => transitions.note(read, { kind: "accepted", detail: "Pending" }, flow),
  "note unknown": (read) =>
    transitions.note(read, { kind: "unknown", detail: "ECONNRESET" }, flow, later(9).toISOString()),
  askForReview: (read) => transitions.askForReview(read.tenant, "two movements", flow),
  postpone: (read) => transitions.postpone(read, later(60_000).toISOString(), { by: "follow-up", at: later(5_000) }),
};

export const notSent = { kind: "not-sent", reason: "unreachable", detail: "ECONNREFUSED" } as const;
