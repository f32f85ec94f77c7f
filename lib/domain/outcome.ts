/** What a provider's answer tells us about money: a value, never an exception. */

/** The provider said in so many words that the money moved. */
export interface Settled {
  readonly kind: "settled";
  readonly providerTransactionId?: string;
  readonly detail: string;
}

/** The provider took the order and has not said its last word. */
export interface Accepted {
  readonly kind: "accepted";
  readonly providerTransactionId?: string;
  readonly detail: string;
}

/** The provider said in so many words that no money moves. */
export interface Declined {
  readonly kind: "declined";
  readonly code: FailureCode;
  readonly message: string;
  /** The provider's own code, as it stood on the wire. */
  readonly providerCode?: string;
}

/** The provider said in so many words that the order was taken back before it was carried out. */
export interface Canceled {
  readonly kind: "canceled";
  readonly detail: string;
}

/** Surely nothing happened: the connection was refused, or the provider answered before processing. */
export interface NotSent {
  readonly kind: "not-sent";
  readonly reason: "unreachable" | "rate-limited" | "busy" | "session-rejected";
  readonly detail: string;
}

/** Money may have moved. Only a lookup may go on from here. */
export interface Unknown {
  readonly kind: "unknown";
  readonly detail: string;
}

export function unknown(detail: string): Unknown {
  return { kind: "unknown", detail };
}

/** What a provider's record of an order says: everything but "not sent". */
export type Recorded = Settled | Accepted | Declined | Canceled | Unknown;

export type Outcome = Recorded | NotSent;

/** Why a transaction failed, in words a caller may act on. */
export const failureMessages = {
  insufficient_funds: "The payer's balance does not cover the amount.",
  recipient_not_found: "The provider does not know this recipient.",
  account_not_found: "The provider does not know this account.",
  provider_rejected_request: "The provider refused the request as invalid.",
  provider_declined: "The provider declined.",
  expired_at_provider: "The order expired at the provider before it was carried out.",
  original_not_found: "The provider does not know the original payment.",
  original_not_refundable: "The original payment cannot be refunded, or not yet.",
  original_unknown:
    "What is left of the original payment is known neither to the provider nor here: send originalAmount.",
  refund_exceeds_remaining: "The refund is larger than what is left of the original payment.",
  currency_mismatch: "The currency is not that of the account or the original payment.",
  split_rejected: "The provider refuses the split.",
  credentials_rejected: "The provider refuses the connection's credentials.",
  resolved_as_failed: "The provider could not tell; an operator found that no money moved.",
} as const;

export type FailureCode = keyof typeof failureMessages;

export const failureCodes = Object.keys(failureMessages) as readonly FailureCode[];

/** What a lookup by our reference found. */
export type Finding =
  | { readonly kind: "found"; readonly outcome: Recorded }
  | { readonly kind: "nothing" }
  /** More than one movement carries our reference: money may have moved twice. */
  | { readonly kind: "duplicate"; readonly detail: string }
  /**
   * What was found is not ours by amount, currency or party, or cannot be told from somebody else's. `candidates` are the
   * provider's ids of what it may be, where the provider keeps no reference of ours.
   */
  | { readonly kind: "contradiction"; readonly detail: string; readonly candidates?: readonly string[] };

/** What a call that only reads came to. Reading may always be repeated. */
export type Reading<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "refused"; readonly code: FailureCode; readonly message: string; readonly providerCode?: string }
  | { readonly kind: "session-rejected"; readonly detail: string }
  | { readonly kind: "unavailable"; readonly detail: string };
