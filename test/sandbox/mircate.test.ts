/** Mircate's refunds, spends and lists: the documented shapes, and each switch for what the documents leave open. */

import { describe, expect, test } from "vitest";
import { openMircate } from "./mircate-client.ts";

/** The clock of the tests that look at bytes. */
const now = () => Date.parse("2026-11-05T10:00:00.000Z");

describe("a refund", () => {
  test("answers the documented members in the documented order, and moves the money", async () => {
    const { refund, moved } = await openMircate({ now });
    const reply = await refund({ amount: 2_500 });
    expect(reply.status).toBe(200);
    expect(reply.text).toBe(
      '{"transaction":{"transactionId":"mrc-100001","type":"REFUNDED","amount":2500,"channel":"POS","createdAt":"2026-11-05T10:00:00.000Z","refundedTransactionId":"spent-100"},"balance":36500}',
    );
    expect(await moved()).toEqual(["refund credit alice-try 2500 TRY spent-100"]);
  });

  test("without an amount is of the whole payment, by wallet and currency as by number", async () => {
    const { call, moved } = await openMircate();
    await call("refund", { transactionId: "spent-usd-40", walletId: "wallet-alice", currency: "USD" });
    expect(await moved()).toEqual(["refund credit alice-usd 4000 USD spent-usd-40"]);
  });

  test.each([
    ["remainder", 200, 7_000],
    ["reject", 400, undefined],
    ["whole", 400, undefined],
  ])("without an amount after a partial one: %s", async (way, status, amount) => {
    const { refund, turn } = await openMircate();
    await turn("full-after-partial", way);
    await refund({ amount: 3_000 });
    const reply = await refund();
    expect(reply.status).toBe(status);
    expect(reply.body.transaction?.amount).toBe(amount);
  });

  test.each([
    ["reject", 400, undefined, 0],
    ["validation", 400, "VALIDATION", 0],
    ["404", 404, undefined, 0],
    ["accept", 200, undefined, 1],
  ])("above what is left: %s", async (way, status, code, moves) => {
    const { refund, turn, moved } = await openMircate();
    await turn("over-refund", way);
    const reply = await refund({ amount: 10_001 });
    expect(reply.status).toBe(status);
    expect(reply.body.code).toBe(code);
    expect(await moved()).toHaveLength(moves);
  });

  test("a second time of the whole is refused, also of what was returned before the sandbox's time", async () => {
    const { refund } = await openMircate();
    expect((await refund()).status).toBe(200);
    expect((await refund()).status).toBe(400);
    expect((await refund({ amount: 1 })).status).toBe(400);
    expect((await refund({ transactionId: "spent-25", amount: 1 })).status).toBe(400);
  });

  test.each([
    [{ transactionId: undefined }, "", "required", "must have required property 'transactionId'"],
    [{ amount: 0 }, "/amount", "minimum", "must be >= 1"],
    [{ amount: 1.5 }, "/amount", "type", "must be integer"],
    [{ amount: "1" }, "/amount", "type", "must be integer"],
    [{ accountNumber: 7 }, "/accountNumber", "type", "must be string"],
    [{ accountNumber: undefined }, "", "anyOf", "must match a schema in anyOf"],
    [{ accountNumber: undefined, walletId: "wallet-alice" }, "", "anyOf", "must match a schema in anyOf"],
    [{ referenceId: "x" }, "", "additionalProperties", "must NOT have additional properties"],
  ])("breaks the input model with %j", async (changes, instancePath, keyword, message) => {
    const { refund, moved } = await openMircate();
    const reply = await refund(changes);
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({
      code: "VALIDATION",
      message: "Model validation has been failed.",
      issues: [{ instancePath, keyword, message }],
    });
    expect(await moved()).toEqual([]);
  });

  test("breaks the input model with the platform's bytes", async () => {
    const { call } = await openMircate();
    expect((await call("refund", { accountNumber: "alice-try" })).text).toBe(
      `{"code":"VALIDATION","message":"Model validation has been failed.","issues":[{"instancePath":"","schemaPath":"#/required","keyword":"required","params":{"missingProperty":"transactionId"},"message":"must have required property 'transactionId'"}]}`,
    );
  });

  test.each([
    [{ transactionId: "nowhere" }, 404],
    [{ accountNumber: "nobody" }, 404],
    [{ accountNumber: "bob-try" }, 404],
    [{ walletId: "wallet-bob" }, 404],
    [{ transactionId: "loaded-500" }, 400],
    [{ transactionId: "refunded-25" }, 400],
    [{ transactionId: "spent-carol-20", accountNumber: "carol-try" }, 400],
  ])("is refused with %j by HTTP %i", async (changes, status) => {
    const { refund, moved } = await openMircate();
    expect((await refund(changes)).status).toBe(status);
    expect(await moved()).toEqual([]);
  });

  test.each([
    [204, ""],
    [400, '{"message":"Bad Request"}'],
    [500, '{"message":"Internal Server Error"}'],
  ])("that was carried out answers HTTP %i by switch", async (status, text) => {
    const { refund, turn, moved } = await openMircate();
    await turn("refund-status", status);
    expect(await refund({ amount: 1 })).toMatchObject({ status, text });
    expect(await moved()).toHaveLength(1);
  });

  test("leaves members out by switch", async () => {
    const { refund, turn } = await openMircate();
    const membersOf = async (form: string) => {
      await turn("refund-answer", form);
      return Object.keys((await refund({ amount: 1 })).body.transaction ?? {});
    };
    expect(await membersOf("no-original")).toEqual(["transactionId", "type", "amount", "channel", "createdAt"]);
    expect(await membersOf("no-id")).toEqual(["type", "amount", "channel", "createdAt", "refundedTransactionId"]);
    expect(await membersOf("empty")).toEqual([]);
  });

  test("counts in major units by switch", async () => {
    const { refund, turn, moved } = await openMircate();
    await turn("amount-unit", "major");
    expect((await refund({ amount: 25 })).body).toMatchObject({ transaction: { amount: 25 }, balance: 365 });
    expect(await moved()).toEqual(["refund credit alice-try 2500 TRY spent-100"]);
  });
});

