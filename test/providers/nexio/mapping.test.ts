/** What Nexio's answers to money-moving calls mean: every status, every code, and what is not documented. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import type { SpendbackOrder } from "../../../lib/providers/port.ts";
import { recordOf, refundRecordOf } from "./sample-answers.ts";
import { answered, connectTo, jane, orderOf, refundOf } from "./sample-connection.ts";

const submit = (status: number, text: string, order: SpendbackOrder = orderOf()) =>
  connectTo([answered(status, text)]).spendback.submit(order, undefined);

const submitRefund = (status: number, text: string, order = refundOf()) =>
  connectTo([answered(status, text)]).refund.submit(order, undefined);

describe("a spendback's record", () => {
  test.each([
    ["10", { kind: "accepted", detail: "status 10, pending", providerTransactionId: "2598" }],
    ["20", { kind: "settled", detail: "status 20, completed", providerTransactionId: "2598" }],
    ["30", { kind: "accepted", detail: "status 30, review", providerTransactionId: "2598" }],
    ["40", { kind: "declined", code: "expired_at_provider", providerCode: "40" }],
    ["50", { kind: "canceled", detail: "status 50, canceled" }],
    ["90", { kind: "declined", code: "provider_declined", providerCode: "90" }],
  ])("with status %s is what the table says", async (status, outcome) => {
    expect(await submit(200, recordOf({ spendbackStatus: status }))).toMatchObject(outcome);
    expect(await submit(201, recordOf({ spendbackStatus: `"${status}"` }))).toMatchObject(outcome);
  });

  test.each(["0", "11", "12", "21", "-20", "20.0", "2e1", "200", '"completed"', '""'])(
    "with the status %s, which nobody documents, is unknown",
    async (status) => {
      expect((await submit(200, recordOf({ spendbackStatus: status }))).kind).toBe("unknown");
    },
  );

  test.each([
    ["another amount", { amount: "14.84" }],
    ["another amount by a float's width", { amount: "14.830000000000001" }],
    ["the amount in minor units", { amount: "1483" }],
    ["another currency", { currency: '"EUR"' }],
    ["another reference", { spendbackRef: '"another"' }],
    ["another recipient", { recipientId: "137242" }],
    ["no reference", { spendbackRef: undefined }],
    ["no amount", { amount: undefined }],
    ["no currency", { currency: undefined }],
    ["no status", { spendbackStatus: undefined }],
    ["no id", { id: undefined }],
    ["no recipientId where one was sent", { recipientId: undefined }],
  ])("with %s is unknown, not settled", async (_, changes) => {
    expect((await submit(200, recordOf(changes))).kind).toBe("unknown");
  });

  test.each<[string, Record<string, string | undefined>]>([
    ["text instead of numbers", { id: '"2598"', recipientId: `"${jane.id}"`, amount: '"14.83"' }],
    ["a number as providerId", { providerId: "12610" }],
    ["more digits of the same amount", { amount: "14.830" }],
    ["a currency in small letters", { currency: '"usd"' }],
    ["what is needed only", { createdAt: undefined, providerId: undefined, recipientRef: undefined, updatedAt: "7" }],
    ["an id beyond 2^53", { id: "9007199254740993" }],
  ])("settles with %s", async (_, changes) => {
    const id = changes["id"]?.replaceAll('"', "") ?? "2598";
    expect(await submit(200, recordOf(changes))).toMatchObject({ kind: "settled", providerTransactionId: id });
  });

  test.each<[string, SpendbackOrder["recipient"], Record<string, string | undefined>, string]>([
    ["the ref that was sent", { ref: jane.ref }, {}, "settled"],
    ["another ref than was sent", { ref: "rcp-erik" }, {}, "unknown"],
    ["no ref where one was sent", { ref: jane.ref }, { recipientRef: "null" }, "unknown"],
    ["id and ref of the same recipient", jane, {}, "settled"],
    ["a ref that is not the id's", { id: jane.id, ref: "rcp-erik" }, {}, "unknown"],
    ["an e-mail address, which does not come back", { email: jane.email }, {}, "settled"],
  ])("is compared with %s", async (_, recipient, changes, kind) => {
    expect((await submit(200, recordOf(changes), orderOf({ recipient }))).kind).toBe(kind);
  });

  test("settles a third decimal that is 0 and was not sent", async () => {
    const order = orderOf({ amount: amountOf(14_830, "TND") });
    expect((await submit(200, recordOf({ currency: '"TND"' }), order)).kind).toBe("settled");
  });

  test("never has providerResponse in what is told", async () => {
    const text = recordOf({ spendbackStatus: "90", providerResponse: '{"message":"Jane Doe is broke"}' });
    expect(JSON.stringify(await submit(200, text))).not.toContain("Jane");
  });

  test.each(["", "null", "[]", "{}", "7", "{", '{"error":435,"message":"Declined"}', `[${recordOf()}]`])(
    "that is none (%j) is unknown",
    async (text) => {
      expect((await submit(200, text)).kind).toBe("unknown");
    },
  );
});

describe("a failure", () => {
  /** The documented sample (docs/handling-gateway-declines). */
  const sample =
    '{"error":435,"message":"Declined for CVV failure","gatewayResponse":{"status":"declined"},"merchantId":"100100"}';
  const failure = (error: number | string, message = "In words") => JSON.stringify({ error, message });

  test("in the documented words is a decline", async () => {
    expect(await submit(400, sample)).toStrictEqual({
      kind: "declined",
      code: "provider_declined",
      message: "Declined for CVV failure",
      providerCode: "435",
    });
  });

  test.each([
    [400, failure(435, "Insufficient funds"), "insufficient_funds", "435"],
    [400, failure(435, "Declined"), "provider_declined", "435"],
    [400, failure(409), "provider_rejected_request", "409"],
    [400, failure(418), "provider_rejected_request", "418"],
    [400, failure(400), "provider_rejected_request", "400"],
    [422, failure(422), "provider_rejected_request", "422"],
    [409, failure(409), "provider_rejected_request", "409"],
    [404, failure(404), "recipient_not_found", "404"],
    [400, failure(404), "recipient_not_found", "404"],
    [400, failure("435", ""), "provider_declined", "435"],
  ])("HTTP %i %s is a decline: %s", async (status, text, code, providerCode) => {
    expect(await submit(status, text)).toMatchObject({ kind: "declined", code, providerCode });
  });

  test.each([
    [400, failure(408, "Gateway timeout")],
    [408, failure(408)],
    [408, failure(400)],
    [408, ""],
    [500, failure(500)],
    [500, failure(435, "Declined")],
    [502, "<html>Bad gateway</html>"],
    [503, failure(429)],
    [504, ""],
    [400, failure(504)],
    [400, failure(20)],
    [400, failure("Bad Request")],
    [400, '{"message":"Declined"}'],
    [400, '{"error":435}'],
    [400, '{"error":null,"message":"x"}'],
    [400, ""],
    [404, "<html>Not found</html>"],
    [404, "{}"],
    [302, failure(435)],
    [304, ""],
    [400, recordOf()],
    [500, recordOf()],
  ])("HTTP %i %j leaves doubt", async (status, text) => {
    expect((await submit(status, text)).kind).toBe("unknown");
    expect((await submitRefund(status, text)).kind).toBe("unknown");
  });

  test.each([401, 403])("HTTP %i comes before anything was done", async (status) => {
    for (const text of ["", failure(status), "<html>"]) {
      expect(await submit(status, text)).toMatchObject({ kind: "not-sent", reason: "session-rejected" });
    }
  });

  test("HTTP 429 comes before anything was done", async () => {
    expect(await submit(429, "")).toMatchObject({ kind: "not-sent", reason: "rate-limited" });
  });

  test.each([
    [
      { kind: "not-sent", detail: "ECONNREFUSED" },
      { kind: "not-sent", reason: "unreachable", detail: "ECONNREFUSED" },
    ],
    [
      { kind: "in-doubt", detail: "ECONNRESET" },
      { kind: "unknown", detail: "ECONNRESET" },
    ],
  ] as const)("of the line (%j) is no answer", async (exchange, outcome) => {
    const { spendback, refund } = connectTo([exchange]);
    expect(await spendback.submit(orderOf(), undefined)).toStrictEqual(outcome);
    expect(await refund.submit(refundOf(), undefined)).toStrictEqual(outcome);
  });
});

