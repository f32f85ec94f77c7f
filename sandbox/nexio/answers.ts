/** Nexio's answers: records as plain JSON, failures as `{error, message}`, and the Basic credentials that every call needs. */

import { toDecimal } from "../decimals.ts";
import { jsonNumber } from "../json.ts";
import type { Amount } from "../movement.ts";
import type { Answer, Call, World } from "../provider.ts";

export const USERNAME = "user_0123456789abcdef0123456789abcdef";
export const API_KEY = "apiKey_sandbox";

export const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8" },
  body: JSON.stringify(value),
});

/** `error` codes that are documented; 400 for a body that is wrong is inferred. */
export const errors = {
  invalid: 400,
  notFound: 404,
  gatewayTimeout: 408,
  unsupported: 418,
  declined: 435,
} as const;

/** Failures come as HTTP 400, except "not found" (contract, section 8). */
export const failure = (
  error: number,
  message: string,
  status: number = error === errors.notFound ? 404 : 400,
): Answer => json(status, { error, message });

/** Bodies of 401 and 403 are not documented. */
export const unauthorized = ({ switchValue }: World): Answer => {
  const status = Number(switchValue("auth-failure"));
  return failure(status, status === 401 ? "Unauthorized" : "Forbidden", status);
};

/** Lets a call through to its handler only with the credentials of the sandbox's API user. */
export const guard =
  (world: World, handle: (world: World, call: Call) => Answer) =>
  (call: Call): Answer => {
    const credentials = /^Basic +(\S+)$/i.exec(call.headers.authorization ?? "")?.[1] ?? "";
    if (Buffer.from(credentials, "base64").toString() !== `${USERNAME}:${API_KEY}`) return unauthorized(world);
    return handle(world, call);
  };

/** An amount as a JSON serializer writes a number: 14.83, 100, 0.5. */
export const amountNumber = ({ value, currency }: Amount): object => {
  const digits = toDecimal(value, currency);
  return jsonNumber(digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits);
};
