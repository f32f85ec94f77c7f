/** Paysafe's lookups, cancellations, settlements and doors (contract, sections 2, 3, 6, 7 and 9). */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startSandbox } from "../../sandbox/server.ts";
import { Client } from "./client.ts";
import { openPaysafe, PaysafeClient } from "./paysafe-client.ts";

const DAY_MS = 86_400_000;

describe("a lookup", () => {
  test("shows a refund by id as by reference", async () => {
    const client = await openPaysafe();
    const { id } = (await client.refund("seen")).body;
    const { body } = await client.find("seen");
    expect(body.refunds).toMatchObject([{ id, merchantRefNum: "seen", status: "COMPLETED", amount: 100 }]);
    expect((await client.api("GET", `/refunds/${id}`)).body).toEqual(body.refunds[0]);
    expect(await client.api("GET", "/refunds/gone")).toMatchObject({ status: 400, body: { error: { code: "3414" } } });
  });

  test("that finds nothing is an empty list, or 404, by switch", async () => {
    const client = await openPaysafe();
    expect(await client.find("none")).toMatchObject({ status: 200, body: { refunds: [] } });
    await client.turn("empty-lookup", "404");
    expect((await client.find("none")).status).toBe(404);
  });

  test("sees 30 days unless it says more", async () => {
    let now = Date.now();
    const client = await openPaysafe({ now: () => now });
    await client.refund("old");
    now += 31 * DAY_MS;
    expect((await client.find("old")).body.refunds).toEqual([]);
    const startDate = new Date(now - 32 * DAY_MS).toISOString();
    expect((await client.find("old", `&startDate=${startDate}`)).body.refunds).toHaveLength(1);
    const endDate = new Date(now - 30 * DAY_MS).toISOString();
    expect((await client.find("old", `&startDate=${startDate}&endDate=${endDate}`)).body.refunds).toHaveLength(1);
    expect((await client.find("old", `&endDate=${endDate}`)).body.refunds).toHaveLength(1);
  });

  test("has pages of 10, of 50 at most, and a link to the next", async () => {
    const client = await openPaysafe();
    for (let n = 0; n < 12; n += 1) await client.refund("many", { amount: 1, dupCheck: false });
    const first = (await client.find("many")).body;
    expect(first.refunds).toHaveLength(10);
    const next = first.links.find(({ rel }: { rel: string }) => rel === "next").href;
    const second = (await client.api("GET", next.slice(client.sandbox.url.length))).body;
    expect(second.refunds).toHaveLength(2);
    expect(second.links).toHaveLength(1);
    expect((await client.find("many", "&limit=99&offset=11")).body.refunds).toHaveLength(1);
    expect((await client.find("many", "&limit=none")).body.error.code).toBe("5068");
    expect((await client.api("GET", "/refunds")).body.error.code).toBe("5042");
  });

  test("lists refused refunds as FAILED, or not, by switch", async () => {
    const client = await openPaysafe();
    const { id } = (await client.refund("refused", {}, "stl-pending")).body;
    const { body } = await client.find("refused");
    expect(body.refunds).toMatchObject([{ id, status: "FAILED", amount: 100, error: { code: "3406" } }]);
    expect((await client.api("GET", `/refunds/${id}`)).body.status).toBe("FAILED");
    await client.turn("refused-refunds", "hidden");
    expect((await client.find("refused")).body.refunds).toEqual([]);
    expect((await client.api("GET", `/refunds/${id}`)).body.error.code).toBe("3414");
  });

  test.each([
    ["COMPLETED", "settled"],
    ["FAILED", "failed"],
    ["CANCELLED", "failed"],
    ["SIDEWAYS", "pending"],
  ])("says %s by switch, and then it is so: %s", async (said, status) => {
    const client = await openPaysafe();
    await client.turn("batch-lookups", "never");
    await client.refund("said");
    await client.turn("refund-status", said);
    expect((await client.find("said")).body.refunds[0].status).toBe(said);
    expect(await client.moved("said")).toEqual([`debit 89987201 100 USD ${status}`]);
  });
});

describe("a fault", () => {
  test.each([
    ["pending-then-settled", ["PENDING", "COMPLETED"], "settled"],
    ["pending-then-failed", ["PENDING", "FAILED"], "failed"],
  ])("%s strikes all the shares of a refund together", async (fault, statuses, ended) => {
    const client = await openPaysafe();
    await client.arm("refund", fault);
    await client.refund("f", { splitpay: [{ linkedAccount: "1001391850", amount: 40 }] });
    for (const status of statuses) expect((await client.find("f")).body.refunds[0].status).toBe(status);
    expect(await client.moved("f")).toEqual([`debit 89987201 60 USD ${ended}`, `debit 1001391850 40 USD ${ended}`]);
    expect(await client.available()).toBe(ended === "settled" ? 9_900 : 10_000);
  });

  test.each([
    ["rate-limit", 429, "1200"],
    ["expired-token", 401, "5275"],
    ["error-500-before", 500, "1007"],
    ["error-500-after", 500, "1007"],
  ])("%s is HTTP %d with %s", async (fault, status, code) => {
    const client = await openPaysafe();
    await client.arm("refund", fault);
    const reply = await client.refund("f");
    expect(reply).toMatchObject({ status, body: { error: { code } } });
    expect(reply.headers.get("x-application-status-code")).toBe(code);
    expect(await client.moved("f")).toHaveLength(fault.endsWith("after") ? 1 : 0);
  });
});