describe("a refund's record", () => {
  test.each([
    ["10", { kind: "accepted" }],
    ["20", { kind: "settled" }],
    ["30", { kind: "accepted" }],
    ["40", { kind: "declined", code: "expired_at_provider" }],
    ["50", { kind: "canceled" }],
    ["90", { kind: "declined", code: "provider_declined" }],
    ["21", { kind: "unknown" }],
  ])("with status %s is read by the spendbacks' table", async (status, outcome) => {
    expect(await submitRefund(200, refundRecordOf({ spendbackStatus: status }))).toMatchObject(outcome);
  });

  test("names the refund, and never the original as the refund", async () => {
    expect(await submitRefund(200, refundRecordOf())).toMatchObject({ providerTransactionId: "2600" });
    expect(await submitRefund(200, refundRecordOf({ spendbackId: "2598" }))).not.toHaveProperty(
      "providerTransactionId",
    );
    expect(await submitRefund(200, refundRecordOf({ id: "2601", spendbackId: "2598" }))).toMatchObject({
      providerTransactionId: "2601",
    });
  });

  test.each([
    ["the original's reference, whose status is older", { spendbackRef: '"original"' }],
    ["no reference", { spendbackRef: undefined }],
    ["another amount", { amount: "14.83" }],
    ["another currency", { currency: '"EUR"' }],
  ])("with %s is unknown, not settled", async (_, changes) => {
    expect((await submitRefund(200, refundRecordOf(changes))).kind).toBe("unknown");
  });

  test("may leave out the currency, which is the original's", async () => {
    expect((await submitRefund(200, refundRecordOf({ currency: undefined }))).kind).toBe("settled");
  });

  test("is missing where the original is not known", async () => {
    expect(await submitRefund(404, '{"error":404,"message":"Not found"}')).toMatchObject({
      kind: "declined",
      code: "original_not_found",
    });
  });
});
