/** What each problem code means, and what a caller can do about it. */
import type { FieldError, ProblemCode } from "../lib/domain/errors.ts";

interface ProblemText {
  readonly when: string;
  /** What `detail` may say. */
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

export const problemTexts: Readonly<Record<ProblemCode, ProblemText>> = {
  idempotency_key_missing: {
    when: "The call changes something and carries no Idempotency-Key.",
    detail: "Send an Idempotency-Key header: 1 to 255 printable ASCII characters, a new one for each new wish.",
  },
  validation_failed: {
    when: "Something in the request is wrong: `errors` names every wrong field and what would be right; of a batch also the row.",
    detail: "The request is not valid: see amount.value, reference.",
    errors: [
      {
        path: "amount.value",
        message: "must be a whole number of minor units from 1 to 1000000000000 (19.99 USD is 1999)",
      },
      { path: "reference", message: "is not a known field" },
    ],
  },
  unknown_connection: {
    when: "There is no such connection, or this tenant may not use it.",
    detail: 'There is no connection "other".',
  },
  unsupported_operation: {
    when: "The connection's provider does not do this.",
    detail: 'The connection "main" takes no refunds.',
  },
  unauthorized: {
    when: "The API key is missing, unknown or expired. From a provider: its signature is not valid.",
    detail: "A valid API key is required: Authorization: Bearer mbk_…",
  },
  forbidden: {
    when: "The API key lacks the scope that the call needs.",
    detail: "This API key lacks the scope transactions:write.",
  },
  not_found: {
    when: "There is no such thing, or it is another tenant's.",
    detail: 'There is no transaction "txn_bmykmwf7sqt8w9gr0c4fr0g4k5".',
  },
  refund_exceeds_remaining: {
    when: "Less is left of the original than the refund asks for. The key stays refused: ask again with a new one.",
    detail: "Of this original 2225 USD (minor units) are left to refund.",
  },
  not_cancelable: {
    when: "It is over, or on its way and the provider takes nothing back.",
    detail: "This transaction cannot be canceled. It is succeeded.",
  },
  not_resolvable: {
    when: "Nobody asks an operator about it: it is not in `needs_review`.",
    detail: "This transaction cannot be resolved. It is succeeded, not needs_review.",
  },
  batch_closed: {
    when: "The batch is canceled and takes nothing any more, or was retried as often as it may be: make another one.",
    detail: "This batch is canceled: make another one.",
  },
  webhook_endpoint_disabled: {
    when: "Nothing is sent to an endpoint that is disabled: enable it first.",
    detail: "The webhook endpoint is disabled: enable it first.",
  },
  webhook_endpoints_exhausted: {
    when: "There are as many webhook endpoints as there may be.",
    detail: "There are 20 webhook endpoints, which is as many as there may be. Delete one first.",
  },
  payload_too_large: {
    when: "The body is larger than this call takes.",
    detail: "The body has 1200000 bytes; at most 1048576 are taken.",
  },
  idempotency_key_reused: {
    when: "The Idempotency-Key was used before, for another request.",
    detail:
      "This Idempotency-Key was used for another request. Use a new key for a new wish, and the same key to repeat one.",
  },
  rate_limited: {
    when: "Too often; `Retry-After` says when it may be tried again.",
    detail: "5 secrets sign already: each goes on for a day after its rotation.",
  },
  internal: {
    when: "Something went wrong on our side. Nothing is lost: repeat the call with the same Idempotency-Key.",
    detail:
      "Something went wrong on our side. Nothing is lost: repeat the call with the same Idempotency-Key, or quote the requestId.",
  },
  provider_refused: {
    when: "The provider refused, for a reason that is neither the caller's nor ours to mend here.",
    detail: "The provider refuses the connection's credentials.",
  },
  provider_unavailable: {
    when: "The provider does not answer, or not clearly. Try again after `Retry-After`.",
    detail: "The provider does not answer (timeout). Try again.",
  },
};
