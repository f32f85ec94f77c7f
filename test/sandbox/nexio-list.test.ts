/** Nexio's list of spendbacks, and the view of one. */

import { describe, expect, test } from "vitest";
import { openNexio } from "./nexio-client.ts";

describe("the list", () => {
  test("finds a spendback by its reference, completed at the first look", async () => {
    const nexio = await openNexio();
    const submitted = await nexio.submit("43b57dce-4dca-474a-84f4-4684f3a8aa52");
    const { body } = await nexio.list("spendbackRef=43b57dce-4dca-474a-84f4-4684f3a8aa52");
    expect(body).toEqual({
      offset: 0,
      limit: 10,
      rows: [{ ...submitted.body, spendbackStatus: 20 }],
      hasMore: false,
    });
    expect(await nexio.moved("43b57dce-4dca-474a-84f4-4684f3a8aa52")).toEqual(["debit 137241 1483 USD settled"]);
    expect((await nexio.api("GET", `/payout/v3/spendback/${submitted.body.id}`)).body).toEqual(body.rows[0]);
  });

  test("filters by what is documented, and by nothing else", async () => {
    const nexio = await openNexio();
    await nexio.submit("usd", { description: "May" });
    await nexio.submit("eur", { recipientId: 137_242, currency: "EUR", amount: 5 });
    await nexio.submit("eur-late", { recipientId: 137_242, currency: "EUR", amount: 999 });
    const references = async (query: string): Promise<string[]> =>
      (await nexio.list(query)).body.rows.map((each: { spendbackRef: string }) => each.spendbackRef);
    expect(await references("")).toEqual(["usd", "eur"]);
    expect(await references("currency=EUR&spendbackStatus=20")).toEqual(["eur"]);
    expect(await references("currency=EUR&spendbackStatus=90")).toEqual([]);
    expect(await references("amount=14.83")).toEqual(["usd"]);
    expect(await references("description=May&recipientId=137241")).toEqual(["usd"]);
    expect(await references("recipientRef=rcp-erik")).toEqual(["eur"]);
    expect(await references("startDate=2999-01-01")).toEqual([]);
    expect(await references("startDate=2000-01-01&endDate=2999-01-01T00:00:00.000Z")).toEqual(["usd", "eur"]);
    for (const query of ["reference=usd", "startDate=soon", "limit=-1", "offset=x"]) {
      expect((await nexio.list(query)).status).toBe(400);
    }
  });

  test("goes page by page", async () => {
    const nexio = await openNexio();
    for (let n = 0; n < 12; n++) await nexio.submit(`n${n}`, { amount: 1 });
    const first = (await nexio.list("")).body;
    expect([first.rows.length, first.hasMore]).toEqual([10, true]);
    const second = (await nexio.list("offset=10")).body;
    expect([second.rows.length, second.hasMore, second.offset]).toEqual([2, false, 10]);
    expect((await nexio.list("limit=12")).body.hasMore).toBe(false);
  });

  test("is empty, or a 404 by switch, where nothing matches", async () => {
    const nexio = await openNexio();
    expect((await nexio.list("spendbackRef=none")).body).toEqual({ offset: 0, limit: 10, rows: [], hasMore: false });
    await nexio.turn("empty-list", "404");
    expect((await nexio.list("spendbackRef=none")).text).toBe('{"error":404,"message":"Not found"}');
  });

  test("can filter references by their beginning, or not at all, or only lately", async () => {
    const nexio = await openNexio();
    await nexio.submit("abc");
    await nexio.submit("abcd");
    const count = async (query: string): Promise<number> => (await nexio.list(query)).body.rows.length;
    expect(await count("spendbackRef=abc")).toBe(1);
    await nexio.turn("reference-filter", "prefix");
    expect(await count("spendbackRef=abc")).toBe(2);
    await nexio.turn("reference-filter", "ignored");
    expect(await count("spendbackRef=x")).toBe(2);
    await nexio.turn("list-window-days", 0);
    expect(await count("")).toBe(0);
    expect(await count("startDate=2000-01-01")).toBe(2);
  });

  test("says any status by switch, and makes final ones true", async () => {
    const nexio = await openNexio();
    await nexio.submit("said");
    const said = async (): Promise<number> => (await nexio.list("spendbackRef=said")).body.rows[0].spendbackStatus;
    await nexio.turn("status", 77);
    expect(await said()).toBe(77);
    await nexio.turn("status", 90);
    expect(await said()).toBe(90);
    expect(await nexio.moved("said")).toEqual(["debit 137241 1483 USD failed"]);
    expect(await nexio.funds("137241")).toBe(50_000);
  });

  test("cannot be replaced by the view, by switch or with an id that nobody has", async () => {
    const nexio = await openNexio();
    const { id } = (await nexio.submit("viewed")).body;
    expect((await nexio.api("GET", "/payout/v3/spendback/1")).status).toBe(404);
    await nexio.turn("view-by-id", "off");
    expect((await nexio.api("GET", `/payout/v3/spendback/${id}`)).text).toBe('{"error":404,"message":"Not found"}');
  });
});

test("a pending spendback completes by itself, too", async () => {
  const nexio = await openNexio();
  const { id } = (await nexio.submit("alone")).body;
  const [movement] = nexio.client.sandbox?.ledger.movements({ id: String(id) }) ?? [];
  expect(movement?.plan?.becomes).toMatchObject({ lookups: 1, at: expect.any(String), status: "settled" });
});
