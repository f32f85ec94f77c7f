/** What is left of an original payment, and who holds what of it; and whose turn it is at an account. */
import type { Amount, Balance } from "../domain/money.ts";

/** What a try to hold came to. Holding again what is held already is fine: the flow may run twice. */
export type HoldResult =
  | { readonly kind: "held" }
  /** Nothing is known of the original yet: learn it first. */
  | { readonly kind: "not-learned" }
  /** It does not fit. */
  | { readonly kind: "exceeds"; readonly remaining: number }
  /** This transaction held a part before and gave it back: it is over, and may not hold again. */
  | { readonly kind: "given-back" }
  | { readonly kind: "other-currency"; readonly currency: string };

export interface OriginalStore {
  /** What is left, or undefined where nothing was learned yet. */
  remaining(id: string): Promise<Balance | undefined>;
  /** Remembers what is left, unless something is remembered already: the record then knows better than any newcomer. */
  learn(id: string, remaining: Balance): Promise<void>;
  /** Takes the amount out of what is left, in one conditional write. */
  hold(id: string, transactionId: string, amount: Amount): Promise<HoldResult>;
  /** Gives back what the transaction holds, once. True for the call that did it. */
  release(id: string, transactionId: string): Promise<boolean>;
}

export interface TurnStore {
  /** Takes the turn, or keeps it. False while another transaction has it. */
  take(id: string, transactionId: string): Promise<boolean>;
  /** Gives the turn on, if the transaction has it. */
  pass(id: string, transactionId: string): Promise<void>;
}

/** An original is the connection's: two tenants that share one share what is left. */
export function originalId(connection: string, providerOriginal: string): string {
  return `original#${connection}#${providerOriginal}`;
}

export function turnId(connection: string, account: Readonly<Record<string, string | undefined>>): string {
  const { accountNumber = "", walletId = "", currency = "" } = account;
  return `turn#${connection}#${accountNumber || `${walletId}#${currency}`}`;
}
