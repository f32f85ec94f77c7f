/** What operators change, and what is handed to them. */
import { entry, shortened } from "./log-entry.ts";
import { failureMessages } from "./outcome.ts";
import type { Transaction } from "./transaction.ts";
import type { Actor, Transition } from "./transition.ts";

/** Why an operator must look at a transaction. */
export interface Review {
  /** Whose operator. */
  readonly tenant: string;
  readonly detail: string;
  readonly alarm?: NonNullable<Transaction["alarm"]>;
  /** The attempts that were looked at. Refused where another one has been claimed since: its outcome is on the way. */
  readonly attempts?: number;
}

/** Hands a transaction to an operator: the provider contradicts what we asked for, or cannot tell, and no safe step is left. */
export function askForReview({ tenant, detail, alarm, attempts }: Review, actor: Actor): Transition {
  const seen = attempts === undefined ? {} : { attempts };
  return {
    expect: [
      { status: "processing", attempt: "open", ...seen },
      { status: "processing", attempt: "not-sent", ...seen },
    ],
    set: { status: "needs_review", nextActionAt: actor.at.toISOString(), ...(alarm && { alarm }) },
    remove: ["attempt"],
    dueFor: { operatorOf: tenant },
    entry: entry("needs_review", actor, detail),
  };
}

/** What an operator found out, and how. */
export interface Resolution {
  readonly outcome: "succeeded" | "failed";
  readonly reason: string;
  readonly providerTransactionId?: string;
}

/** An operator's word where the provider could not tell. */
export function resolve({ outcome, reason, providerTransactionId }: Resolution, actor: Actor): Transition {
  const failure = { code: "resolved_as_failed", message: failureMessages.resolved_as_failed } as const;
  return {
    expect: [{ status: "needs_review" }],
    set: {
      status: outcome,
      resolution: { reason, by: actor.by, at: actor.at.toISOString() },
      ...(outcome === "failed" && { failure }),
      ...(providerTransactionId !== undefined && { providerTransactionId }),
    },
    remove: ["attempt", "nextActionAt", "snapshot"],
    entry: entry(outcome, actor, `resolved: ${shortened(reason)}`),
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
