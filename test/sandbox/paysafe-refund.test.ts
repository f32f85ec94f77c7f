/** Paysafe's refund, whole, partial and split, with its refusals (contract, sections 4, 5 and 8). */

import { describe, expect, test } from "vitest";
import { compact } from "./client.ts";
import { openPaysafe } from "./paysafe-client.ts";

const SEED_SPLITS = [
  { linkedAccount: "1001391850", percent: 5.75 },
  { linkedAccount: "1001391860", amount: 500 },
];

describe("a refund", () => {
  test("answers the seed's sample, but for its ids, its time and its host", async () => {
    const client = await openPaysafe({ now: () => Date.parse("2017-05-01T14:52:35Z") });
    await client.turn("acquirer-response", "on");
    const reply = await client.refund("merchantRef_003", { amount: 10_098, splitpay: SEED_SPLITS }, "stl-10098");
    const { id } = reply.body;
    const base = `${client.sandbox.url}/paysafe/cardpayments/v1/accounts/89987201`;
    expect(reply.status).toBe(200);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(reply.text).toBe(
      compact(`{
        "links":[{"rel":"self","href":"${base}/refunds/${id}"}],
        "id":"${id}",
        "merchantRefNum":"merchantRef_003",
        "txnTime":"2017-05-01T14:52:35Z",
        "status": "PENDING",
        "acquirerResponse": {
        "code": "DJN",
        "terminalId": "12345678",
        "batchNumber": "001",
        "seqNumber": "151",
        "effectiveDate": "170728"
        },
        "amount": 10098,
        "splitpay": [
        {
        "linkedAccount": "1001391850",
        "percent": 5.75,
        "amount": 581
        },
        {
        "linkedAccount": "1001391860",
        "amount": 500
        }
        ]
        }`),
    );
    expect(await client.moved("merchantRef_003")).toEqual([
      "debit 89987201 9017 USD pending",
      "debit 1001391850 581 USD pending",
      "debit 1001391860 500 USD pending",
    ]);
    expect(await client.funds("1001391850")).toBe(999_419);
  });

  test("is one group of movements that name the settlement", async () => {
    const client = await openPaysafe();
    const { body } = await client.refund("g", { splitpay: [{ linkedAccount: "1001391850", percent: 100 }] });
    const { movements } = (await client.sandbox.call("GET", "/_sandbox/ledger?provider=paysafe&reference=g")).body;
    expect(movements).toMatchObject([
      { group: body.id, original: "stl-100", operation: "refund", account: "1001391850" },
    ]);
  });

  test("without an amount is of all that is left", async () => {
    const client = await openPaysafe();
    expect((await client.refund("rest", { amount: undefined }, "stl-5500")).body.amount).toBe(2_225);
    expect(await client.available("stl-5500")).toBe(0);
    expect((await client.refund("more", { amount: undefined }, "stl-5500")).body.error.code).toBe("3404");
  });

  test("lowers what is available at once, or once it is completed, and no more than that is refunded", async () => {
    const client = await openPaysafe();
    await client.refund("first", { amount: 6_000 });
    expect(await client.available()).toBe(4_000);
    expect(await client.refund("second", { amount: 4_001 })).toMatchObject({
      status: 402,
      body: { error: { code: "3402" } },
    });
    await client.turn("available-falls", "when-completed");
    expect(await client.available()).toBe(10_000);
    await client.find("first");
    expect(await client.available()).toBe(4_000);
  });

  test("takes its amount as text, or not, by switch", async () => {
    const client = await openPaysafe();
    expect((await client.refund("text", { amount: "100" })).body.amount).toBe(100);
    await client.turn("text-amounts", "refused");
    expect((await client.refund("text2", { amount: "100" })).body.error.code).toBe("5003");
  });

  test("is completed at once, at a lookup, or never, by switch", async () => {
    const client = await openPaysafe();
    await client.turn("batch-lookups", 0);
    expect((await client.refund("now")).body.status).toBe("COMPLETED");
    await client.turn("batch-lookups", 2);
    await client.refund("later");
    expect((await client.find("later")).body.refunds[0].status).toBe("PENDING");
    expect((await client.find("later")).body.refunds[0].status).toBe("COMPLETED");
    await client.turn("batch-lookups", "never");
    await client.refund("never");
    for (let n = 0; n < 5; n += 1) expect((await client.find("never")).body.refunds[0].status).toBe("PENDING");
    expect(await client.moved("never")).toEqual(["debit 89987201 100 USD pending"]);
  });
});

