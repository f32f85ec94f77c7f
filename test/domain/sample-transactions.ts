/** Transactions in every state, and every transition that there is, for the tests that try all of them. */

import { dueNow, gaveBack, owing, postpone, stopSending, wait } from "../../lib/domain/due-transitions.ts";
import { type Amount, amountOf } from "../../lib/domain/money.ts";
import { begin, type NewTransaction } from "../../lib/domain/new-transaction.ts";
import { askForReview, cancelUnsent, resolve } from "../../lib/domain/operator-transitions.ts";
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

/**
 * Every status with every attempt state and several counts, reachable or not: a store must refuse the wrong ones, too. And
 * what is over but owes something.
 */
export const allStates: readonly Transaction[] = [
  ...allStatuses.flatMap((status) =>
    ([undefined, "open", "not-sent"] as const).flatMap((attempt) =>
      [0, 1, 2].flatMap((attempts) => logs(status).map((log) => stateOf(status, attempt, attempts, log))),
    ),
  ),
  ...(["failed", "canceled"] as const).flatMap((status) =>
    logs(status).map((log): Transaction => {
      return { ...stateOf(status, undefined, 1, log), owed: true, nextActionAt: later(2_000).toISOString() };
    }),
  ),
];

function stateOf(
  status: Status,
  attempt: Transaction["attempt"],
  attempts: number,
  log: readonly LogEntry[],
): Transaction {
  const { nextActionAt, ...begun } = begin(wish, { by: "api", at: start });
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
  "claimAgain after attempt 1": () => transitions.claimAgain(flow, againAfter(1)),
  "claimAgain after attempt 2": () => transitions.claimAgain(flow, againAfter(2)),
  "recordNotSent of attempt 1": () => transitions.recordNotSent(notSent, 1, flow),
  "recordNotSent of attempt 2": () => transitions.recordNotSent(notSent, 2, flow),
  succeed: () => transitions.succeed({ kind: "settled", detail: "Settled", providerTransactionId: "17" }, flow),
  "succeed without an id": () => transitions.succeed({ kind: "settled", detail: "Settled" }, flow),
  "decline of attempt 1": () => transitions.decline(declined, 1, flow),
  "decline of attempt 2": () => transitions.decline(declined, 2, flow),
  "cancelAtProvider of attempt 1": () => transitions.cancelAtProvider(canceled, 1, flow),
  cancelUnsent: () => cancelUnsent(flow),
  ...Object.fromEntries(failureCodes.map((code) => [`failUnsent ${code}`, () => transitions.failUnsent(code, flow)])),
  "note accepted": (read) => transitions.note(read, { kind: "accepted", detail: "Pending" }, flow),
  "note unknown": (read) =>
    transitions.note(read, { kind: "unknown", detail: "ECONNRESET" }, flow, later(9).toISOString()),
  askForReview: ({ tenant }) => askForReview({ tenant, detail: "two movements", alarm: "duplicate_detected" }, flow),
  "askForReview of what was read": ({ tenant, attempts }) =>
    askForReview({ tenant, detail: "no last word", attempts }, flow),
  "resolve as succeeded": () =>
    resolve({ outcome: "succeeded", reason: "seen", providerTransactionId: "17" }, operator),
  "resolve as failed": () => resolve({ outcome: "failed", reason: "not seen" }, operator),
  "resolve as failed, owing": ({ id }) =>
    owing(id, resolve({ outcome: "failed", reason: "not seen" }, operator), operator),
  "decline, owing": ({ id }) => owing(id, transitions.decline(declined, 1, flow), flow),
  gaveBack: () => gaveBack("failed", flow),
  postpone: (read) => postpone(read, later(60_000).toISOString(), "due: flow started again", followUp),
  wait: (read) => wait(read, "txn_other", flow),
  dueNow: () => dueNow({ by: "api", at: later(5) }),
  stopSending: () => stopSending("could not be sent within 72 h", followUp),
};

const operator: Actor = { by: "key:key_1", at: later(9_000) };
const followUp: Actor = { by: "follow-up", at: later(5_000) };
const declined = { kind: "declined", code: "insufficient_funds", message: "No funds" } as const;
const canceled = { kind: "canceled", detail: "taken back" } as const;
const againAfter = (attempts: number) => ({
  attempts,
  attemptId: "attempt-next",
  nextActionAt: later(91_000).toISOString(),
});

export const notSent = { kind: "not-sent", reason: "unreachable", detail: "ECONNREFUSED" } as const;
