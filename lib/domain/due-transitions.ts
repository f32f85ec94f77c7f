/** What waiting changes: when a transaction is looked at again, and what it still has to give back. */
import { entry, foldOf, followedUpDetail } from "./log-entry.ts";
import type { Transaction } from "./transaction.ts";
import type { Actor, Transition } from "./transition.ts";

/** Moves the time of the next action on, and says why. Only one of two dispatchers that saw the same time gets to do it. */
export function postpone(transaction: Transaction, nextActionAt: string, why: string, actor: Actor): Transition {
  // What ended or went to an operator since the index was read is not processing, so this never holds for it.
  const status = transaction.status === "pending" ? "pending" : "processing";
  const line = entry(status, actor, why);
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
    // Where it stands already, unless it waited for its turn until now.
    dueFor: { followUpOf: transaction.id },
    entry: line,
    ...foldOf(transaction, line),
  };
}

/**
 * Ends the waiting for its turn, which is `at`: from here it is followed up like any other. Its deadline counts from then, however
 * many others were before it.
 */
export function takeTurn(transaction: Transaction, at: Date, nextActionAt: string, actor: Actor): Transition {
  const postponed = postpone(transaction, nextActionAt, followedUpDetail, actor);
  return { ...postponed, set: { ...postponed.set, notBefore: at.toISOString() } };
}

/** Notes that another order must be over first. */
export function wait(transaction: Transaction, holder: string, actor: Actor): Transition {
  const status = transaction.status === "pending" ? "pending" : "processing";
  const line = entry(status, actor, `waits: ${holder} is in flight at the same account`);
  return {
    expect: [{ status, logLength: transaction.log.length }],
    set: {},
    remove: [],
    goesOn: true,
    entry: line,
    ...foldOf(transaction, line),
  };
}

/** Makes a transaction due at once whose flow did not start. */
export function dueNow(actor: Actor): Transition {
  return {
    expect: [{ status: "pending" }],
    set: { nextActionAt: actor.at.toISOString() },
    remove: [],
    entry: entry("pending", actor, "flow not started: due now"),
  };
}

/**
 * Ends the waiting of a transaction of which nothing was ever sent: from here an operator may be asked. It is as before, but for
 * its name: processing, with an attempt that surely sent nothing.
 */
export function stopSending(detail: string, actor: Actor): Transition {
  return {
    expect: [{ status: "pending" }],
    set: { status: "processing", attempt: "not-sent" },
    remove: [],
    entry: entry("processing", actor, detail),
  };
}

/** The same end, with something to give back first: it stays due, for follow-up, until `gaveBack`. */
export function owing(id: string, end: Transition, actor: Actor): Transition {
  return {
    ...end,
    set: { ...end.set, owed: true, nextActionAt: actor.at.toISOString() },
    remove: end.remove.filter((name) => name !== "nextActionAt"),
    dueFor: { followUpOf: id },
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
