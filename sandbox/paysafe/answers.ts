/** Paysafe's answers: JSON, and its two families of error bodies with their codes' official texts (contract, section 8). */

import type { Answer, World } from "../provider.ts";

/** HTTP status and text of each code, from the API Blueprint's error summary. */
const ERRORS = {
  "1000": [500, "An internal error occurred."],
  "1001": [502, "An error occurred with the external processing gateway."],
  "1002": [500, "An internal error occurred."],
  "1003": [500, "An internal error occurred."],
  "1007": [500, "An internal error occurred."],
  "1008": [500, "An internal error occurred."],
  "1200": [429, "The API call has been denied as it has exceeded the permissible call rate limit."],
  "3402": [402, "The requested Refund amount exceeds the remaining Settlement amount."],
  "3403": [402, "You have already processed the maximum number of refunds allowed for this Settlement."],
  "3404": [402, "The Settlement has already been fully refunded."],
  "3405": [402, "The Settlement you are attempting to Refund has expired."],
  "3406": [
    402,
    "The settlement you are attempting to refund has not been batched yet. There are no settled funds available to refund.",
  ],
  "3407": [400, "The Settlement referred to by the transaction response ID you provided cannot be found."],
  "3408": [400, "You have submitted an invalidly formatted response ID for the original Purchase or Settlement."],
  "3412": [
    402,
    "The Refund transaction you attempted was not permitted because your merchant account is in overdraft.",
  ],
  "3414": [400, "The Refund referred to by the transaction response ID you provided cannot be found."],
  "3415": [402, "You cannot cancel this transaction as it is no longer in a pending state."],
  "5003": [400, "You submitted an invalid amount with your request."],
  "5023": [400, "The request is not parseable."],
  "5031": [409, "The transaction you have submitted has already been processed."],
  "5040": [401, "Your merchant account is not configured for the transaction you attempted."],
  "5042": [400, "The merchant reference number is missing or invalid or it exceeds the maximum permissible length."],
  "5068": [
    400,
    "Either you submitted a request that is missing a mandatory field or the value of a field does not match the format expected.",
  ],
  "5269": [404, "The ID(s) specified in the URL do not correspond to the values in the system."],
  "5270": [403, "The credentials provided with the request do not have permission to access the requested data."],
  "5271": [406, "You requested a response in the 'Accept' header that is in an unsupported format."],
  "5272": [406, "The 'Content-Type' you specified in request header was submitted in an unsupported format."],
  "5273": [
    404,
    "Your client reached our application but we were unable to service your request due to an invalid URL.",
  ],
  "5275": [401, "The authentication credentials provided with the request have expired."],
  "5279": [401, "The authentication credentials are invalid."],
  "5280": [401, "The required authentication credentials were not provided."],
  "5281": [405, "The request uses an action (e.g., GET, POST, or PUT) that is not supported by the resource."],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

export type ErrorCode = keyof typeof ERRORS;

export interface FieldError {
  readonly field: string;
  readonly error: string;
}

export const ok = (value: unknown): Answer => json(200, value);

/** Refused before anything was stored: the error alone. */
export const failure = (world: World, code: ErrorCode, fieldErrors: readonly FieldError[] = []): Answer =>
  refusal(world, code, (error) => ({ error }), fieldErrors);

/** The same with something around the error: a refused refund that was stored. */
export const refusal = (
  { switchValue }: World,
  code: ErrorCode,
  around: (error: object) => object,
  fieldErrors: readonly FieldError[] = [],
): Answer => {
  const headers = switchValue("status-code-header") === "on" ? { "x-application-status-code": code } : {};
  return json(ERRORS[code][0], around(errorOf(code, fieldErrors)), headers);
};

/** The `error` member. */
export const errorOf = (code: ErrorCode, fieldErrors: readonly FieldError[] = []): object => ({
  code,
  message: ERRORS[code][1],
  ...(fieldErrors.length > 0 ? { fieldErrors } : {}),
  links: [
    {
      rel: "errorinfo",
      href: `https://developer.paysafe.com/en/rest-api/cards/test-and-go-live/card-errors/#ErrorCode${code}`,
    },
  ],
});

const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { ...headers, "content-type": "application/json" },
  body: JSON.stringify(value),
});
