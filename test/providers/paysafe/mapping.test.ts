/** What Paysafe's answers mean: every code and status of the contract, sections 6 to 9, and both families of error bodies. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import type { RefundOrder } from "../../../lib/providers/port.ts";
import { connectTo, orderOf, seedAnswer, seedOrder, seedSplits } from "./sample-connection.ts";

function submit(status: number, text: string, order = orderOf()) {
  return connectTo({ kind: "answered", status, text }).refund.submit(order, undefined);
}

function lookUp(status: number, text: string, order: RefundOrder = orderOf()) {
  return connectTo({ kind: "answered", status, text }).refund.lookUp(order, undefined);
}

function remaining(status: number, text: string) {
  const draft = { original: "stl-10098", account: {}, splits: [] };
  return connectTo({ kind: "answered", status, text }).refund.remaining(draft, undefined);
}

async function cancel(status: number, text: string) {
  const order = orderOf({ providerTransactionId: "ebf6ae3d" });
  return connectTo({ kind: "answered", status, text }).refund.cancel?.(order, undefined);
}

const { reference } = orderOf();

const error = (code: string) =>
  `{"code":"${code}","message":"In words","links":[{"rel":"errorinfo","href":"https://developer.paysafe.com/#ErrorCode${code}"}]}`;

/** The first family: rejected before a refund existed. */
const rejected = (code: string) => `{"error":${error(code)}}`;

/** The second: a refused refund, with an id and without status, amount and time. */
const refused = (code: string) =>
  `{"id":"6cc833f9-9d4d-416a-a5a4-18ed785450a2","merchantRefNum":"${reference}","error":${error(code)},"links":[]}`;

const refund = (members: Record<string, string> = {}) => {
  const given: Record<string, string> = {
    id: '"ebf6ae3d"',
    merchantRefNum: `"${reference}"`,
    txnTime: '"2017-05-01T14:52:35Z"',
    status: '"COMPLETED"',
    amount: "10098",
    ...members,
  };
  const rows = Object.entries(given).filter(([, value]) => value !== "absent");
  return `{${rows.map(([name, value]) => `"${name}":${value}`).join(",")}}`;
};

const found = (...refunds: readonly string[]) => `{"refunds":[${refunds.join(",")}],"links":[]}`;

/** The recorded refusal of the contract dossier, section 8, byte for byte. */
const recordedRefusal = `{"id":"6cc833f9-9d4d-416a-a5a4-18ed785450a2","merchantRefNum":"59332fd0-0296-4ae4-b9a4-aa086237b238",
 "error":{"code":"3406","message":"The settlement you are attempting to refund has not been batched yet. There are no settled funds available to refund.",
 "links":[{"rel":"errorinfo","href":"https://developer.paysafe.com/en/rest-api/cards/test-and-go-live/card-errors/#ErrorCode3406"}]},
 "links":[{"rel":"self","href":"https://api.test.paysafe.com/cardpayments/v1/accounts/1002158490/refunds/6cc833f9-9d4d-416a-a5a4-18ed785450a2"}]}`;

