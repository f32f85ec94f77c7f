/** Facts about problem documents (RFC 9457). */
import { describe, expect, test } from "vitest";
import { type ProblemCode, VisibleError } from "../../lib/domain/errors.ts";
import { problemResponse } from "../../lib/lambda/problem.ts";

/** As design §5 has them. */
const statuses: Readonly<Record<ProblemCode, number>> = {
  idempotency_key_missing: 400,
  validation_failed: 400,
  unknown_connection: 400,
  unsupported_operation: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  refund_exceeds_remaining: 409,
  not_cancelable: 409,
  not_resolvable: 409,
  batch_closed: 409,
  webhook_endpoint_disabled: 409,
  webhook_endpoints_exhausted: 409,
  payload_too_large: 413,
  idempotency_key_reused: 422,
  rate_limited: 429,
  internal: 500,
  provider_refused: 502,
  provider_unavailable: 503,
};

describe("a problem document", () => {
  test.each(Object.entries(statuses) as [ProblemCode, number][])("for %s has status %i", (code, status) => {
    const { statusCode, headers, body } = problemResponse(new VisibleError(code, "What is wrong."), "request-1");
    expect(statusCode).toBe(status);
    expect(headers).toEqual({
      "content-type": "application/problem+json",
      "x-request-id": "request-1",
      "cache-control": "no-store",
    });
    expect(JSON.parse(body ?? "")).toEqual({
      type: `urn:moneyback:problem:${code}`,
      title: expect.stringMatching(/^[A-Z]/),
      status,
      detail: "What is wrong.",
      code,
      requestId: "request-1",
    });
  });

  test("names wrong fields and carries the error's own headers", () => {
    const errors = [{ path: "amount.value", message: "must be a number" }];
    const error = new VisibleError("rate_limited", "Later.", { errors, headers: { "retry-after": "5" } });
    const { headers, body } = problemResponse(error, "request-1");
    expect(headers).toMatchObject({ "retry-after": "5", "x-request-id": "request-1" });
    expect(JSON.parse(body ?? "").errors).toEqual(errors);
  });

  test.each([
    ["an error", new Error("password=hunter2")],
    ["an error with a cause", new TypeError("x", { cause: new Error("hunter2") })],
    ["a text", "hunter2"],
    ["nothing", undefined],
    ["an error that only looks visible", { name: "VisibleError", code: "forbidden", message: "hunter2" }],
  ])("for %s that nobody foresaw has a fixed text", (_name, error) => {
    const { statusCode, body = "" } = problemResponse(error, "request-1");
    expect(statusCode).toBe(500);
    expect(body).not.toContain("hunter2");
    expect(JSON.parse(body)).toEqual({
      type: "urn:moneyback:problem:internal",
      title: "Internal error",
      status: 500,
      detail:
        "Something went wrong on our side. Nothing is lost: repeat the call with the same Idempotency-Key, or quote the requestId.",
      code: "internal",
      requestId: "request-1",
    });
  });

  test("for a visible error keeps the cause inside", () => {
    const error = new VisibleError("provider_unavailable", "Later.", { cause: new Error("hunter2") });
    expect(problemResponse(error, "request-1").body).not.toContain("hunter2");
  });
});
