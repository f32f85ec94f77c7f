/** Facts about the forms of an idempotency key. */
import { describe, expect, test } from "vitest";
import { VisibleError } from "../../lib/domain/errors.ts";
import { idempotencyKeyOf } from "../../lib/lambda/idempotency-key.ts";

function refusal(headers: Record<string, string>): VisibleError {
  try {
    idempotencyKeyOf(headers);
  } catch (error) {
    if (error instanceof VisibleError) return error;
    throw error;
  }
  throw new Error("the key was taken");
}

describe("an Idempotency-Key", () => {
  test.each([
    ["order-17", "order-17"],
    ['"order-17"', "order-17"],
    ["  order-17 ", "order-17"],
    ["x", "x"],
    ["a b~!", "a b~!"],
    ['a"b', 'a"b'],
    ["x".repeat(255), "x".repeat(255)],
    [`"${"x".repeat(255)}"`, "x".repeat(255)],
  ])("%j stands for %j", (given, key) => {
    expect(idempotencyKeyOf({ "idempotency-key": given })).toBe(key);
  });

  test.each([[{}], [{ "idempotency-key": "" }], [{ "idempotency-key": "   " }], [{ "x-idempotency-key": "k" }]])(
    "is missing in %j",
    (headers) => {
      expect(refusal(headers as Record<string, string>).code).toBe("idempotency_key_missing");
    },
  );

  test.each([['""'], ["x".repeat(256)], [`"${"x".repeat(256)}"`], ["schlüssel"], ["a\tb"], ["a\u007fb"], ["💸"]])(
    "is not taken where it is %j",
    (given) => {
      const { code, errors } = refusal({ "idempotency-key": given });
      expect(code).toBe("validation_failed");
      expect(errors).toEqual([{ path: "Idempotency-Key", message: "must be 1 to 255 printable ASCII characters" }]);
    },
  );
});
