/** A transaction as it begins. */
import { flowGraceMs } from "./due-times.ts";
import type { Amount } from "./money.ts";
import type { Split } from "./splits.ts";
import type { Kind, Recipient, RefundAccount, Transaction } from "./transaction.ts";

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