/** Code, documented HTTP status, outcome on the first attempt, outcome on a later one. */
const codes = [
  ["3402", 402, "refund_exceeds_remaining", "unknown"],
  ["3403", 402, "original_not_refundable", "unknown"],
  ["3404", 402, "refund_exceeds_remaining", "unknown"],
  ["3405", 402, "original_not_refundable", "unknown"],
  ["3406", 402, "original_not_refundable", "unknown"],
  ["3407", 400, "original_not_found", "original_not_found"],
  ["3408", 400, "original_not_found", "original_not_found"],
  ["3412", 402, "insufficient_funds", "unknown"],
  ["3413", 402, "provider_declined", "unknown"],
  ["3414", 400, "unknown", "unknown"],
  ["3415", 402, "unknown", "unknown"],
  ["3416", 402, "provider_declined", "provider_declined"],
  ["3417", 402, "unknown", "unknown"],
  ["3418", 402, "provider_declined", "provider_declined"],
  ["3419", 402, "original_not_refundable", "original_not_refundable"],
  ["3420", 500, "unknown", "unknown"],
  ["3421", 402, "provider_declined", "provider_declined"],
  ["3422", 402, "provider_declined", "provider_declined"],
  ["3423", 500, "unknown", "unknown"],
  ["3424", 500, "unknown", "unknown"],
  ["3044", 402, "unknown", "unknown"],
  ["5003", 400, "provider_rejected_request", "provider_rejected_request"],
  ["5016", 400, "account_not_found", "account_not_found"],
  ["5017", 400, "account_not_found", "account_not_found"],
  ["5021", 402, "provider_declined", "provider_declined"],
  ["5023", 400, "provider_rejected_request", "provider_rejected_request"],
  ["5031", 409, "unknown", "unknown"],
  ["5040", 401, "provider_declined", "provider_declined"],
  ["5042", 400, "provider_rejected_request", "provider_rejected_request"],
  ["5068", 400, "provider_rejected_request", "provider_rejected_request"],
  ["5269", 404, "original_not_found", "original_not_found"],
  ["5271", 406, "provider_rejected_request", "provider_rejected_request"],
  ["5272", 406, "provider_rejected_request", "provider_rejected_request"],
  ["5273", 404, "provider_rejected_request", "provider_rejected_request"],
  ["5281", 405, "provider_rejected_request", "provider_rejected_request"],
  ["5000", 401, "session-rejected", "session-rejected"],
  ["5270", 403, "session-rejected", "session-rejected"],
  ["5275", 401, "session-rejected", "session-rejected"],
  ["5276", 401, "session-rejected", "session-rejected"],
  ["5277", 401, "session-rejected", "session-rejected"],
  ["5278", 401, "session-rejected", "session-rejected"],
  ["5279", 401, "session-rejected", "session-rejected"],
  ["5280", 401, "session-rejected", "session-rejected"],
  ["1200", 429, "rate-limited", "rate-limited"],
  ["1000", 500, "unknown", "unknown"],
  ["1001", 502, "unknown", "unknown"],
  ["1002", 500, "unknown", "unknown"],
  ["1003", 500, "unknown", "unknown"],
  ["1007", 500, "unknown", "unknown"],
  ["1008", 500, "unknown", "unknown"],
] as const;

function expected(word: string, providerCode: string): object {
  if (word === "unknown") return { kind: "unknown" };
  if (word === "session-rejected" || word === "rate-limited") return { kind: "not-sent", reason: word };
  return { kind: "declined", code: word, message: "In words", providerCode };
}

describe("a refund's refusal", () => {
  test.each(codes)("with the code %s (HTTP %d) is %s, on a later attempt %s", async (code, status, first, later) => {
    expect(await submit(status, rejected(code))).toMatchObject(expected(first, code));
    expect(await submit(status, rejected(code), orderOf({ attempt: 2 }))).toMatchObject(expected(later, code));
    const { attempt: _, ...order } = orderOf();
    expect(await submit(status, rejected(code), order)).toMatchObject(expected(later, code));
  });

  test.each(codes.filter(([, status]) => status === 402 || status === 400))(
    "with the code %s (HTTP %d) is the same where the refused refund was stored: %s",
    async (code, status, first, later) => {
      expect(await submit(status, refused(code))).toMatchObject(expected(first, code));
      expect(await submit(status, refused(code), orderOf({ attempt: 2 }))).toMatchObject(expected(later, code));
    },
  );

  test.each(codes)("with the code %s is in doubt at HTTP 500, 502 and 503", async (code) => {
    for (const status of [500, 502, 503]) expect((await submit(status, rejected(code))).kind).toBe("unknown");
  });

  test.each(codes)("with the code %s is in doubt inside a success without a status", async (code) => {
    for (const text of [rejected(code), refused(code)]) expect((await submit(200, text)).kind).toBe("unknown");
  });

  test("is declined as recorded", async () => {
    const order = orderOf({ reference: "59332fd0-0296-4ae4-b9a4-aa086237b238" });
    expect(await submit(402, recordedRefusal, order)).toStrictEqual({
      kind: "declined",
      code: "original_not_refundable",
      message:
        "The settlement you are attempting to refund has not been batched yet. There are no settled funds available to refund.",
      providerCode: "3406",
    });
  });

  test("is in doubt where it shows another refund than ours, or one under way", async () => {
    expect((await submit(402, recordedRefusal)).kind).toBe("unknown");
    for (const status of ["PENDING", "COMPLETED", "RECEIVED", "SIDEWAYS"]) {
      const text = refund({ status: `"${status}"`, error: error("3406") });
      expect((await submit(402, text)).kind).toBe("unknown");
    }
    expect(await submit(402, refund({ status: '"FAILED"', error: error("3406") }))).toMatchObject({ kind: "declined" });
  });

  test("of the key is in doubt where a refund was stored before", async () => {
    for (const status of [401, 403]) {
      expect((await submit(status, refused("5279"))).kind).toBe("unknown");
      expect((await submit(status, refused("9999"))).kind).toBe("unknown");
    }
  });

  test.each([
    [401, ""],
    [403, "<html>"],
    [401, rejected("9999")],
  ])("of the key may come without a code that we know: HTTP %d %s", async (status, text) => {
    expect(await submit(status, text)).toMatchObject({ kind: "not-sent", reason: "session-rejected" });
  });

  test.each([
    [400, ""],
    [402, "<html>"],
    [402, rejected("9999")],
    [404, ""],
    [409, ""],
    [409, rejected("3406")],
    [418, rejected("1200")],
    [302, rejected("3406")],
    [100, ""],
  ])("that no document describes is in doubt: HTTP %d %s", async (status, text) => {
    expect((await submit(status, text)).kind).toBe("unknown");
  });

  test.each(["", "<html>", rejected("1200"), rejected("9999")])("with HTTP 429 was not sent: %s", async (text) => {
    expect(await submit(429, text)).toMatchObject({ kind: "not-sent", reason: "rate-limited" });
  });

  test.each([
    ["5040", 401],
    ["5068", 400],
  ])("of a split with the code %s is about the split", async (code, status) => {
    expect(await submit(status, rejected(code), orderOf({ splits: seedSplits }))).toMatchObject({
      kind: "declined",
      code: "split_rejected",
    });
  });

  test("without words gets ours", async () => {
    expect(await submit(400, '{"error":{"code":"3407"}}')).toStrictEqual({
      kind: "declined",
      code: "original_not_found",
      message: "The provider does not know the original payment.",
      providerCode: "3407",
    });
  });
});

