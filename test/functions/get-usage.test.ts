/** Facts about `GET /v1/usage`, and the schedule that counts ahead of it. */
import { describe, expect, test } from "vitest";
import { run as countAll } from "../../functions/count-usage.ts";
import { GetUsage, run } from "../../functions/get-usage.ts";
import { noCost } from "../../lib/domain/cost.ts";
import type { MinorUnits } from "../../lib/domain/money.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import { endpointHandler } from "../../lib/lambda/endpoint.ts";
import { memoryApiKeys, memoryTransactions } from "../../lib/store/memory-store.ts";
import { memoryUsage } from "../../lib/store/memory-usage.ts";
import { apiEvent, caller, captureLog, context } from "../lambda/api-event.ts";
import { sample } from "../store/sample.ts";

const log = captureLog();

const cost = { ...noCost, writeUnits: 7, readHalfUnits: 9, apiCalls: 1 };

function stage(transactions = memoryTransactions()) {
  const dependencies = { usage: memoryUsage(), transactions, now: () => new Date("2026-11-20T12:00:00.000Z") };
  const handler = endpointHandler({ scope: "transactions:read", input: GetUsage, run }, () => dependencies);
  const get = async (query: Record<string, string>, by = caller) => {
    const answer = await handler(apiEvent({ method: "GET", query, caller: by }), context);
    return { status: answer.statusCode, body: JSON.parse(answer.body ?? "null") };
  };
  return { dependencies, transactions, get };
}

async function fill(transactions: ReturnType<typeof memoryTransactions>, some: readonly Partial<Transaction>[]) {
  for (const [n, members] of some.entries()) {
    await transactions.create(sample("acme", n, { status: "succeeded", cost, ...members }));
  }
}

describe("the usage of a month", () => {
  test("is shown with its sums, and its cost at the month's prices", async () => {
    const { transactions, get } = stage();
    await fill(transactions, [{}, { kind: "refund" }, { kind: "refund", status: "failed" }]);
    expect(await get({ month: "2026-11" })).toEqual({
      status: 200,
      body: {
        month: "2026-11",
        transactions: { spendback: 1, refund: 2, cashback: 0 },
        byStatus: { pending: 0, processing: 0, succeeded: 2, failed: 1, canceled: 0, needs_review: 0 },
        moved: { USD: 3_998 },
        cost: {
          // 3 × (7 × $0.625 + 4.5 × $0.125 + $1), a million each.
          dollars: "0.0000178125",
          writeUnits: 21,
          readUnits: 13.5,
          lambdaCalls: 0,
          lambdaMs: 0,
          lambdaMbMs: 0,
          apiCalls: 3,
          flows: 0,
          flowMs: 0,
          transitions: 0,
          pricesOf: "2026-11-01",
        },
        countedTo: "2026-11-20T12:00:00.000Z",
      },
    });
  });

  test("in which nothing happened is zero", async () => {
    const { body } = await stage().get({ month: "2024-02" });
    expect(body).toMatchObject({ transactions: { spendback: 0 }, moved: {}, cost: { dollars: "0" } });
    expect(body.countedTo).toBe("2024-03-01T00:00:00.000Z");
  });

  test("is the caller's own", async () => {
    const { transactions, get } = stage();
    await fill(transactions, [{}, { tenant: "other" }]);
    expect((await get({ month: "2026-11" })).body.transactions.spendback).toBe(1);
    expect((await get({ month: "2026-11" }, { ...caller, tenant: "nobody" })).body.transactions.spendback).toBe(0);
  });

  test("that no number of JSON holds is told as text", async () => {
    const { transactions, get } = stage();
    const amount = { value: Number.MAX_SAFE_INTEGER as MinorUnits, currency: "IDR" };
    await fill(transactions, [{ amount }, { amount }]);
    expect((await get({ month: "2026-11" })).body.moved).toEqual({ IDR: "18014398509481982" });
  });

  test.each([
    ["absent", {}],
    ["a day", { month: "2026-11-20" }],
    ["a thirteenth", { month: "2026-13" }],
    ["a word", { month: "november" }],
    ["in the future", { month: "2026-12" }],
    ["beside something unknown", { month: "2026-11", year: "2026" }],
  ])("is refused with the field's name: %s", async (_name, query) => {
    const { status, body } = await stage().get(query as Record<string, string>);
    expect(status).toBe(400);
    expect(body.code).toBe("validation_failed");
    expect(body.errors).toEqual([{ path: "year" in query ? "year" : "month", message: expect.any(String) }]);
  });

  test("needs a key that may read transactions", async () => {
    const { get } = stage();
    expect((await get({ month: "2026-11" }, { ...caller, scopes: "balances:read" })).status).toBe(403);
    expect((await get({ month: "2026-11" }, {})).status).toBe(401);
  });
});

describe("the schedule", () => {
  const keysOf = async (...tenants: readonly string[]) => {
    const apiKeys = memoryApiKeys();
    for (const [n, tenant] of tenants.entries()) {
      await apiKeys.put(`mbk_${n}`, { keyId: `key-${n}`, tenant, scopes: [] });
    }
    return apiKeys;
  };

  test("counts this month and the last of every tenant, however many keys it has", async () => {
    const { dependencies, transactions } = stage();
    await fill(transactions, [{}, { createdAt: "2026-10-31T23:59:59.000Z" }, { tenant: "other" }]);
    const apiKeys = await keysOf("acme", "acme", "other");
    expect(await countAll({ ...dependencies, apiKeys })).toEqual({ counted: 4 });
    for (const [tenant, month] of [
      ["acme", "2026-11"],
      ["acme", "2026-10"],
      ["other", "2026-11"],
    ] as const) {
      expect((await dependencies.usage.get(tenant, month))?.figures.transactions.spendback).toBe(1);
    }
  });

  test("counts the others where one cannot be counted, and says so", async () => {
    const { dependencies, transactions } = stage();
    const broken = {
      ...transactions,
      list: (query: Parameters<typeof transactions.list>[0]) =>
        query.tenant === "acme" ? Promise.reject(new Error("broken")) : transactions.list(query),
    };
    const apiKeys = await keysOf("acme", "other");
    expect(await countAll({ ...dependencies, transactions: broken, apiKeys })).toEqual({ counted: 2 });
    expect(log.lines()).toMatchObject([{ event: "usage not counted", tenant: "acme" }, { tenant: "acme" }]);
  });

  test("stops when its time is nearly over", async () => {
    const { dependencies } = stage();
    expect(await countAll({ ...dependencies, apiKeys: await keysOf("acme") }, () => 9_000)).toEqual({ counted: 0 });
  });
});

test("an unforeseen error is not the caller's", async () => {
  const broken = { ...memoryTransactions(), list: () => Promise.reject(new TypeError("broken")) };
  const { status, body } = await stage(broken).get({ month: "2026-11" });
  expect([status, body.code]).toEqual([500, "internal"]);
});
