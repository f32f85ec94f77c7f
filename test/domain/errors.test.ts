/** Errors: what a caller may see, and the names that the flow matches. */
import { describe, expect, test } from "vitest";
import {
  CredentialsRejectedError,
  NotSentError,
  ProviderUnavailableError,
  problems,
  SessionRejectedError,
  StoreUnavailableError,
  VisibleError,
} from "../../lib/domain/errors.ts";

describe("a visible error", () => {
  test.each([
    ["idempotency_key_missing", 400],
    ["validation_failed", 400],
    ["unknown_connection", 400],
    ["unsupported_operation", 400],
    ["unauthorized", 401],
    ["forbidden", 403],
    ["not_found", 404],
    ["payload_too_large", 413],
    ["idempotency_key_reused", 422],
    ["rate_limited", 429],
    ["internal", 500],
  ] as const)("%s is answered with status %d, as the design says", (code, status) => {
    expect(problems[code].status).toBe(status);
  });

  test("carries what is wrong and keeps its cause", () => {
    const cause = new Error("inside");
    const error = new VisibleError("validation_failed", "Two fields are wrong.", {
      errors: [{ path: "amount.value", message: "is required" }],
      headers: { "retry-after": "1" },
      cause,
    });
    expect(error).toBeInstanceOf(Error);
    expect([error.code, error.message, error.cause]).toStrictEqual([
      "validation_failed",
      "Two fields are wrong.",
      cause,
    ]);
    expect(error.errors).toStrictEqual([{ path: "amount.value", message: "is required" }]);
    expect(error.headers).toStrictEqual({ "retry-after": "1" });
  });

  test("has no errors and no headers unless they are given", () => {
    const error = new VisibleError("not_found", "There is no such transaction.");
    expect([error.errors, error.headers]).toStrictEqual([[], {}]);
  });
});

test.each([
  ["VisibleError", new VisibleError("internal", "?")],
  ["ProviderUnavailableError", new ProviderUnavailableError("?")],
  ["NotSentError", new NotSentError("?")],
  ["SessionRejectedError", new SessionRejectedError("?")],
  ["CredentialsRejectedError", new CredentialsRejectedError("?")],
  ["StoreUnavailableError", new StoreUnavailableError("?")],
])("%s keeps its name when the code is minified", (name, error) => {
  // The name is a literal of the instance, not read from the class, which a bundler renames.
  expect(Object.getOwnPropertyDescriptor(error, "name")?.value).toBe(name);
});