describe("a refund's answer", () => {
  test("is accepted when it is the seed's own", async () => {
    expect(await submit(200, seedAnswer, seedOrder())).toStrictEqual({
      kind: "accepted",
      detail: "PENDING",
      providerTransactionId: "ebf6ae3d-88e1-40da-9b98-81044467345b",
    });
  });

  test.each([
    ["COMPLETED", "settled"],
    ["RECEIVED", "accepted"],
    ["PENDING", "accepted"],
    ["PROCESSING", "accepted"],
    ["FAILED", "declined"],
    ["CANCELLED", "canceled"],
    ["INITIATED", "unknown"],
    ["EXPIRED", "unknown"],
    ["completed", "unknown"],
    ["", "unknown"],
  ])("with the status %s is %s", async (status, kind) => {
    expect((await submit(200, refund({ status: `"${status}"` }))).kind).toBe(kind);
  });

  test.each([
    ["another amount", { amount: "10099" }],
    ["no amount", { amount: "absent" }],
    ["an amount with decimals", { amount: "100.98" }],
    ["an amount of null", { amount: "null" }],
    ["another reference", { merchantRefNum: '"another"' }],
    ["no status", { status: "absent" }],
    ["a status that is no text", { status: "1" }],
    ["a share that we did not order", { splitpay: '[{"linkedAccount":"1001391850","amount":1}]' }],
    ["an error beside it", { error: error("3406") }],
  ])("is in doubt with %s", async (_, members) => {
    expect((await submit(200, refund(members))).kind).toBe("unknown");
  });

  test("may leave out the reference, which it is the answer to", async () => {
    expect((await submit(200, refund({ merchantRefNum: "absent" }))).kind).toBe("settled");
  });

  test.each(["", "null", "[]", "{}", "<html>", '"COMPLETED"', seedAnswer.slice(0, 300)])(
    "is in doubt where it cannot be read: %j",
    async (text) => {
      expect((await submit(200, text)).kind).toBe("unknown");
    },
  );

  test.each([
    ["no shares", []],
    ["one share less", seedSplits.slice(0, 1)],
    ["another account", [{ linkedAccount: "1001391851", percent: "5.75", amount: 581 }, ...seedSplits.slice(1)]],
    ["another percentage", [{ linkedAccount: "1001391850", percent: "5.76", amount: 581 }, ...seedSplits.slice(1)]],
    ["an amount for a percentage", [{ linkedAccount: "1001391850", amount: 581 }, ...seedSplits.slice(1)]],
    ["another amount", [...seedSplits.slice(0, 1), { linkedAccount: "1001391860", amount: 501 }]],
  ])("is in doubt where the order had %s", async (_, splits) => {
    expect((await submit(200, seedAnswer, seedOrder({ splits }))).kind).toBe("unknown");
  });

  test.each([
    ['"percent":5.75,"amount":581', "accepted"],
    ['"percent":5.75,"amount":580', "accepted"],
    ['"percent":5.750,"amount":581', "accepted"],
    ['"percent":5.75', "accepted"],
    ['"amount":581', "accepted"],
    ['"percent":5.75,"amount":582', "unknown"],
    ['"percent":5.75,"amount":579', "unknown"],
    ['"percent":5.7,"amount":581', "unknown"],
    ['"percent":57.5,"amount":581', "unknown"],
    ['"percent":5.755,"amount":581', "unknown"],
    ['"share":1', "unknown"],
  ])("shows 5.75 %% of 10098, 580.635, as {%s}: %s", async (members, kind) => {
    const text = seedAnswer.replace(/"percent": 5\.75,\n"amount": 581/, members);
    expect((await submit(200, text, seedOrder())).kind).toBe(kind);
  });

  test("may show the shares in another order", async () => {
    const order = seedOrder({ splits: [...seedSplits].reverse() });
    expect((await submit(200, seedAnswer, order)).kind).toBe("accepted");
  });
});

