/** Each fault over real HTTP: what the client sees, and what really happened. */

import { describe, expect, test } from "vitest";
import { open } from "./client.ts";

const ONCE = ["debit ben-alice 10000 USD settled"];

describe("a call that is never answered", () => {
  test.each([
    ["timeout-before", []],
    ["timeout-after", ONCE],
  ])("%s", async (fault, moved) => {
    const client = await (await open()).logIn();
    await client.arm("spendback", fault);
    await expect(client.spendBack("silent", 100, "USD", 200)).rejects.toThrow(/timeout/i);
    expect(await client.moved("silent")).toEqual(moved);
    const { body } = await client.call("GET", "/_sandbox/requests");
    expect(body.requests.at(-1)).toMatchObject({ operation: "spendback", reference: "silent", status: fault, fault });
  });

  test("ends after delayMs where that is given", async () => {
    const client = await (await open()).logIn();
    await client.arm("balance", "timeout-before", { delayMs: 50 });
    await expect(client.balance()).rejects.toThrow("fetch failed");
  });
});

describe("a connection that is reset", () => {
  test.each([
    ["reset-before", []],
    ["reset-after", ONCE],
  ])("%s", async (fault, moved) => {
    const client = await (await open()).logIn();
    await client.arm("spendback", fault);
    const error = await client.spendBack("reset").catch((caught: Error) => caught);
    expect((error as Error).cause).toMatchObject({ code: "ECONNRESET" });
    expect(await client.moved("reset")).toEqual(moved);
  });
});

describe("an answer that says nothing about the money", () => {
  test.each([
    ["error-500-before", 500, []],
    ["error-500-after", 500, ONCE],
    ["rate-limit", 429, []],
  ])("%s", async (fault, status, moved) => {
    const client = await (await open()).logIn();
    await client.arm("spendback", fault);
    expect((await client.spendBack("unsaid")).status).toBe(status);
    expect(await client.moved("unsaid")).toEqual(moved);
    const { body } = await client.call("GET", "/_sandbox/requests");
    expect(body.requests.at(-1)).toMatchObject({ status, fault });
  });

  test("garbage-200 is a 200 with an unreadable body after the money moved", async () => {
    const client = await (await open()).logIn();
    await client.arm("spendback", "garbage-200");
    const reply = await client.spendBack("garbage");
    expect(reply).toMatchObject({ status: 200, body: undefined });
    expect(await client.moved("garbage")).toEqual(ONCE);
  });

  test("slow answers rightly, late, and the money moved at once", async () => {
    const client = await (await open()).logIn();
    await client.arm("spendback", "slow", { delayMs: 300 });
    const start = Date.now();
    const answer = client.spendBack("slow");
    await expect.poll(() => client.moved("slow")).toEqual(ONCE);
    expect(Date.now() - start).toBeLessThan(300);
    expect((await answer).body.isSuccess).toBe(true);
    expect(Date.now() - start).toBeGreaterThanOrEqual(290);
  });
});

test("expired-token refuses a good token once, in the shape of the switch", async () => {
  const client = await (await open()).logIn();
  await client.arm("spendback", "expired-token", { times: 2 });
  expect((await client.spendBack("expired")).status).toBe(401);
  await client.turn("auth-failure", "envelope");
  expect((await client.spendBack("expired")).body.StatusCode).toBe(-71);
  expect(await client.moved("expired")).toEqual([]);
  expect((await client.spendBack("expired")).body.isSuccess).toBe(true);
});