describe("a write", () => {
  test.each(["refund", "spend"] as const)("is rejected with 570 while another is running (%s)", async (method) => {
    let time = now();
    const { [method]: write, turn, moved } = await openMircate({ now: () => time });
    await turn("busy", 1_000);
    const statuses: number[] = [];
    for (const wait of [0, 999, 1]) {
      time += wait;
      statuses.push((await write({ amount: 1 })).status);
    }
    expect(statuses).toEqual([200, 570, 200]);
    await turn("busy", "on");
    expect(await write({ amount: 1 })).toMatchObject({ status: 570, text: "" });
    expect(await moved()).toHaveLength(2);
  });

  test("that breaks after it was carried out has moved, and one that breaks before has not", async () => {
    const { refund, arm, moved } = await openMircate();
    await arm("refund", "error-500-before");
    expect((await refund({ amount: 1 })).status).toBe(500);
    expect(await moved()).toHaveLength(0);
    await arm("refund", "error-500-after");
    expect((await refund({ amount: 1 })).status).toBe(500);
    expect(await moved()).toHaveLength(1);
    await arm("refund", "reset-after");
    await expect(refund({ amount: 1 })).rejects.toThrow();
    expect(await moved()).toHaveLength(2);
  });
});

describe("every call", () => {
  test.each(["refund", "spend", "listTransactions"])("needs the key, or is 403 (%s)", async (method) => {
    const { call, turn } = await openMircate();
    for (const headers of [{ "x-api-key": "wrong" }, { "x-api-key": "" }]) {
      expect(await call(method, {}, headers)).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
    }
    await turn("error-body", "text");
    expect((await call(method, {}, { "x-api-key": "wrong" })).text).toBe("Forbidden");
    await turn("error-body", "empty");
    expect((await call(method, {}, { "x-api-key": "wrong" })).text).toBe("");
  });

  test("above the limit is 429, with Retry-After by switch", async () => {
    const { list, turn, arm } = await openMircate();
    await arm("lookup", "rate-limit", { times: 2 });
    const plain = await list();
    expect(plain.status).toBe(429);
    expect(plain.headers.get("retry-after")).toBeNull();
    await turn("retry-after", 7);
    expect((await list()).headers.get("retry-after")).toBe("7");
  });

  test("that is not documented, or of another instance, is 404", async () => {
    const { call, client } = await openMircate();
    for (const method of ["cancel", "load", "getAccount"]) expect((await call(method, {})).status).toBe(404);
    const headers = { "x-api-key": "sandbox-api-key" };
    const at = (path: string) => client.call("POST", `/mircate/CALL/WalletAPI/${path}`, { headers, body: {} });
    expect((await at("refund/sandbox-project")).status).toBe(404);
    expect((await at("listTransactions/sandbox-project-sandbox-account")).status).toBe(404);
  });
});

describe("a spend", () => {
  test("answers the documented members, and can be refunded", async () => {
    const { spend, refund, moved } = await openMircate({ now });
    const reply = await spend({ description: "Order 1004", referenceId: "o-1004", additionalData: { any: 1 } });
    expect(reply.text).toBe(
      '{"transaction":{"transactionId":"mrc-100001","type":"SPENT","amount":1000,"description":"Order 1004","channel":"POS","createdAt":"2026-11-05T10:00:00.000Z"},"balance":33000}',
    );
    expect((await refund({ transactionId: "mrc-100001" })).status).toBe(200);
    expect(await moved()).toEqual(["spend debit alice-try 1000 TRY", "refund credit alice-try 1000 TRY mrc-100001"]);
  });

  test("is refused without funds, at a closed account, and with wrong members", async () => {
    const { spend, moved } = await openMircate();
    expect((await spend({ amount: 34_001 })).status).toBe(400);
    expect((await spend({ accountNumber: "carol-try", amount: 1 })).status).toBe(400);
    expect((await spend({ channel: undefined })).body.code).toBe("VALIDATION");
    expect(await moved()).toEqual([]);
  });

  test("with a used referenceId moves again, or is refused by switch", async () => {
    const { spend, turn, moved } = await openMircate();
    const again = async () => (await spend({ referenceId: "o-1" })).status;
    expect([await again(), await again()]).toEqual([200, 200]);
    await turn("duplicate-reference", "reject");
    expect(await again()).toBe(400);
    expect(await moved()).toHaveLength(2);
  });
});