describe("a lookup by reference", () => {
  test.each([
    ["an empty list", 200, '{"refunds":[]}'],
    ["an empty list with links", 200, found()],
    ["others' refunds", 200, found(refund({ merchantRefNum: '"another"' }))],
    ["refunds without a reference", 200, found(refund({ merchantRefNum: "absent" }))],
    ["404 with 5269", 404, rejected("5269")],
    ["404 with 3414", 400, rejected("3414")],
    ["404 without a body", 404, ""],
    ["404 with an empty object", 404, "{}"],
  ])("with %s has found nothing", async (_, status, text) => {
    expect(await lookUp(status, text)).toStrictEqual({ kind: "read", value: { kind: "nothing" } });
  });

  test.each([
    [404, "<html>Not found</html>"],
    [404, rejected("5273")],
    [400, rejected("5042")],
    [405, rejected("5281")],
    [429, rejected("1200")],
    [429, ""],
    [500, rejected("1007")],
    [503, ""],
    [200, ""],
    [200, "{}"],
    [200, "[]"],
    [200, '{"refunds":null}'],
    [200, '{"refunds":[{"amount":1.5}]}'],
    [302, ""],
  ])("with HTTP %d and %s has read nothing", async (status, text) => {
    const reading = await lookUp(status, text);
    expect(["unavailable", "refused"]).toContain(reading.kind);
  });

  test.each([
    [401, rejected("5279")],
    [403, rejected("5270")],
    [401, ""],
  ])("with HTTP %d and %s is refused the key", async (status, text) => {
    expect((await lookUp(status, text)).kind).toBe("session-rejected");
  });

  test.each([
    ["COMPLETED", "settled"],
    ["RECEIVED", "accepted"],
    ["PENDING", "accepted"],
    ["PROCESSING", "accepted"],
    ["FAILED", "declined"],
    ["CANCELLED", "canceled"],
    ["SIDEWAYS", "unknown"],
  ])("that finds the status %s says %s", async (status, kind) => {
    expect(await lookUp(200, found(refund({ status: `"${status}"` })))).toMatchObject({
      value: { kind: "found", outcome: { kind } },
    });
  });

  test("finds the blueprint's sample row, whose split is larger than its amount, not ours", async () => {
    const sample = `{"refunds":[{"links":[{"rel":"self","href":"https://api.test.paysafe.com/cardpayments/v1/accounts/99000/refunds/d1fb46ee-2736-4ef5-a724-f263ace75374"}],
 "id":"d1fb46ee-2736-4ef5-a724-f263ace75374","merchantRefNum":"merchant-ABC-123","amount":50,
 "dupCheck":true,"txnTime":"2017-02-14T15:12:18Z","status":"COMPLETED",
 "splitpay":[{"linkedAccount":"123124124","amount":505}]}],
 "links":[{"rel":"self","href":"https://api.test.paysafe.com/cardpayments/v1/accounts/123456789/refunds?merchantRefNum=merchant-ABC-123&limit=2&offset=2&startDate=2017-01-14T15:12:18Z&endDate=2017-04-04T15:12:18Z"}]}`;
    const order = orderOf({ reference: "merchant-ABC-123", amount: amountOf(50, "USD") });
    expect(await lookUp(200, sample, order)).toMatchObject({ value: { kind: "contradiction" } });
    const splits = [{ linkedAccount: "123124124", amount: 505 }];
    expect(await lookUp(200, sample, { ...order, splits })).toMatchObject({
      value: { outcome: { kind: "settled", providerTransactionId: "d1fb46ee-2736-4ef5-a724-f263ace75374" } },
    });
  });

  test.each([
    ["another amount", { amount: "10097" }],
    ["no amount", { amount: "absent" }],
    ["shares", { splitpay: '[{"linkedAccount":"1001391850","amount":1}]' }],
    ["another amount, failed", { amount: "10097", status: '"FAILED"' }],
  ])("that finds %s under our reference is a contradiction", async (_, members) => {
    expect(await lookUp(200, found(refund(members)))).toMatchObject({ value: { kind: "contradiction" } });
  });

  test("that misses our shares on a refund that may move money is a contradiction", async () => {
    const order = orderOf({ splits: seedSplits });
    expect(await lookUp(200, found(refund()), order)).toMatchObject({ value: { kind: "contradiction" } });
    expect(await lookUp(200, found(refund({ status: '"FAILED"' })), order)).toMatchObject({ value: { kind: "found" } });
  });

  test("that finds two refunds which may move money is a duplicate", async () => {
    expect(await lookUp(200, found(refund(), refund({ status: '"PENDING"' })))).toStrictEqual({
      kind: "read",
      value: { kind: "duplicate", detail: "2 refunds carry this reference" },
    });
  });

  test.each(["FAILED", "CANCELLED"])("that finds a %s one beside the refund is about the refund", async (status) => {
    const other = refund({ status: `"${status}"` });
    for (const both of [found(refund(), other), found(other, refund())]) {
      expect(await lookUp(200, both)).toMatchObject({ value: { kind: "found", outcome: { kind: "settled" } } });
    }
  });

  test.each([
    ["3406", 1, "declined"],
    ["3406", 2, "unknown"],
    ["3404", 1, "declined"],
    ["3404", 2, "unknown"],
    ["3417", 1, "declined"],
    ["3417", 2, "unknown"],
    ["5031", 2, "unknown"],
    ["3009", 1, "declined"],
    ["3009", 2, "declined"],
  ])("that finds FAILED for %s on attempt %d says %s", async (code, attempt, kind) => {
    const row = refund({ status: '"FAILED"', error: error(code) });
    expect(await lookUp(200, found(row), orderOf({ attempt }))).toMatchObject({ value: { outcome: { kind } } });
  });

  test.each([
    ["3406", "declined"],
    ["3417", "unknown"],
    ["1007", "unknown"],
  ])("that finds a refused refund without a status (%s) says %s", async (code, kind) => {
    expect(await lookUp(200, found(refused(code)))).toMatchObject({ value: { outcome: { kind } } });
  });
});

