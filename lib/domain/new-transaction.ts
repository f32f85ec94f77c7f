/** A transaction as it begins. */
import { flowGraceMs } from "./due-times.ts";
import type { Amount } from "./money.ts";
import { type FailureCode, failureMessages } from "./outcome.ts";
import type { Split } from "./splits.ts";
import type { Kind, Recipient, RefundAccount, Transaction } from "./transaction.ts";
import type { Actor } from "./transition.ts";

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
  /** The batch or run that it belongs to, and its row there, counted from 1. */
  readonly batch?: string;
  readonly batchRow?: number;
  readonly accruals?: { readonly payout: string; readonly count: number };
  readonly fingerprint: string;
}

/** A transaction that ends where it begins: what is known already stands against it. The key stands for this refusal from now on. */
export function refuse(request: NewTransaction, code: FailureCode, actor: Actor): Transaction {
  const { nextActionAt: _never, ...begun } = begin(request, actor);
  return {
    ...begun,
    status: "failed",
    failure: { code, message: failureMessages[code] },
    log: [{ at: actor.at.toISOString(), status: "failed", by: actor.by, detail: `${code}, nothing was sent` }],
  };
}

/** Whether it was refused at once. */
export function isRefused({ status, log }: Transaction): boolean {
  return status === "failed" && log[0]?.status === "failed";
}

/** A transaction as it begins: accepted, nothing sent, and due when the flow should be through. */
export function begin(request: NewTransaction, actor: Actor): Transaction {
  return begun(request, new Date(actor.at.getTime() + flowGraceMs), actor);
}

/** A transaction that nobody starts by hand: it is due when its turn comes, and follow-up starts it then. */
export function beginLater(request: NewTransaction, notBefore: Date, actor: Actor): Transaction {
  return { ...begun(request, notBefore, actor), notBefore: notBefore.toISOString() };
}

/** A transaction that was called off before it was made: whoever would still make it finds it over. */
export function beginCanceled(request: NewTransaction, actor: Actor): Transaction {
  const { nextActionAt: _never, ...made } = begun(request, actor.at, actor);
  return {
    ...made,
    status: "canceled",
    log: [{ at: actor.at.toISOString(), status: "canceled", by: actor.by, detail: "nothing was sent" }],
  };
}

function begun({ splits, ...rest }: NewTransaction, nextActionAt: Date, { by, at }: Actor): Transaction {
  return {
    ...rest,
    ...(splits && { splits: [...splits] }),
    status: "pending",
    attempts: 0,
    createdAt: at.toISOString(),
    nextActionAt: nextActionAt.toISOString(),
    log: [{ at: at.toISOString(), status: "pending", by }],
  };
}
