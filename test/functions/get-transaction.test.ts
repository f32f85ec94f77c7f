/** Facts about `GET /v1/transactions/{id}` and about calls that nobody answers. */
import { describe, expect, test } from "vitest";
import { GetTransaction, run } from "../../functions/get-transaction.ts";
import { handler as notFound } from "../../functions/not-found.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import { endpointHandler } from "../../lib/lambda/endpoint.ts";
import { memoryTransactions } from "../../lib/store/memory-store.ts";
import { apiEvent, caller, captureLog, context } from "../lambda/api-event.ts";
import { sample } from "../store/sample.ts";

captureLog();

async function get(id: string, query?: Record<string, string>) {
  const repaired: string[] = [];
  const transactions = memoryTransactions();
  await transactions.create(sample("acme", 1, { recipient: { id: "b-1" } }));
  await transactions.create(sample("somebody-else", 1));
  const consistencies: string[] = [];
  const dependencies = {
    transactions: {
      get: (asked: string, consistency: "consistent" | "eventual") => {
        consistencies.push(consistency);
        return transactions.get(asked, consistency);
      },
    },
    repair: async (transaction: Transaction) => {
      repaired.push(transaction.id);
    },
  };
  const handler = endpointHandler({ scope: "transactions:read", input: GetTransaction, run }, () => dependencies);
  const event = apiEvent({ method: "GET", caller, path: { id }, ...(query && { query }) });
  const answer = await handler(event, context);
  return { status: answer.statusCode, json: JSON.parse(answer.body ?? "null"), consistencies, repaired };
}

describe("a transaction", () => {
  test("is shown with its log, as it was last written", async () => {
    const { id } = sample("acme", 1);
    const { status, json, consistencies, repaired } = await get(id);
    expect(repaired).toEqual([id]);
    expect(status).toBe(200);
    expect(json).toEqual({
      id,
      kind: "spendback",
      status: "pending",
      connection: "ipayout",
      provider: "ipayout",
      amount: { value: 1999, currency: "USD" },
      recipient: { id: "b-1" },
      attempts: 0,
      createdAt: "2026-11-20T09:30:00.000Z",
      updatedAt: "2026-11-20T09:30:00.000Z",
      nextActionAt: "2026-11-20T09:31:30.000Z",
      log: [{ at: "2026-11-20T09:30:00.000Z", status: "pending", by: "api" }],
    });
    expect(consistencies).toEqual(["consistent"]);
  });

  test("of another tenant is answered exactly as one that does not exist", async () => {
    const { id } = sample("somebody-else", 1);
    const others = await get(id);
    const nobodys = await get("txn_never");
    expect([others.status, nobodys.status]).toEqual([404, 404]);
    expect([others.repaired, nobodys.repaired]).toEqual([[], []]);
    expect(others.json).toEqual({ ...nobodys.json, detail: `There is no transaction "${id}".` });
  });

  test("is not shown where the call names what is not known", async () => {
    const { status, json } = await get(sample("acme", 1).id, { expand: "log" });
    expect(status).toBe(400);
    expect(json.errors).toEqual([{ path: "expand", message: "is not a known field" }]);
  });
});

describe("a call that no route takes", () => {
  test("is answered with a problem document, with or without a key", async () => {
    for (const options of [{}, { caller }, { method: "GET" as const }]) {
      const { statusCode, headers, body = "" } = await notFound(apiEvent({ body: "{}", ...options }), context);
      expect(statusCode).toBe(404);
      expect(headers).toMatchObject({ "content-type": "application/problem+json" });
      expect(JSON.parse(body)).toMatchObject({ code: "not_found", status: 404 });
    }
  });
});