describe("what is left of a settlement", () => {
  const settlement = (members: string) =>
    `{"id":"stl-10098","merchantRefNum":"order","amount":5500,${members},"dupCheck":true,"links":[]}`;

  test("is the blueprint's own figure", async () => {
    const sample = `{"id":"d1fb46ee-2736-4ef5-a724-f263ace75373","merchantRefNum":"merchantRef_2016_04_11_05",
 "amount":5500,"availableToRefund":2225,"dupCheck":true,"txnTime":"2017-02-14T15:12:18Z",
 "status":"COMPLETED","links":[{"rel":"self","href":"https://api.test.paysafe.com/cardpayments/v1/accounts/123456789/settlements/d1fb46ee-2736-4ef5-a724-f263ace75373"}]}`;
    expect(await remaining(200, sample)).toStrictEqual({ kind: "read", value: { value: 2_225, currency: "USD" } });
  });

  test.each([
    ["COMPLETED", "read"],
    ["PROCESSING", "read"],
    ["PENDING", "refused"],
    ["RECEIVED", "refused"],
    ["FAILED", "refused"],
    ["CANCELLED", "refused"],
    ["SIDEWAYS", "unavailable"],
  ])("with the status %s is %s", async (status, kind) => {
    const reading = await remaining(200, settlement(`"status":"${status}","availableToRefund":5500`));
    expect(reading.kind).toBe(kind);
    if (reading.kind === "refused") expect(reading.code).toBe("original_not_refundable");
  });

  test("may be nothing, or not shown", async () => {
    expect(await remaining(200, settlement('"status":"COMPLETED","availableToRefund":0'))).toMatchObject({
      value: { value: 0 },
    });
    expect(await remaining(200, settlement('"status":"COMPLETED"'))).toStrictEqual({ kind: "read", value: undefined });
  });

  test.each([
    [400, rejected("3407"), "refused"],
    [404, rejected("5269"), "refused"],
    [404, "", "refused"],
    [404, "<html>", "unavailable"],
    [404, rejected("5273"), "refused"],
    [401, rejected("5040"), "refused"],
    [401, rejected("5279"), "session-rejected"],
    [429, rejected("1200"), "unavailable"],
    [500, rejected("1000"), "unavailable"],
    [400, rejected("9999"), "unavailable"],
    [200, "{}", "unavailable"],
    [200, settlement('"status":"COMPLETED","availableToRefund":-1'), "unavailable"],
    [200, settlement('"status":"COMPLETED","availableToRefund":22.25'), "unavailable"],
  ])("with HTTP %d and %s is %s", async (status, text, kind) => {
    expect((await remaining(status, text)).kind).toBe(kind);
  });

  test("is not asked for under an id that would lead elsewhere", async () => {
    const { refund: calls, balance } = connectTo({ kind: "in-doubt", detail: "was asked" });
    for (const original of ["..", ".", "a/b", "", "a?b", 'x"y']) {
      const draft = { original, account: {}, splits: [] };
      expect(await calls.remaining(draft, undefined)).toMatchObject({ kind: "refused", code: "original_not_found" });
      const query = { account: original, currency: "USD" };
      expect(await balance(query, undefined)).toMatchObject({ kind: "refused", code: "account_not_found" });
      expect(await calls.submit(orderOf({ original }), undefined)).toMatchObject({
        kind: "declined",
        code: "original_not_found",
      });
    }
  });

  test("is in the account's currency and in no other", async () => {
    const { balance, refund: calls } = connectTo({ kind: "in-doubt", detail: "was asked" }, { currency: "EUR" });
    expect(calls.currency({ original: "stl-100", account: {}, splits: [] })).toBe("EUR");
    expect(await balance({ account: "stl-100", currency: "USD" }, undefined)).toMatchObject({
      kind: "refused",
      code: "currency_mismatch",
    });
  });
});

