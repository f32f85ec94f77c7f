/** Mircate's List Transactions: six members a row, filters and pages, and each switch for what the documents leave open. */

import { expect, test } from "vitest";
import type { Reply } from "./client.ts";
import { openMircate } from "./mircate-client.ts";

interface Row {
  readonly transactionId: string;
  readonly type: string;
  readonly amount: number;
  readonly createdAt: string;
}

const idsOf = ({ body }: Reply): string[] => body.transactions.map((row: Row) => row.transactionId);

test("a row has the six documented members, newest first", async () => {
  const { list } = await openMircate();
  const reply = await list({ filters: [{ type: "SPENT" }] });
  expect(reply.text).toBe(
    '{"transactions":[' +
      '{"transactionId":"spent-25","type":"SPENT","amount":2500,"description":"Order 1003","channel":"POS","createdAt":"2026-01-08T12:00:00.000Z"},' +
      '{"transactionId":"spent-60","type":"SPENT","amount":6000,"description":"Order 1002","channel":"POS","createdAt":"2026-01-07T17:45:12.345Z"},' +
      '{"transactionId":"spent-100","type":"SPENT","amount":10000,"description":"Order 1001","channel":"POS","createdAt":"2026-01-06T09:30:00.000Z"}' +
      '],"from":0,"pageSize":50,"total":3,"size":3}',
  );
});

test("a list is of the account that is named, by number or by wallet and currency", async () => {
  const { list, call, turn } = await openMircate();
  expect(idsOf(await call("listTransactions", { walletId: "wallet-alice", currency: "USD" }))).toEqual([
    "spent-usd-40",
    "loaded-usd-100",
  ]);
  expect((await list({ accountNumber: "nobody" })).status).toBe(404);
  await turn("unknown-account", "empty");
  expect((await list({ accountNumber: "nobody" })).body).toMatchObject({ transactions: [], total: 0 });
});

test("the documented request is read, and a wrong one breaks the input model", async () => {
  const { call, list } = await openMircate();
  const sample = `{"from":0,"pageSize":0,"filters":[{"type":"EARNED","search":"string"}],"sorts":[{}],
 "walletId":"wallet-bob","currency":"TRY","accountNumber":"bob-try",
 "expiresAt":{"startDate":"string","endDate":"string"}}`;
  expect((await call("listTransactions", sample)).body).toEqual({
    transactions: [],
    from: 0,
    pageSize: 10,
    total: 0,
    size: 0,
  });
  const issueOf = async (changes: object) => (await list(changes)).body.issues[0];
  expect(await issueOf({ filters: [{ type: "CANCELLED" }] })).toMatchObject({
    instancePath: "/filters/0/type",
    schemaPath: "#/properties/filters/items/properties/type/enum",
  });
  expect(await issueOf({ filters: {} })).toMatchObject({ instancePath: "/filters", keyword: "type" });
  expect(await issueOf({ from: "0" })).toMatchObject({ instancePath: "/from" });
  expect(await issueOf({ createdAt: {} })).toMatchObject({ params: { additionalProperty: "createdAt" } });
});

test("a search looks into ids, texts, or nothing by switch; filters may be ignored", async () => {
  const { list, turn } = await openMircate();
  const search = async (text: string) => idsOf(await list({ filters: [{ type: "SPENT", search: text }] }));
  expect(await search("spent-60")).toEqual(["spent-60"]);
  expect(await search("Order 1002")).toEqual([]);
  await turn("search-columns", "texts");
  expect(await search("spent-60")).toEqual([]);
  expect(await search("Order 1002")).toEqual(["spent-60"]);
  await turn("search-columns", "ignored");
  expect(await search("nothing")).toHaveLength(3);
  await turn("filters", "ignored");
  expect(await search("nothing")).toHaveLength(6);
});

test("pages are cut by rows or by pages, up to a size, in either order", async () => {
  const { list, turn } = await openMircate();
  await turn("page-size-max", 4);
  const first = await list();
  expect(first.body).toMatchObject({ from: 0, pageSize: 4, total: 6, size: 4 });
  expect(idsOf(await list({ from: 4 }))).toEqual(["loaded-500", "initialized-alice-try"]);
  await turn("list-from", "pages");
  expect(idsOf(await list({ from: 1 }))).toEqual(["loaded-500", "initialized-alice-try"]);
  await turn("list-order", "oldest");
  expect(idsOf(await list())[0]).toBe("initialized-alice-try");
});

test("what moved is listed at once, after a time, or after some lists", async () => {
  let time = Date.parse("2026-11-05T10:00:00.000Z");
  const { refund, list, turn, arm } = await openMircate({ now: () => time });
  const refunds = async () => idsOf(await list({ filters: [{ type: "REFUNDED" }] }));
  await refund({ amount: 1 });
  expect(await refunds()).toEqual(["mrc-100001", "refunded-25"]);
  await turn("list-lag-ms", 1_000);
  expect(await refunds()).toEqual(["refunded-25"]);
  time += 1_000;
  expect(await refunds()).toEqual(["mrc-100001", "refunded-25"]);
  await turn("list-lag-ms", 0);
  await arm("refund", "late-lookup");
  await refund({ amount: 2 });
  expect([(await refunds()).length, (await refunds()).length, (await refunds()).length]).toEqual([2, 2, 3]);
});

test("a row names its original, its reference, another type, a sign and a time by switch", async () => {
  const { refund, spend, list, turn } = await openMircate({ now: () => Date.parse("2026-11-05T10:00:00.123Z") });
  await refund({ amount: 1 });
  await spend({ referenceId: "o-1" });
  const rows = async (): Promise<Record<string, unknown>[]> => (await list({ pageSize: 2 })).body.transactions;
  expect((await rows()).flatMap((row) => [row["referenceId"], row["refundedTransactionId"]])).toEqual(
    Array.from({ length: 4 }),
  );
  await turn("row-original", "shown");
  await turn("row-reference", "shown");
  expect(await rows()).toMatchObject([{ referenceId: "o-1" }, { refundedTransactionId: "spent-100" }]);
  await turn("row-type", "RETURNED");
  expect(await rows()).toMatchObject([{ type: "SPENT" }, { type: "RETURNED" }]);
  await turn("signs", "spent-negative");
  expect(await rows()).toMatchObject([{ amount: -1_000 }, { amount: 1 }]);
  await turn("signs", "refunded-negative");
  expect(await rows()).toMatchObject([{ amount: 1_000 }, { amount: -1 }]);
  const times: unknown[] = [];
  for (const form of ["iso", "seconds", "local", "epoch"]) {
    await turn("created-at", form);
    times.push((await rows())[0]?.["createdAt"]);
  }
  expect(times).toEqual(["2026-11-05T10:00:00.123Z", "2026-11-05T10:00:00Z", "2026-11-05 13:00:00", "1793872800123"]);
});

test("an empty list has no rows, or is 404 by switch", async () => {
  const { list, turn } = await openMircate();
  const none = { filters: [{ type: "FIX" }] };
  expect((await list(none)).body).toEqual({ transactions: [], from: 0, pageSize: 50, total: 0, size: 0 });
  await turn("empty-list", "404");
  expect((await list(none)).status).toBe(404);
});