describe("a pending spendback", () => {
  test("settles at its second lookup, having held the money all along", async () => {
    const client = await (await open()).logIn();
    await client.arm("spendback", "pending-then-settled");
    expect((await client.spendBack("later")).body.data.status).toBe("Pending");
    expect(await client.moved("later")).toEqual(["debit ben-alice 10000 USD pending"]);
    expect(await client.funds("ben-alice")).toBe(90_000);
    expect((await client.lookUp("later")).body.data[0].tranStatus).toBe(0);
    expect((await client.lookUp("later")).body.data[0].tranStatus).toBe(1);
    expect(await client.moved("later")).toEqual(ONCE);
    expect(await client.funds("ben-alice")).toBe(90_000);
  });

  test("of the contract's form answers as ever, and only lookups say so", async () => {
    const client = await (await open()).logIn();
    await client.arm("spendback", "pending-then-failed");
    const { data } = (await client.spendBackItem("item", 100)).body;
    expect(data[0].m_Code).toBe(0);
    const path = `/Transaction/get?logTransactionId=${data[0].logTransactionId}`;
    expect((await client.api("GET", path)).body.data[0].tranStatus).toBe(0);
    expect((await client.api("GET", path)).body.data[0].tranStatus).toBe(-1);
    expect(await client.funds("ben-alice")).toBe(100_000);
  });

  test("fails at the asked lookup, and the money is back", async () => {
    const client = await (await open()).logIn();
    await client.arm("spendback", "pending-then-failed", { lookups: 1 });
    await client.spendBack("never");
    expect((await client.lookUp("never")).body.data[0].tranStatus).toBe(-1);
    expect(await client.moved("never")).toEqual(["debit ben-alice 10000 USD failed"]);
    expect(await client.funds("ben-alice")).toBe(100_000);
  });

  test("ends by the clock where delayMs is given", async () => {
    let now = Date.now();
    const client = await (await open({ now: () => now })).logIn();
    await client.arm("spendback", "pending-then-settled", { delayMs: 5_000 });
    await client.spendBack("timed");
    now += 4_999;
    for (let n = 0; n < 3; n += 1) expect((await client.lookUp("timed")).body.data[0].tranStatus).toBe(0);
    now += 1;
    expect(await client.moved("timed")).toEqual(ONCE);
  });
});

describe("late-lookup", () => {
  test("hides the movement from two lookups, whichever they are", async () => {
    const client = await (await open()).logIn();
    await client.arm("spendback", "late-lookup");
    expect((await client.spendBack("hidden")).body.isSuccess).toBe(true);
    expect(await client.moved("hidden")).toEqual(ONCE);
    expect((await client.lookUp("hidden")).body.data).toEqual([]);
    expect((await client.api("GET", "/PayIn/get?merchantReferenceId=hidden")).body.data).toEqual([]);
    expect((await client.lookUp("hidden")).body.data).toHaveLength(1);
  });

  test("hides it for delayMs", async () => {
    let now = Date.now();
    const client = await (await open({ now: () => now })).logIn();
    await client.arm("spendback", "late-lookup", { delayMs: 1_000 });
    await client.spendBack("hidden");
    for (let n = 0; n < 4; n += 1) expect((await client.lookUp("hidden")).body.data).toEqual([]);
    now += 1_000;
    expect((await client.lookUp("hidden")).body.data).toHaveLength(1);
  });
});

test("faults strike in the order in which they were armed, each as often as asked, other operations never", async () => {
  const client = await (await open()).logIn();
  await client.arm("spendback", "error-500-before", { times: 2 });
  await client.arm("spendback", "rate-limit");
  await client.arm("lookup", "error-500-before");
  expect((await client.balance()).status).toBe(200);
  const statuses: number[] = [];
  for (let n = 0; n < 4; n += 1) statuses.push((await client.spendBack(`n${n}`)).status);
  expect(statuses).toEqual([500, 500, 429, 200]);
  expect((await client.call("GET", "/_sandbox/faults")).body.faults).toMatchObject([{ operation: "lookup", times: 1 }]);
});

test.each(["authenticate", "balance", "lookup"])("a fault can strike %s too", async (operation) => {
  const client = await open();
  await client.logIn();
  await client.arm(operation, "error-500-after");
  const calls = {
    authenticate: () =>
      client.logIn().then(
        () => 200,
        () => 500,
      ),
    balance: () => client.balance().then(({ status }) => status),
    lookup: () => client.lookUp("any").then(({ status }) => status),
  };
  const call = calls[operation as keyof typeof calls];
  expect([await call(), await call()]).toEqual([500, 200]);
});

test("a sandbox closes at once while a call is held in silence", async () => {
  const client = await (await open()).logIn();
  await client.arm("balance", "timeout-before");
  const held = client.balance().catch(() => "ended");
  await expect.poll(async () => (await client.call("GET", "/_sandbox/faults")).body.faults).toEqual([]);
  await client.sandbox?.close();
  expect(await held).toBe("ended");
});
