/** Facts about `GET /v1/transactions`, through the endpoint's shell. */
import { describe, expect, test } from "vitest";
import { ListTransactions, run } from "../../functions/list-transactions.ts";
import { endpointHandler } from "../../lib/lambda/endpoint.ts";
import { memoryTransactions } from "../../lib/store/memory-store.ts";
import type { TransactionQuery } from "../../lib/store/port.ts";
import { apiEvent, caller, captureLog, context } from "../lambda/api-event.ts";
import { sample } from "../store/sample.ts";

captureLog();

async function stage(count = 0, tenant = "acme") {
  const transactions = memoryTransactions();
  for (let n = 0; n < count; n++) {
    await transactions.create(
      sample(tenant, n, { createdAt: new Date(Date.UTC(2026, 10, 20, 9, 0, n)).toISOString() }),
    );
  }
  const asked: TransactionQuery[] = [];
  const dependencies = {
    transactions: {
      list: (query: TransactionQuery) => {
        asked.push(query);
        return transactions.list(query);
      },
    },
  };
  const handler = endpointHandler({ scope: "transactions:read", input: ListTransactions, run }, () => dependencies);
  const get = async (query?: Record<string, string>, by = caller) => {
    const answer = await handler(apiEvent({ method: "GET", caller: by, ...(query && { query }) }), context);
    return { status: answer.statusCode, json: JSON.parse(answer.body ?? "null") };
  };
  return { get, asked };
}

const seconds = (items: { createdAt: string }[]) => items.map(({ createdAt }) => Number(createdAt.slice(17, 19)));

describe("a tenant's transactions", () => {
  test("come newest first, 25 at a time, and the cursor goes on where the page ended", async () => {
    const { get } = await stage(60);
    const found: number[] = [];
    const pages: number[] = [];
    for (let cursor: string | undefined; ; ) {
      const { status, json } = await get(cursor === undefined ? undefined : { cursor });
      expect(status).toBe(200);
      found.push(...seconds(json.items));
      pages.push(json.items.length);
      if (!("cursor" in json)) break;
      cursor = json.cursor;
    }
    expect(pages).toEqual([25, 25, 10]);
    expect(found).toEqual(Array.from({ length: 60 }, (_, n) => 59 - n));
  });

  test("come as the API shows them: no tenant, no fingerprint, no state of the attempt", async () => {
    const { json } = await (await stage(1)).get();
    expect(Object.keys(json)).toEqual(["items"]);
    for (const hidden of ["tenant", "fingerprint", "attempt"]) expect(json.items[0]).not.toHaveProperty(hidden);
    expect(json.items[0]).toMatchObject({ kind: "spendback", updatedAt: "2026-11-20T09:00:00.000Z" });
  });

  test("of somebody else are not shown", async () => {
    const { get } = await stage(5, "somebody-else");
    expect((await get()).json).toEqual({ items: [] });
    expect((await get({}, { ...caller, tenant: "somebody-else" })).json.items).toHaveLength(5);
  });

  test("are asked for with every filter given, and with nothing else", async () => {
    const { get, asked } = await stage();
    await get();
    await get({
      kind: "refund",
      status: "needs_review",
      connection: "ipayout",
      batch: "batch-1",
      original: "p-1",
      from: "2026-11-20",
      to: "2026-11-21T10:30:00+02:00",
      limit: "100",
    });
    expect(asked).toEqual([
      { tenant: "acme", limit: 25 },
      {
        tenant: "acme",
        limit: 100,
        kind: "refund",
        status: "needs_review",
        connection: "ipayout",
        batch: "batch-1",
        original: "p-1",
        from: "2026-11-20T00:00:00.000Z",
        to: "2026-11-21T08:30:00.000Z",
      },
    ]);
  });

  const encode = (position: string) => Buffer.from(position).toString("base64url");
  const wrong: readonly (readonly [string, string])[] = [
    ["limit", "0"],
    ["limit", "101"],
    ["limit", "-1"],
    ["limit", "1.5"],
    ["limit", "1e2"],
    ["limit", ""],
    ["limit", "25 "],
    ["kind", "payout"],
    ["status", "paid"],
    ["status", "succeeded,failed"],
    ["connection", ""],
    ["batch", ""],
    ["original", ""],
    ["from", "yesterday"],
    ["from", "20.11.2026"],
    ["from", "2026-13-01"],
    ["from", "2026-02-30"],
    ["from", "2026-11-20junk"],
    ["from", "2026-11-20T09:30:00"],
    ["to", "2026-11-20 21:00"],
    ["to", "1795167000000"],
    ["cursor", ""],
    ["cursor", "abc"],
    ["cursor", encode("2026-11-20T09:30:00.000Z")],
    ["cursor", encode("~")],
    ["cursor", encode('{"id":"txn_1"}')],
    ["cursor", encode("2026-11-20T09:30:00.000Z#txn_1' OR 1=1")],
    ["page", "2"],
  ];
  test.each(wrong)("are not listed where %s is %j", async (name, value) => {
    const { get, asked } = await stage();
    const { status, json } = await get({ [name]: value });
    expect([status, json.code]).toEqual([400, "validation_failed"]);
    expect(json.errors.map(({ path }: { path: string }) => path)).toEqual([name]);
    expect(json.errors[0].message).toMatch(/^(must|is) /);
    expect(asked).toEqual([]);
  });

  test("are not listed where several filters are wrong, and all of them are named", async () => {
    const { json } = await (await stage()).get({ limit: "0", kind: "x", cursor: "x", colour: "red" });
    expect(json.errors.map(({ path }: { path: string }) => path).sort()).toEqual(["colour", "cursor", "kind", "limit"]);
  });
});
