/** The headers that calls and answers carry. */
import { transactionId } from "./examples/answers.ts";
import type { Json } from "./field-texts.ts";

interface Header {
  readonly name: string;
  readonly description: string;
  readonly schema: Json;
  /** On a request: the call is refused without it. On an answer: it is always there. */
  readonly required: boolean;
  /** On a request: an example call sends it. */
  readonly example?: string;
}

const text = { type: "string" };

export const requestHeaders = {
  idempotencyKey: {
    name: "Idempotency-Key",
    description:
      "A new one for each new wish, the same one to repeat it: the same key and request give the same result, with `Idempotent-Replayed: true`; the same key with another request is refused. Keys count per tenant and operation.",
    schema: { type: "string", minLength: 1, maxLength: 255, pattern: "^[\\x20-\\x7e]+$" },
    required: true,
    example: "order-17",
  },
  prefer: {
    name: "Prefer",
    description:
      "`wait=N` (seconds, at most 25): answer when the outcome is known, if that is in time. Without it the answer comes at once, and `Location` says where to look.",
    schema: { type: "string", pattern: "wait\\s*=" },
    required: false,
    example: "wait=10",
  },
  ifNoneMatch: {
    name: "If-None-Match",
    description: "The `ETag` of an earlier answer: if it is still the same, the answer is 304 and has no body.",
    schema: text,
    required: false,
  },
} as const satisfies Record<string, Header>;

export type RequestHeader = keyof typeof requestHeaders;

export const responseHeaders = {
  requestId: {
    name: "X-Request-Id",
    description: "Names the call in the service's log.",
    schema: text,
    required: true,
    example: "JKJaXmPLvHcESHA=",
  },
  location: {
    name: "Location",
    description: "Where it can be read: the transaction, the accrual, the batch.",
    schema: text,
    required: true,
    example: `/v1/transactions/${transactionId}`,
  },
  replayed: {
    name: "Idempotent-Replayed",
    description: "The key was used before for the same request, and this is what came of it.",
    schema: { type: "string", const: "true" },
    required: false,
    example: "true",
  },
  preferenceApplied: {
    name: "Preference-Applied",
    description: "How long was waited at most.",
    schema: { type: "string", pattern: "^wait=[0-9]+$" },
    required: false,
    example: "wait=10",
  },
  retryAfter: {
    name: "Retry-After",
    description: "In how many seconds it makes sense to try again.",
    schema: { type: "string", pattern: "^[0-9]+$" },
    required: true,
    example: "5",
  },
  authenticate: {
    name: "WWW-Authenticate",
    description: "What is missing.",
    schema: { type: "string", const: "Bearer" },
    required: false,
    example: "Bearer",
  },
  etag: {
    name: "ETag",
    description: "Names this version.",
    schema: text,
    required: true,
    example: '"3q2-7wAAAAA"',
  },
} as const satisfies Record<string, Header>;

export type ResponseHeader = keyof typeof responseHeaders;
