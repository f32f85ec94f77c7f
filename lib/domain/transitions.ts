/**
 * Every change a transaction can go through, as data: what must hold before, what changes, what the log says.
 * A store carries one out as one conditional write, so state and log change together or not at all.
 */

import type { Amount } from "./money.ts";
import type { Accepted, Canceled, Declined, FailureCode, NotSent, Settled, Unknown } from "./outcome.ts";
import { failureMessages } from "./outcome.ts";
import type { Share, Split } from "./splits.ts";
import type { Kind, LogEntry, Recipient, RefundAccount, Status, Transaction } from "./transaction.ts";

/** Holds when every named member has this value. `logLength` makes a change valid for exactly the state that was read. */
export interface Expectation {
  readonly status: Status;
  readonly attempt?: "open" | "not-sent";
  readonly attempts?: number;
  readonly logLength?: number;
  /** The due time that was seen. */
  readonly nextActionAt?: string;
  /** True: the amount is not known yet. */
  readonly unpriced?: true;
  readonly owed?: true;
}

export interface Transition {
  /** One of these must hold, else nothing changes. */
  readonly expect: readonly Expectation[];
  readonly set: Partial<
    Pick<
      Transaction,
      | "status"
      | "attempt"
      | "attemptId"
      | "providerTransactionId"
      | "failure"
      | "nextActionAt"
      | "amount"
      | "splits"
      | "snapshot"
      | "owed"
    >
  >;
  readonly remove: readonly ("attempt" | "nextActionAt" | "snapshot" | "owed")[];
  /** The tenant whose operator must look at it from now on. */
  readonly reviewBy?: string;
  /** Counts one more attempt. */
  readonly attempts?: "increment";
  /** Appended to the log; or, with `fold`, the entry at this place learns that the same was found again. */
  readonly entry: LogEntry;
  readonly fold?: number;
}

/** Who acts, and when. */
export interface Actor {
  readonly by: string;
  readonly at: Date;
}

/**
 * How long a flow is left alone before the transaction counts as due: longer than a flow runs (its minute of lookups and
 * the time that providers take), so that follow-up and flow do not ask the same provider at the same time.
 */
export const flowGraceMs = 90_000;

/** The waits between follow-ups; the last one repeats. */
const followUpIntervalsMs = [10_000, 30_000, 120_000, 600_000, 3_600_000] as const;

/** When to follow up for the `n`th time, counted from 0. */
export function followUpAt(now: Date, n: number): string {
  const wait = followUpIntervalsMs[Math.min(n, followUpIntervalsMs.length - 1)] ?? 3_600_000;
  return new Date(now.getTime() + wait).toISOString();
}

export interface NewTransaction {
  readonly id: string;
  readonly tenant: string;
  readonly kind: Kind;
  readonly connection: string;
  readonly provider: string;
  readonly amount?: Amount;
  readonly recipient?: Recipient;
  readonly original?: string;
  readonly providerOriginal?: string;
  readonly originalAmount?: Amount;
  readonly splits?: readonly Split[];
  readonly account?: RefundAccount;
  readonly sender?: { readonly accountNumber: string; readonly walletNumber: string };
  readonly receiver?: { readonly walletNumber: string };
  readonly description?: string;
  readonly metadata?: Record<string, string>;
  readonly fingerprint: string;
}

/** A transaction as it begins: accepted, nothing sent, and due when the flow should be through. */
export function begin(request: NewTransaction, at: Date): Transaction {
  const { splits, ...rest } = request;
  return {
    ...rest,
    ...(splits && { splits: [...splits] }),
    status: "pending",
    attempts: 0,
    createdAt: at.toISOString(),
    nextActionAt: new Date(at.getTime() + flowGraceMs).toISOString(),
    log: [{ at: at.toISOString(), status: "pending", by: "api" }],
  };
}

/**
 * Claims the right to call the provider, before any byte is sent. Only one execution gets it: a second one finds the
 * attempt open and must look up instead. After an attempt that surely sent nothing the next one may be claimed.
 */
export function claimAttempt(actor: Actor, claim: { attemptId?: string; snapshot?: string } = {}): Transition {
  return {
    expect: [{ status: "pending" }, { status: "processing", attempt: "not-sent" }],
    set: { status: "processing", attempt: "open", ...claim },
    remove: [],
    attempts: "increment",
    entry: entry("processing", actor, claimedDetail),
  };
}

/** Records that the claimed attempt surely sent nothing. Refused where that attempt is no longer the open one. */
export function recordNotSent(
  outcome: NotSent,
  attempts: number,
  actor: Actor,
  log: Transaction["log"] = [],
): Transition {
  const line = entry("processing", actor, `not sent, ${outcome.reason}: ${outcome.detail}`);
  const before = log.findLastIndex(({ by, detail }) => by === line.by && detail === line.detail);
  return {
    expect: [{ status: "processing", attempt: "open", attempts }],
    set: { attempt: "not-sent" },
    remove: [],
    entry: line,
    // A provider that is down for a day is tried many times: the same refusal is counted, not listed.
    ...(before >= 0 && { fold: before }),
  };
}

/** The provider's own word that the money moved. */
export function succeed(outcome: Settled, actor: Actor): Transition {
  return {
    expect: [{ status: "processing", attempt: "open" }],
    set: {
      status: "succeeded",
      ...(outcome.providerTransactionId && { providerTransactionId: outcome.providerTransactionId }),
    },
    remove: ["attempt", "nextActionAt", "snapshot"],
    entry: entry("succeeded", actor, outcome.detail),
  };
}

