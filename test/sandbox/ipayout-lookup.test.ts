/** i-payout's two lookups. */

import { describe, expect, test } from "vitest";
import { open } from "./client.ts";

describe("lookups", () => {
  test("Find transactions tells a spendback by reference and by id, on both paths", async () => {
    const client = await (await open()).logIn();
    await client.spendBackItem("found", 12.5);
    for (const path of [
      "/Transaction/get?merchantReferenceId=found",
      "/transactions?MERCHANTREFERENCEID=found",
      "/Transaction/get?logTransactionId=100001",
    ]) {
      const reply = await client.api("GET", path);
      expect(reply.text).toContain('"amount":12.50,');
      expect(reply.body.data).toHaveLength(1);
      expect(reply.body.data[0]).toMatchObject({
        logTransactionId: 100_001,
        currencyCode: "USD",
        fromUsername: "alice",
        merchantReferenceId: "found",
        merchantBatchId: null,
        tranStatus: 1,
      });
    }
  });

  test("find nothing with an empty list, or null by switch, and need a filter", async () => {
    const client = await (await open()).logIn();
    expect((await client.lookUp("absent")).body).toMatchObject({ isSuccess: true, statusCode: 0, data: [] });
    await client.turn("empty-lookup", "null");
    expect((await client.lookUp("absent")).body.data).toBeNull();
    await client.turn("empty-lookup", "absent");
    expect((await client.lookUp("absent")).body).not.toHaveProperty("data");
    expect(await client.api("GET", "/Transaction/get")).toMatchObject({ status: 400, body: { statusCode: -72 } });
    expect(await client.api("GET", "/Transaction/get?logTransactionId=x")).toMatchObject({ status: 400 });
  });

  test("Find payment items filters by user, reference, status and time", async () => {
    const client = await (await open()).logIn();
    await client.spendBackItem("p1", 1);
    await client.spendBackItem("p2", 2, { username: "bob" });
    const references = async (query: string): Promise<string[]> =>
      (await client.api("GET", `/PayIn/get${query}`)).body.data.map(
        (each: { merchantTransactionId: string }) => each.merchantTransactionId,
      );
    expect(await references("")).toEqual(["p1", "p2"]);
    expect(await references("?userName=bob")).toEqual(["p2"]);
    expect(await references("?merchantReferenceId=p1&status=1")).toEqual(["p1"]);
    expect(await references("?status=0")).toEqual([]);
    expect(await references("?dateFrom=2999-01-01T00:00:00Z")).toEqual([]);
    expect(await references("?dateTo=2999-01-01T00:00:00Z&dateFrom=2000-01-01")).toEqual(["p1", "p2"]);
    expect(await client.api("GET", "/payins?dateFrom=soon")).toMatchObject({ status: 400 });
    const [item] = (await client.api("GET", "/payins?merchantReferenceId=p1")).body.data;
    expect(item).toEqual({
      amount: 1,
      currencyCode: "USD",
      subscriptionAmount: 0,
      isSubscription: false,
      description: null,
      mustComplete: false,
      merchantTransactionId: "p1",
      transactionStatusId: 1,
      returnUrl: null,
    });
  });

  test("list spendbacks only where the switch says", async () => {
    const client = await (await open()).logIn();
    await client.spendBack("listed");
    await client.turn("spendbacks-listed", "payins");
    expect((await client.lookUp("listed")).body.data).toEqual([]);
    expect((await client.api("GET", "/PayIn/get?merchantReferenceId=listed")).body.data).toHaveLength(1);
    await client.turn("spendbacks-listed", "none");
    expect((await client.api("GET", "/PayIn/get?merchantReferenceId=listed")).body.data).toEqual([]);
  });

  test.each([42, 2, 9, 10, -100])("say status %i by switch and leave the money", async (status) => {
    const client = await (await open()).logIn();
    await client.turn("transaction-status", status);
    await client.spendBack("said", 1);
    expect((await client.lookUp("said")).body.data[0].tranStatus).toBe(status);
    expect((await client.api("GET", "/payins?merchantReferenceId=said")).body.data[0].transactionStatusId).toBe(status);
    expect(await client.funds("ben-alice")).toBe(99_900);
  });

  test.each([-1, 3])("give the money back once they say %i", async (status) => {
    const client = await (await open()).logIn();
    await client.spendBack("undone", 1);
    await client.turn("transaction-status", status);
    expect((await client.lookUp("undone")).body.data[0].tranStatus).toBe(status);
    expect(await client.moved("undone")).toEqual(["debit ben-alice 100 USD failed"]);
    expect(await client.funds("ben-alice")).toBe(100_000);
  });
});
