/** What Mircate's answers to a refund mean: every status, every member, and what is not documented. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import type { RefundOrder } from "../../../lib/providers/port.ts";
import { answered, type ConnectionOptions, connectTo, refundOf } from "./sample-connection.ts";

const submit = (status: number, text: string, order: RefundOrder = refundOf(), options: ConnectionOptions = {}) =>
  connectTo([answered(status, text)], options).submit(order, undefined);

/** The documented answer; members that are undefined are left out. */
const answerOf = (changes: Record<string, unknown> = {}) =>
  JSON.stringify({
    transaction: {
      transactionId: "r-1",
      type: "REFUNDED",
      amount: 5_000,
      channel: "POS",
      createdAt: "2026-11-05T10:00:01.000Z",
      refundedTransactionId: "spent-100",
      ...changes,
    },
    balance: 39_000,
  });

describe("HTTP 200", () => {
  test("with the refund is settled, and names it", async () => {
    expect(await submit(200, answerOf())).toStrictEqual({
      kind: "settled",
      providerTransactionId: "r-1",
      detail: "REFUNDED",
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ["its id alone", { type: undefined, amount: undefined, createdAt: undefined, refundedTransactionId: undefined }],
    ["nulls", { type: null, amount: null, refundedTransactionId: null }],
    ["a negative amount: which sign a refund has is not documented", { amount: -5_000 }],
    ["the amount as text", { amount: "5000" }],
    ["no original", { refundedTransactionId: "" }],
    ["members that nobody knows", { status: "PENDING" }],
  ])("settles with %s", async (_, changes) => {
    expect(await submit(200, answerOf(changes))).toMatchObject({ kind: "settled", providerTransactionId: "r-1" });
  });

  test("keeps an id that is a number, digit by digit", async () => {
    const text = answerOf().replace('"r-1"', "9007199254740993");
    expect(await submit(200, text)).toMatchObject({ kind: "settled", providerTransactionId: "9007199254740993" });
  });

  test.each<[string, Record<string, unknown>]>([
    ["no id", { transactionId: undefined }],
    ["an empty id", { transactionId: "" }],
    ["the original's id", { transactionId: "spent-100" }],
    ["another type", { type: "SPENT" }],
    ["a type that nobody has heard of", { type: "REFUND_REQUESTED" }],
    ["another amount", { amount: 10_000 }],
    ["the amount in another unit", { amount: 50 }],
    ["no amount of money at all", { amount: 0 }],
    ["a fraction", { amount: 5_000.5 }],
    ["an amount beyond what is exact", { amount: "9007199254740993" }],
    ["another original", { refundedTransactionId: "spent-60" }],
  ])("with %s is unknown, not settled", async (_, changes) => {
    expect((await submit(200, answerOf(changes))).kind).toBe("unknown");
  });

  test.each([
    "",
    "null",
    "[]",
    "{}",
    "7",
    "{",
    '{"transaction":null,"balance":1}',
    '{"transaction":[]}',
    '"OK"',
    "<html>",
  ])("with %j is unknown", async (text) => {
    expect((await submit(200, text)).kind).toBe("unknown");
  });

  test("is compared in major units where the connection says so", async () => {
    const major = { amountUnit: "major" } as const;
    const order = refundOf({ amount: amountOf(5_000, "TRY") });
    expect((await submit(200, answerOf({ amount: 50 }), order, major)).kind).toBe("settled");
    expect((await submit(200, answerOf({ amount: 5_000 }), order, major)).kind).toBe("unknown");
    const yen = refundOf({ amount: amountOf(1_999, "JPY") });
    expect((await submit(200, answerOf({ amount: 1_999 }), yen, major)).kind).toBe("settled");
    const dinars = refundOf({ amount: amountOf(3_000, "TND") });
    expect((await submit(200, answerOf({ amount: 3 }), dinars, major)).kind).toBe("settled");
  });
});

describe("HTTP 400", () => {
  /** The platform's sample (contract, section 9). */
  const sample = `{"code":"VALIDATION","message":"Model validation has been failed.",
 "issues":[{"instancePath":"","schemaPath":"#/required","keyword":"required",
 "params":{"missingProperty":"transactionId"},"message":"must have required property 'transactionId'"}]}`;

  test("of the platform's validation is a refusal: the method never ran", async () => {
    expect(await submit(400, sample)).toStrictEqual({
      kind: "declined",
      code: "provider_rejected_request",
      message: "Model validation has been failed. must have required property 'transactionId'",
      providerCode: "VALIDATION",
    });
  });

  test.each([
    ['{"code":"VALIDATION"}', "The provider refused the request as invalid."],
    ['{"code":"VALIDATION","message":"No.","issues":[]}', "No."],
    [
      '{"code":"VALIDATION","message":"No.","issues":[{"instancePath":"/amount","message":"must be >= 1"}]}',
      "No. /amount must be >= 1",
    ],
  ])("%s says why", async (text, message) => {
    expect(await submit(400, text)).toMatchObject({ kind: "declined", message });
  });

  test.each([
    "",
    "Bad Request",
    "{}",
    '{"message":"Bad Request"}',
    '{"code":"INSUFFICIENT_BALANCE","message":"No."}',
    '{"code":"validation"}',
    '{"code":7}',
    '["VALIDATION"]',
    answerOf(),
  ])("with %j is unknown: on this platform changes stay where a method answers 400", async (text) => {
    expect((await submit(400, text)).kind).toBe("unknown");
  });
});

describe("every other status", () => {
  const bodies = ["", "Forbidden", '{"message":"x"}', '{"code":"VALIDATION"}', answerOf(), "<html>"];

  test.each([
    [403, { kind: "not-sent", reason: "session-rejected" }],
    [404, { kind: "declined", code: "original_not_found", providerCode: "404" }],
    [429, { kind: "not-sent", reason: "rate-limited" }],
    [570, { kind: "not-sent", reason: "busy" }],
  ])("%i is %j, whatever the body says", async (status, outcome) => {
    for (const text of bodies) expect(await submit(status, text)).toMatchObject(outcome);
  });

  test.each([
    201, 202, 204, 206, 301, 302, 304, 307, 401, 402, 405, 408, 409, 410, 412, 413, 415, 418, 422, 423, 451, 500, 501,
    502, 503, 504, 520, 569, 571, 599,
  ])("%i leaves doubt, whatever the body says", async (status) => {
    for (const text of bodies) expect((await submit(status, text)).kind).toBe("unknown");
  });

  test("no answer leaves doubt, and no connection does not", async () => {
    const { submit: reset } = connectTo([{ kind: "in-doubt", detail: "ECONNRESET" }]);
    expect(await reset(refundOf(), undefined)).toStrictEqual({ kind: "unknown", detail: "ECONNRESET" });
    const { submit: refused } = connectTo([{ kind: "not-sent", detail: "ECONNREFUSED" }]);
    expect(await refused(refundOf(), undefined)).toStrictEqual({
      kind: "not-sent",
      reason: "unreachable",
      detail: "ECONNREFUSED",
    });
  });
});