describe("a cancellation", () => {
  const sample = `{
  "links": [{ "rel": "self", "href": "https://api.test.paysafe.com/cardpayments/v1/accounts/99000/refunds/410a51a2" }],
  "id": "410a51a2-73e7-4a59-bab7-3cce49a25ff6",
  "txnTime": "2016-04-09T20:07:20Z",
  "status": "CANCELLED"
}`;

  test.each([
    [200, sample, "canceled"],
    [200, sample.replace("CANCELLED", "PENDING"), "unknown"],
    [200, rejected("3415"), "unknown"],
    [200, "", "unknown"],
    [402, rejected("3415"), "refused"],
    [400, rejected("3414"), "refused"],
    [404, rejected("5269"), "refused"],
    [402, rejected("3417"), "unknown"],
    [400, rejected("9999"), "unknown"],
    [401, rejected("5279"), "session-rejected"],
    [403, rejected("5270"), "session-rejected"],
    [401, "", "session-rejected"],
    [401, rejected("5040"), "unknown"],
    [429, rejected("1200"), "unknown"],
    [500, rejected("3415"), "unknown"],
    [502, "", "unknown"],
  ])("with HTTP %d and %s is %s", async (status, text, kind) => {
    expect((await cancel(status, text))?.kind).toBe(kind);
  });

  test("whose answer does not come is in doubt", async () => {
    const { refund: calls } = connectTo({ kind: "in-doubt", detail: "ECONNRESET" });
    const order = orderOf({ providerTransactionId: "ebf6ae3d" });
    expect(await calls.cancel?.(order, undefined)).toStrictEqual({ kind: "unknown", detail: "ECONNRESET" });
  });
});