describe("a percentage", () => {
  test.each([
    ["half-up", 10_098, 5.75, 581],
    ["half-even", 10_098, 5.75, 581],
    ["up", 10_098, 5.75, 581],
    ["down", 10_098, 5.75, 580],
    ["half-up", 50, 5, 3],
    ["half-even", 50, 5, 2],
    ["half-even", 150, 5, 8],
    ["up", 101, 1, 2],
    ["half-up", 100, 5, 5],
    ["up", 100, 5, 5],
  ])("rounds %s: of %d, %d %% is %d", async (rounding, amount, percent, share) => {
    const client = await openPaysafe();
    await client.turn("rounding", rounding);
    const splitpay = [{ linkedAccount: "1001391850", percent }];
    const reply = await client.refund("r", { amount, splitpay }, "stl-10098");
    expect(reply.body.splitpay).toEqual([{ linkedAccount: "1001391850", percent, amount: share }]);
  });
});

describe("a split is refused", () => {
  test.each([
    ["with both percent and amount", { linkedAccount: "1001391850", percent: 1, amount: 1 }],
    ["with neither", { linkedAccount: "1001391850" }],
    ["of the account itself", { linkedAccount: "89987201", amount: 1 }],
    ["of an account that is not linked", { linkedAccount: "1001391870", amount: 1 }],
    ["of an account that is not there", { linkedAccount: "7", amount: 1 }],
    ["of a settlement", { linkedAccount: "stl-10098", amount: 1 }],
    ["without an account", { amount: 1 }],
    ["with three decimals", { linkedAccount: "1001391850", percent: 1.005 }],
    ["with nothing", { linkedAccount: "1001391850", percent: 0 }],
    ["with more than all", { linkedAccount: "1001391850", percent: 100.01 }],
    ["with text", { linkedAccount: "1001391850", percent: "5.75" }],
    ["with more than the total", { linkedAccount: "1001391850", amount: 101 }],
    ["that is no object", 1],
  ])("%s", async (_what, split) => {
    const client = await openPaysafe();
    const reply = await client.refund("s", { splitpay: [split] });
    expect(reply).toMatchObject({
      status: 400,
      body: { error: { code: "5068", fieldErrors: [{ field: "splitpay" }] } },
    });
    expect(reply.body.id).toBeUndefined();
    expect(await client.moved("s")).toEqual([]);
  });

  test("of one account twice, and where it is no array", async () => {
    const client = await openPaysafe();
    const one = { linkedAccount: "1001391850", amount: 1 };
    expect((await client.refund("s", { splitpay: [one, one] })).body.error.code).toBe("5068");
    expect((await client.refund("s", { splitpay: one })).body.error.code).toBe("5068");
  });

  test("where Split Payouts are off: 401 with 5040", async () => {
    const client = await openPaysafe();
    await client.turn("split-payouts", "off");
    const reply = await client.refund("s", { splitpay: SEED_SPLITS });
    expect(reply).toMatchObject({ status: 401, body: { error: { code: "5040" } } });
    expect((await client.refund("s")).status).toBe(200);
  });

  test("above what the linked account has, unless the switch lets it go below zero", async () => {
    const client = await openPaysafe();
    const splitpay = [{ linkedAccount: "1001391880", amount: 101 }];
    expect(await client.refund("s", { amount: 200, splitpay })).toMatchObject({
      status: 402,
      body: { error: { code: "3412" } },
    });
    await client.turn("linked-shortfall", "allowed");
    expect((await client.refund("s", { amount: 200, splitpay })).status).toBe(200);
    expect(await client.funds("1001391880")).toBe(-1);
  });
});

