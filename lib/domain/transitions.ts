/**
 * Every change a transaction can go through, as data. A store carries one out as one conditional write, so state and log
 * change together or not at all.
 */
import { claimedDetail, entry, foldOf, shortened } from "./log-entry.ts";
import type { Amount } from "./money.ts";
import {
  type Accepted,
  type Canceled,
  type Declined,
  type FailureCode,
  failureMessages,
  type NotSent,
  type Settled,
  type Unknown,
} from "./outcome.ts";
import type { Share } from "./splits.ts";
import type { Transaction } from "./transaction.ts";
import type { Actor, Transition } from "./transition.ts";

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
    entry: entry(status, actor, "nothing is held any more"),
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

/** Notes that another order must be over first. */
export function wait(transaction: Transaction, holder: string, actor: Actor): Transition {
  const status = transaction.status === "pending" ? "pending" : "processing";
  const line = entry(status, actor, `waits: ${holder} is in flight at the same account`);
  return {
    expect: [{ status, logLength: transaction.log.length }],
    set: {},
    remove: [],
    entry: line,
    ...foldOf(transaction, line),
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