/** The provider's own word that no money moves. */
export function decline(outcome: Declined, actor: Actor): Transition {
  return {
    expect: [{ status: "processing", attempt: "open" }],
    set: {
      status: "failed",
      failure: {
        code: outcome.code,
        message: shortened(outcome.message),
        ...(outcome.providerCode && { providerCode: outcome.providerCode }),
      },
    },
    remove: ["attempt", "nextActionAt", "snapshot"],
    entry: entry("failed", actor, outcome.message),
  };
}

/** The provider's own word that the order was taken back. */
export function cancelAtProvider(outcome: Canceled, actor: Actor): Transition {
  return {
    expect: [{ status: "processing", attempt: "open" }],
    set: { status: "canceled" },
    remove: ["attempt", "nextActionAt", "snapshot"],
    entry: entry("canceled", actor, outcome.detail),
  };
}

/** Ends a transaction of which surely nothing was sent. Refused while an attempt is open. */
export function failUnsent(code: FailureCode, actor: Actor): Transition {
  return {
    expect: [{ status: "pending" }, { status: "processing", attempt: "not-sent" }],
    set: { status: "failed", failure: { code, message: failureMessages[code] } },
    remove: ["attempt", "nextActionAt", "snapshot"],
    entry: entry("failed", actor, `${code}, nothing was sent`),
  };
}

/**
 * Notes an outcome that is still open, and when to act on it next. What was noted last time already is counted there
 * instead of written again, so that an item stays small however long a provider takes.
 */
export function note(
  transaction: Transaction,
  outcome: Accepted | Unknown,
  actor: Actor,
  nextActionAt?: string,
): Transition {
  const line = entry("processing", actor, `${outcome.kind}: ${outcome.detail}`);
  return {
    expect: [{ status: "processing", attempt: "open", logLength: transaction.log.length }],
    set: {
      ...(outcome.kind === "accepted" &&
        outcome.providerTransactionId && { providerTransactionId: outcome.providerTransactionId }),
      ...(nextActionAt && { nextActionAt }),
    },
    remove: [],
    entry: line,
    ...foldOf(transaction, line),
  };
}

/** Fixes what "the rest" is, once: a refund that is tried again must be of the same sum. */
export function price(amount: Amount, splits: readonly Share[] | undefined, actor: Actor): Transition {
  return {
    expect: [{ status: "pending", unpriced: true }],
    set: { amount, ...(splits && { splits: splits.map((share) => ({ ...share })) }) },
    remove: [],
    entry: entry("pending", actor, `the rest is ${amount.value} ${amount.currency}`),
  };
}

/** Takes back what was never sent. Refused once an attempt is open. */
export function cancelUnsent(actor: Actor): Transition {
  return {
    expect: [{ status: "pending" }, { status: "processing", attempt: "not-sent" }],
    set: { status: "canceled" },
    remove: ["attempt", "nextActionAt", "snapshot"],
    entry: entry("canceled", actor, "nothing was sent"),
  };
}

/** The same end, with something to give back first: it stays due until `gaveBack`. */
export function owing(end: Transition, actor: Actor): Transition {
  return {
    ...end,
    set: { ...end.set, owed: true, nextActionAt: actor.at.toISOString() },
    remove: end.remove.filter((name) => name !== "nextActionAt"),
  };
}

/** What an ended transaction held is given back; it is no longer due. */
export function gaveBack(status: "succeeded" | "failed" | "canceled", actor: Actor): Transition {
  return {
    expect: [{ status, owed: true }],
    set: {},
    remove: ["owed", "nextActionAt"],
    entry: entry(status, actor, "what it held is given back"),
  };
}

/** Hands the transaction to an operator: what the provider says contradicts what we asked for. */
export function askForReview(tenant: string, detail: string, actor: Actor): Transition {
  return {
    expect: [{ status: "processing", attempt: "open" }],
    set: { status: "needs_review", nextActionAt: actor.at.toISOString() },
    remove: ["attempt"],
    reviewBy: tenant,
    entry: entry("needs_review", actor, detail),
  };
}

/** Moves the time of the next action on. Only one of two dispatchers that saw the same time gets to do it. */
export function postpone(transaction: Transaction, nextActionAt: string, actor: Actor): Transition {
  // What ended or went to an operator since the index was read is not processing, so this never holds for it.
  const status = transaction.status === "pending" ? "pending" : "processing";
  const line = entry(status, actor, "due: flow started again");
  return {
    expect: [
      {
        status,
        logLength: transaction.log.length,
        // A folded entry does not lengthen the log; the time of the next action always changes.
        ...(transaction.nextActionAt && { nextActionAt: transaction.nextActionAt }),
      },
    ],
    set: { nextActionAt },
    remove: [],
    entry: line,
    ...foldOf(transaction, line),
  };
}

/**
 * Where the log says the same already, since the last attempt. Lookups and follow-ups alternate for days where a provider
 * takes its time; folded, they are a handful of lines with counts.
 */
function foldOf({ log }: Transaction, { status, by, detail }: LogEntry): { fold?: number } {
  const sinceAttempt = log.findLastIndex((line) => line.detail === claimedDetail);
  const place = log.findLastIndex((line) => line.status === status && line.by === by && line.detail === detail);
  return place > sinceAttempt ? { fold: place } : {};
}

function entry(status: Status, actor: Actor, detail: string): LogEntry {
  const shown = shortened(detail);
  return { at: actor.at.toISOString(), status, by: actor.by, ...(shown !== "" && { detail: shown }) };
}

const claimedDetail = "attempt claimed";

/** Cut to what a log line holds, and never within a character: a database takes no half ones. */
function shortened(text: string): string {
  return text.slice(0, detailLengthMax).toWellFormed();
}

/** A provider's message may be long; a log line says what it needs in this much. */
const detailLengthMax = 200;
