/** What is left of an original payment, and who holds what of it; and names that one transaction at a time may have. */
import type { Amount, Balance } from "../domain/money.ts";

/** What a try to hold came to. Holding again what is held already is fine: the flow may run twice. */
export type HoldResult =
  | { readonly kind: "held" }
  /** Nothing is known of the original yet: learn it first. */
  | { readonly kind: "not-learned" }
  /** It does not fit. */
  | { readonly kind: "exceeds" }
  /** This transaction is over, and may not hold (again). */
  | { readonly kind: "given-back" }
  | { readonly kind: "other-currency" };

/**
 * Whose word a figure is: the provider's own, our record of a payment that we moved, or the caller's, which counts only
 * where there is no other.
 */
export type Source = "provider" | "own" | "caller";

export interface Figure extends Balance {
  readonly source: Source;
}

/** What is left. While nothing of it is held or returned, nobody has relied on the figure, and it may be learned anew. */
export interface Remaining extends Figure {
  readonly isTouched: boolean;
}

export interface OriginalStore {
  /** What is left, or undefined where nothing was learned yet. */
  remaining(id: string): Promise<Remaining | undefined>;
  /**
   * Remembers what is left, unless something is remembered already: the record then knows better than any newcomer. Answers
   * with what is remembered now.
   */
  learn(id: string, remaining: Figure): Promise<Remaining>;
  /** Replaces a figure that nobody has relied on yet. */
  relearn(id: string, seen: Balance, remaining: Figure): Promise<void>;
  /** Takes the amount out of what is left, in one conditional write. */
  hold(id: string, transactionId: string, amount: Amount): Promise<HoldResult>;
  /**
   * Gives back what the transaction holds, once. One that held nothing is remembered as over, so that a late execution
   * of its flow cannot hold what nobody would give back. True for the call that gave back.
   */
  release(id: string, transactionId: string): Promise<boolean>;
}

/** Names that one transaction at a time may have: the turn at an account, a movement at a provider. */
export interface NameStore {
  /** Takes the name, or keeps it; else tells who has it. */
  take(name: string, transactionId: string): Promise<{ taken: true } | { taken: false; holder: string }>;
  /** Who has the name, if anybody. */
  holder(name: string): Promise<string | undefined>;
  /** Gives the name on, if the transaction has it. */
  pass(name: string, transactionId: string): Promise<void>;
}

/** An original is the connection's: two tenants that share one share what is left. */
export function originalId(connection: string, providerOriginal: string): string {
  return `original#${connection}#${providerOriginal}`;
}

/** The turn at what only one order may be in flight for. */
export function turnName(connection: string, exclusive: string): string {
  return `turn#${connection}#${exclusive}`;
}

/** A movement at a provider: it is the outcome of one transaction only. */
export function movementName(connection: string, providerTransactionId: string): string {
  return `moved#${connection}#${providerTransactionId}`;
}
