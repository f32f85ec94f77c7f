/** Errors: the one class whose text a caller may see, and the ones that the flow matches by name. */

/** Problem codes and their HTTP status, as design and OpenAPI name them. */
export const problems = {
  idempotency_key_missing: { status: 400, title: "Idempotency key missing" },
  validation_failed: { status: 400, title: "Validation failed" },
  unknown_connection: { status: 400, title: "Unknown connection" },
  unsupported_operation: { status: 400, title: "Unsupported operation" },
  unauthorized: { status: 401, title: "Unauthorized" },
  forbidden: { status: 403, title: "Forbidden" },
  not_found: { status: 404, title: "Not found" },
  refund_exceeds_remaining: { status: 409, title: "Refund exceeds what remains" },
  not_cancelable: { status: 409, title: "Not cancelable" },
  not_resolvable: { status: 409, title: "Not resolvable" },
  batch_closed: { status: 409, title: "Batch closed" },
  webhook_endpoint_disabled: { status: 409, title: "Webhook endpoint disabled" },
  webhook_endpoints_exhausted: { status: 409, title: "Too many webhook endpoints" },
  payload_too_large: { status: 413, title: "Payload too large" },
  idempotency_key_reused: { status: 422, title: "Idempotency key reused" },
  rate_limited: { status: 429, title: "Rate limited" },
  internal: { status: 500, title: "Internal error" },
  provider_refused: { status: 502, title: "The provider refused" },
  provider_unavailable: { status: 503, title: "The provider cannot be reached" },
} as const;

export type ProblemCode = keyof typeof problems;

/** A wrong field and what would be right. */
export interface FieldError {
  /** Of a batch, counted from 1 within the call. */
  readonly row?: number;
  readonly path: string;
  readonly message: string;
}

/** The only error whose message reaches a caller. Everything else is answered with a fixed text. */
export class VisibleError extends Error {
  override readonly name = "VisibleError";
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    options: { errors?: readonly FieldError[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
  }
}

/** A call that only reads did not get through. The flow tries it again. */
export class ProviderUnavailableError extends Error {
  override readonly name = "ProviderUnavailableError";
}

/** The money-moving call surely did nothing. The flow may make it again. */
export class NotSentError extends Error {
  override readonly name = "NotSentError";
}

/**
 * The provider no longer takes the session. The message is the time it was issued, so that it is renewed only if nobody
 * has renewed it since; the token itself never leaves the function.
 */
export class SessionRejectedError extends Error {
  override readonly name = "SessionRejectedError";
}

/** The provider refuses the credentials, or a session that was made with them a moment ago. Trying again is no use. */
export class CredentialsRejectedError extends Error {
  override readonly name = "CredentialsRejectedError";
}

/** The database did not answer or is throttling. Reading again is safe, and so is a conditional write. */
export class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";
}