describe("a refusal", () => {
  test("of a settlement that is not batched is the recorded one: a refund's id, reference, error and links", async () => {
    const client = await openPaysafe();
    const reply = await client.refund("59332fd0-0296-4ae4-b9a4-aa086237b238", {}, "stl-pending");
    const { id } = reply.body;
    expect(reply.status).toBe(402);
    expect(reply.headers.get("x-application-status-code")).toBe("3406");
    expect(reply.text).toBe(
      compact(`{"id":"${id}","merchantRefNum":"59332fd0-0296-4ae4-b9a4-aa086237b238",
        "error":{"code":"3406","message":"The settlement you are attempting to refund has not been batched yet. There are no settled funds available to refund.",
        "links":[{"rel":"errorinfo","href":"https://developer.paysafe.com/en/rest-api/cards/test-and-go-live/card-errors/#ErrorCode3406"}]},
        "links":[{"rel":"self","href":"${client.sandbox.url}/paysafe/cardpayments/v1/accounts/89987201/refunds/${id}"}]}`),
    );
  });

  test.each([
    ["stl-pending", 402, "3406", true],
    ["stl-expired", 402, "3405", true],
    ["stl-refunded", 402, "3404", true],
    ["stl-nowhere", 400, "3407", true],
    ["stl.nowhere", 400, "3408", false],
    ["89987201", 400, "3407", true],
  ])("of %s is HTTP %d with %s", async (settlement, status, code, isStored) => {
    const client = await openPaysafe();
    const reply = await client.refund("x", {}, settlement);
    expect(reply).toMatchObject({ status, body: { error: { code } } });
    expect(reply.body.id !== undefined).toBe(isStored);
    expect(await client.moved("x")).toEqual([]);
  });

  test.each([
    ["{", "5023"],
    ["[]", "5023"],
    [{ amount: 1 }, "5042"],
    [{ merchantRefNum: "a/b", amount: 1 }, "5042"],
    [{ merchantRefNum: "x".repeat(256), amount: 1 }, "5042"],
    [{ merchantRefNum: "x", amount: 0 }, "5003"],
    [{ merchantRefNum: "x", amount: 1.5 }, "5003"],
    [{ merchantRefNum: "x", amount: 100_000_000_000 }, "5003"],
  ])("of the body %j is %s", async (body, code) => {
    const client = await openPaysafe();
    const reply = await client.api("POST", "/settlements/stl-100/refunds", body);
    expect(reply).toMatchObject({ status: 400, body: { error: { code } } });
    expect(Object.keys(reply.body)).toEqual(["error"]);
  });

  test("for want of funds, and at the most refunds that a settlement takes", async () => {
    const client = await openPaysafe();
    expect((await client.refund("x", { amount: 150_000_001 }, "stl-overdraft")).body.error.code).toBe("3412");
    await client.turn("refunds-max", 1);
    expect((await client.refund("one")).status).toBe(200);
    expect((await client.refund("two")).body.error.code).toBe("3403");
  });

  test("names its code in a header, or not, by switch", async () => {
    const client = await openPaysafe();
    await client.turn("status-code-header", "off");
    const reply = await client.refund("x", {}, "stl-nowhere");
    expect(reply.headers.has("x-application-status-code")).toBe(false);
  });
});

describe("a repeated reference", () => {
  test("is 409 with 5031 for 90 days, and moves nothing", async () => {
    let now = Date.now();
    const client = await openPaysafe({ now: () => now });
    await client.refund("same");
    now += 89 * 86_400_000;
    expect(await client.refund("same")).toMatchObject({ status: 409, body: { error: { code: "5031" } } });
    expect(await client.moved("same")).toHaveLength(1);
    now += 2 * 86_400_000;
    expect((await client.refund("same")).status).toBe(200);
  });

  test.each([false, "false"])("moves again with dupCheck %j", async (dupCheck) => {
    const client = await openPaysafe();
    await client.refund("same");
    expect((await client.refund("same", { dupCheck })).status).toBe(200);
    expect(await client.moved("same")).toHaveLength(2);
    expect((await client.find("same")).body.refunds).toHaveLength(2);
  });

  test("is seen before or after the settlement's state, or never, by switch", async () => {
    const client = await openPaysafe();
    await client.refund("all", { amount: 10_000 });
    expect((await client.refund("all", { amount: 10_000 })).body.error.code).toBe("5031");
    await client.turn("duplicate-check", "after-state");
    expect((await client.refund("all", { amount: 10_000 })).body.error.code).toBe("3404");
    await client.turn("duplicate-check", "off");
    await client.refund("some", { amount: 1 }, "stl-10098");
    expect((await client.refund("some", { amount: 1 }, "stl-10098")).status).toBe(200);
  });

  test("of a refused refund is free, or taken, by switch", async () => {
    const client = await openPaysafe();
    await client.refund("refused", {}, "stl-pending");
    await client.turn("refused-reference", "taken");
    expect((await client.refund("refused")).body.error.code).toBe("5031");
    await client.turn("refused-reference", "free");
    expect((await client.refund("refused")).status).toBe(200);
  });
});
