/**
 * What an attempt and its outcome change, as data. A store carries each out as one conditional write, so state and log
 * change together or not at all. What waiting and operators change stands in due-transitions.ts and operator-transitions.ts.
 */
import { claimedAgainDetail, claimedDetail, entry, foldOf, notSentDetail, shortened } from "./log-entry.ts";
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
 * attempt open and must look up instead. After an attempt that surely sent nothing the next one may be claimed. `id` is the
 * transaction's own.
 */
export function claimAttempt(
  actor: Actor,
  { id, ...claim }: { id?: string; attemptId?: string; snapshot?: string } = {},
): Transition {
  return {
    expect: [{ status: "pending" }, { status: "processing", attempt: "not-sent" }],
    set: { status: "processing", attempt: "open", ...claim },
    remove: [],
    // Somebody may have started it before its turn: nothing that may be in doubt stands in that line.
    ...(id !== undefined && { dueFor: { followUpOf: id } }),
    attempts: "increment",
    goesOn: true,
    entry: entry("processing", actor, claimedDetail),
  };
}

/**
 * Claims one more attempt although the last one is in doubt: only for a provider that rejects what it has seen, and after a
 * lookup that found nothing of exactly that attempt. It is due again when its flow should be through.
 */
export function claimAgain(
  actor: Actor,
  claim: { attempts: number; attemptId: string; nextActionAt: string },
): Transition {
  const { attempts, attemptId, nextActionAt } = claim;
  return {
    expect: [{ status: "processing", attempt: "open", attempts }],
    set: { attemptId, nextActionAt },
    remove: [],
    attempts: "increment",
    goesOn: true,
    entry: entry("processing", actor, claimedAgainDetail),
  };
}

/** Records that the claimed attempt surely sent nothing. Refused where that attempt is no longer the open one. */
export function recordNotSent(
  outcome: NotSent,
  attempts: number,
  actor: Actor,
  log: Transaction["log"] = [],
): Transition {
  const line = entry("processing", actor, notSentDetail(outcome));
  const before = log.findLastIndex(({ by, detail }) => by === line.by && detail === line.detail);
  return {
    expect: [{ status: "processing", attempt: "open", attempts }],
    set: { attempt: "not-sent" },
    remove: [],
    goesOn: true,
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

/** The provider's own word that no money moves by this attempt. Refused where another one has been claimed since. */
export function decline(outcome: Declined, attempts: number, actor: Actor): Transition {
  return {
    expect: [{ status: "processing", attempt: "open", attempts }],
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

/** The provider's own word that the order was taken back. Refused where another attempt has been claimed since. */
export function cancelAtProvider(outcome: Canceled, attempts: number, actor: Actor): Transition {
  return {
    expect: [{ status: "processing", attempt: "open", attempts }],
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
    goesOn: true,
    entry: entry("pending", actor, `the rest is ${amount.value} ${amount.currency}`),
  };
}
