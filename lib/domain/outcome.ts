/** What a provider's answer tells us about money: a value with five cases, never an exception. */

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

/** Surely nothing happened: the connection was refused, or the provider answered before processing. */
export interface NotSent {
  readonly kind: "not-sent";
  readonly reason: "unreachable" | "rate-limited" | "session-rejected";
  readonly detail: string;
}

/** Money may have moved. Only a lookup may go on from here. */
export interface Unknown {
  readonly kind: "unknown";
  readonly detail: string;
}

export type Outcome = Settled | Accepted | Declined | NotSent | Unknown;

/** Why a transaction failed, in words a caller may act on. */
export const failureMessages = {
  insufficient_funds: "The payer's balance does not cover the amount.",
  recipient_not_found: "The provider does not know this recipient.",
  account_not_found: "The provider does not know this account.",
  provider_rejected_request: "The provider refused the request as invalid.",
  provider_declined: "The provider declined.",
  credentials_rejected: "The provider refuses the connection's credentials.",
} as const;

export type FailureCode = keyof typeof failureMessages;

export const failureCodes = Object.keys(failureMessages) as readonly FailureCode[];

/** What a lookup by our reference found. */
export type Finding =
  | { readonly kind: "found"; readonly outcome: Settled | Accepted | Declined | Unknown }
  | { readonly kind: "nothing" }
  /** More than one movement carries our reference, or the one found is not ours by amount, currency or party. */
  | { readonly kind: "contradiction"; readonly detail: string };

/** What a call that only reads came to. Reading may always be repeated. */
export type Reading<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "refused"; readonly code: FailureCode; readonly message: string; readonly providerCode?: string }
  | { readonly kind: "session-rejected"; readonly detail: string }
  | { readonly kind: "unavailable"; readonly detail: string };