describe("a cancellation", () => {
  test("takes a pending refund back with its shares, once", async () => {
    const client = await openPaysafe();
    await client.turn("batch-lookups", "never");
    const { id } = (await client.refund("c", { splitpay: [{ linkedAccount: "1001391850", amount: 40 }] })).body;
    const { status, body } = await client.cancel(id);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(["links", "id", "txnTime", "status"]);
    expect(body).toMatchObject({ id, status: "CANCELLED" });
    expect((await client.find("c")).body.refunds[0].status).toBe("CANCELLED");
    expect(await client.funds("1001391850")).toBe(1_000_000);
    expect(await client.available()).toBe(10_000);
    expect(await client.cancel(id)).toMatchObject({ status: 402, body: { error: { code: "3415" } } });
  });

  test("comes too late for what is completed, and knows no other refund", async () => {
    const client = await openPaysafe();
    await client.turn("batch-lookups", 0);
    const { id } = (await client.refund("c")).body;
    expect(await client.cancel(id)).toMatchObject({ status: 402, body: { error: { code: "3415" } } });
    expect(await client.cancel("gone")).toMatchObject({ status: 400, body: { error: { code: "3414" } } });
    const path = `/refunds/${id}`;
    expect(await client.api("PUT", path, { status: "COMPLETED" })).toMatchObject({ body: { error: { code: "5068" } } });
    expect(await client.api("PUT", path, "{")).toMatchObject({ body: { error: { code: "5023" } } });
  });
});

describe("a settlement", () => {
  test("shows what is left of it", async () => {
    const client = await openPaysafe();
    const { status, body } = await client.api("GET", "/settlements/stl-5500");
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: "stl-5500", amount: 5_500, availableToRefund: 2_225, status: "COMPLETED" });
    expect((await client.api("GET", "/settlements/stl-nowhere")).status).toBe(404);
  });

  test("that is not batched shows its whole amount, and is batched through the controls", async () => {
    const client = await openPaysafe();
    const get = async () => (await client.api("GET", "/settlements/stl-pending")).body;
    expect(await get()).toMatchObject({ status: "PENDING", availableToRefund: 5_000 });
    const account = { provider: "paysafe", account: "stl-pending", currency: "USD", balance: 5_000 };
    await client.sandbox.call("POST", "/_sandbox/accounts", { body: { ...account, status: "open" } });
    expect(await get()).toMatchObject({ status: "COMPLETED", availableToRefund: 5_000 });
    expect((await client.refund("batched", {}, "stl-pending")).status).toBe(200);
  });

  test("and a linked account can be made through the controls", async () => {
    const client = await openPaysafe();
    for (const account of ["stl-new", "1001391899"]) {
      const body = { provider: "paysafe", account, currency: "USD", balance: 700 };
      await client.sandbox.call("POST", "/_sandbox/accounts", { body });
    }
    const splitpay = [{ linkedAccount: "1001391899", amount: 700 }];
    expect((await client.refund("new", { amount: 700, splitpay }, "stl-new")).status).toBe(200);
  });

  test("says any status by switch", async () => {
    const client = await openPaysafe();
    await client.turn("settlement-status", "PROCESSING");
    expect((await client.api("GET", "/settlements/stl-100")).body.status).toBe("PROCESSING");
  });
});

describe("the door", () => {
  const path = "/settlements/stl-100";

  test.each([
    ["no key", path, { authorization: "" }, 401, "5280"],
    ["a wrong key", path, { authorization: "Basic eDp5" }, 401, "5279"],
    ["another's account", "/paysafe/cardpayments/v1/accounts/1002158490/settlements/stl-100", {}, 403, "5270"],
    ["another answer wanted", path, { accept: "text/html" }, 406, "5271"],
    ["a path that is not there", "/paysafe/cardpayments/v2", {}, 404, "5273"],
  ])("refuses %s", async (_what, where, headers, status, code) => {
    const client = await openPaysafe();
    expect(await client.api("GET", where, undefined, headers)).toMatchObject({ status, body: { error: { code } } });
  });

  test("refuses other methods and other bodies", async () => {
    const client = await openPaysafe();
    expect(await client.api("DELETE", path)).toMatchObject({ status: 405, body: { error: { code: "5281" } } });
    const headers = { "content-type": "text/plain" };
    const refund = { merchantRefNum: "t", amount: 1 };
    expect(await client.api("POST", `${path}/refunds`, refund, headers)).toMatchObject({
      status: 406,
      body: { error: { code: "5272" } },
    });
  });

  test("says that it is ready to whoever asks", async () => {
    const client = await openPaysafe();
    const reply = await client.sandbox.call("GET", "/paysafe/cardpayments/monitor");
    expect(reply.text).toBe('{"status":"READY"}');
  });
});

test("a cancelled refund is still cancelled after a restart of the sandbox", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "sandbox-"));
  try {
    const first = await startSandbox({ port: 0, dataDir });
    const before = new PaysafeClient(new Client(first.url, first));
    const { id } = (await before.refund("kept")).body;
    await before.cancel(id);
    await first.close();
    const client = await openPaysafe({ dataDir });
    expect((await client.api("GET", `/refunds/${id}`)).body).toMatchObject({ status: "CANCELLED", amount: 100 });
    expect(await client.available()).toBe(10_000);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
