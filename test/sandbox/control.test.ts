/** The `/_sandbox` endpoints: what they answer, and what they say to nonsense. */

import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { BASIC, open } from "./client.ts";

const FAULT = { provider: "ipayout", operation: "spendback", fault: "slow" };
const ACCOUNT = { provider: "ipayout", account: "ben-dora", currency: "USD", balance: 1 };
const SWITCH = { provider: "ipayout", switch: "auth-failure", value: "401" };

test("the index names every provider, operation, fault and endpoint", async () => {
  const { status, body } = await (await open()).call("GET", "/_sandbox");
  expect(status).toBe(200);
  expect(Object.keys(body.providers[0].operations)).toEqual(["authenticate", "balance", "spendback", "lookup"]);
  expect(body.providers[0].operations.balance).not.toContain("late-lookup");
  expect(body.endpoints.map((each: { method: string; path: string }) => `${each.method} ${each.path}`)).toContain(
    "POST /_sandbox/faults",
  );
});

test("arming answers 201 with the armed fault; the list shows it; clearing says how many", async () => {
  const client = await open();
  const armed = await client.call("POST", "/_sandbox/faults", { body: { ...FAULT, times: 3, delayMs: 10 } });
  expect(armed).toMatchObject({ status: 201, body: { id: "fault_1", ...FAULT, times: 3, delayMs: 10 } });
  expect((await client.call("GET", "/_sandbox/faults")).body.faults).toEqual([armed.body]);
  expect((await client.call("DELETE", "/_sandbox/faults")).body).toEqual({ cleared: 1 });
  expect((await client.call("GET", "/_sandbox/faults")).body.faults).toEqual([]);
});

describe("nonsense is a 400 that names the field and what is allowed", () => {
  test.each([
    ["/_sandbox/faults", { ...FAULT, provider: "paypal" }, "provider", "ipayout"],
    ["/_sandbox/faults", { operation: "spendback", fault: "slow" }, "provider", "ipayout"],
    ["/_sandbox/faults", { ...FAULT, operation: "refund" }, "operation", "lookup"],
    ["/_sandbox/faults", { ...FAULT, fault: "explode" }, "fault", "reset-after"],
    ["/_sandbox/faults", { ...FAULT, fault: null }, "fault", "reset-after"],
    ["/_sandbox/faults", { ...FAULT, operation: "balance", fault: "webhook-first" }, "fault", "slow"],
    ["/_sandbox/faults", { ...FAULT, operation: "balance", fault: "late-lookup" }, "fault", "expired-token"],
    ["/_sandbox/faults", { ...FAULT, operation: "authenticate", fault: "expired-token" }, "fault", "slow"],
    ["/_sandbox/faults", { ...FAULT, times: 0 }, "times", "an integer from 1 to 1000000"],
    ["/_sandbox/faults", { ...FAULT, times: 1.5 }, "times", "an integer from 1 to 1000000"],
    ["/_sandbox/faults", { ...FAULT, times: "2" }, "times", "an integer from 1 to 1000000"],
    ["/_sandbox/faults", { ...FAULT, delayMs: -1 }, "delayMs", "an integer from 0 to 600000"],
    ["/_sandbox/faults", { ...FAULT, fault: "reset-after", delayMs: 1 }, "delayMs", undefined],
    ["/_sandbox/faults", { ...FAULT, lookups: 1 }, "lookups", undefined],
    ["/_sandbox/faults", { ...FAULT, time: 3 }, "time", "times"],
    ["/_sandbox/faults", "{", "body", undefined],
    ["/_sandbox/faults", "[]", "body", undefined],
    ["/_sandbox/faults", "", "provider", "ipayout"],
    ["/_sandbox/accounts", { ...ACCOUNT, account: "a b" }, "account", "letters, digits and _ . @ + -"],
    ["/_sandbox/accounts", { ...ACCOUNT, account: 7 }, "account", "letters, digits and _ . @ + -"],
    ["/_sandbox/accounts", { ...ACCOUNT, currency: "usd" }, "currency", "three capital letters"],
    ["/_sandbox/accounts", { ...ACCOUNT, balance: 10.5 }, "balance", "an integer from 0 to 1000000000000"],
    ["/_sandbox/accounts", { ...ACCOUNT, balance: -1 }, "balance", "an integer from 0 to 1000000000000"],
    ["/_sandbox/accounts", { ...ACCOUNT, status: "frozen" }, "status", "suspended"],
    ["/_sandbox/accounts", { ...ACCOUNT, username: "alice" }, "username", undefined],
    [
      "/_sandbox/accounts",
      { provider: "ipayout", account: "x", currency: "USD" },
      "balance",
      "an integer from 0 to 1000000000000",
    ],
    ["/_sandbox/switches", { ...SWITCH, switch: "auth" }, "switch", "auth-failure"],
    ["/_sandbox/switches", { ...SWITCH, value: "402" }, "value", "envelope"],
    ["/_sandbox/switches", { ...SWITCH, value: 401 }, "value", "envelope"],
    ["/_sandbox/switches", { ...SWITCH, switch: "transaction-status", value: 1.5 }, "value", "ledger"],
    ["/_sandbox/switches", { provider: "ipayout", switch: "rate-limit" }, "value", "off"],
  ])("POST %s %j", async (path, body, field, allowed) => {
    const reply = await (await open()).call("POST", path, { body });
    expect(reply).toMatchObject({ status: 400, body: { field } });
    expect(reply.body.error).toContain(field);
    if (allowed !== undefined) expect(reply.body.allowed).toContain(allowed);
  });

  test.each([
    ["/_sandbox/ledger?provider=paypal", "provider"],
    ["/_sandbox/ledger?ref=x", "ref"],
    ["/_sandbox/requests?provider=", "provider"],
  ])("GET %s", async (path, field) => {
    expect(await (await open()).call("GET", path)).toMatchObject({ status: 400, body: { field } });
  });
});

test("unknown paths are 404 in JSON, known ones with another method 405", async () => {
  const client = await open();
  for (const path of ["/", "/nothing", "/_sandbox/nothing", "/paypal/v1"]) {
    expect(await client.call("GET", path)).toMatchObject({ status: 404, body: { index: "/_sandbox" } });
  }
  const reply = await client.call("PUT", "/_sandbox/faults");
  expect(reply.status).toBe(405);
  expect(reply.headers.get("allow")).toBe("POST, GET, DELETE");
});

test("a body above one megabyte is refused", async () => {
  const reply = await (await open()).call("POST", "/_sandbox/faults", { body: "x".repeat(1_048_577) });
  expect(reply.status).toBe(413);
});

test("an account can be added, and set anew after money moved", async () => {
  const client = await (await open()).logIn();
  const body = { ...ACCOUNT, username: "dora", balance: 1_000 };
  expect(await client.call("POST", "/_sandbox/accounts", { body })).toMatchObject({
    ...{
      status: 201,
      body: { account: "ben-dora", username: "dora", status: "open", balances: [{ currency: "USD", value: 1_000 }] },
    },
  });
  await client.spendBackItem("d1", 4, { username: "dora" });
  expect(await client.funds("ben-dora")).toBe(600);
  await client.call("POST", "/_sandbox/accounts", { body: { ...ACCOUNT, balance: 250 } });
  expect(await client.funds("ben-dora")).toBe(250);
  expect((await client.spendBackItem("d2", 2.51, { username: "dora" })).body.StatusCode).toBe(-15);
});

test("requests are kept in order with what was answered, and hold no credential", async () => {
  const client = await (await open()).logIn();
  await client.spendBackItem("ref-1", 1);
  await client.lookUp("ref-1");
  await client.api("GET", "/nothing");
  const { body, text } = await client.call("GET", "/_sandbox/requests?provider=ipayout");
  expect(body.requests).toMatchObject([
    {
      provider: "ipayout",
      operation: "authenticate",
      method: "GET",
      path: "/api/v1/authentication/login",
      status: 200,
    },
    { operation: "spendback", method: "POST", path: "/api/v1/PayIn/spendback", reference: "ref-1", status: 200 },
    { operation: "lookup", path: "/api/v1/Transaction/get?merchantReferenceId=ref-1", reference: "ref-1", status: 200 },
    { operation: "unknown", status: 404 },
  ]);
  expect(text).not.toContain(client.token);
  expect(text).not.toContain(BASIC.slice(6));
  expect((await client.call("DELETE", "/_sandbox/requests")).body).toEqual({ cleared: 4 });
});

test("a reset takes everything back to the seeds", async () => {
  const client = await (await open()).logIn();
  await client.spendBack("gone");
  await client.turn("auth-failure", "envelope");
  await client.arm("balance", "slow");
  await client.call("POST", "/_sandbox/accounts", { body: ACCOUNT });
  expect((await client.call("POST", "/_sandbox/reset")).status).toBe(200);
  expect((await client.call("GET", "/_sandbox/ledger")).body).toEqual({ movements: [] });
  expect((await client.call("GET", "/_sandbox/faults")).body.faults).toEqual([]);
  expect((await client.call("GET", "/_sandbox/requests")).body.requests).toEqual([]);
  const { accounts } = (await client.call("GET", "/_sandbox/accounts?provider=ipayout")).body;
  expect(accounts).toEqual([
    {
      provider: "ipayout",
      account: "ben-alice",
      username: "alice",
      status: "open",
      balances: [
        { currency: "USD", value: 100_000 },
        { currency: "JPY", value: 50_000 },
        { currency: "TND", value: 250_000 },
      ],
    },
    {
      provider: "ipayout",
      account: "ben-bob",
      username: "bob",
      status: "open",
      balances: [{ currency: "USD", value: 5_000 }],
    },
    {
      provider: "ipayout",
      account: "ben-carol",
      username: "carol",
      status: "suspended",
      balances: [{ currency: "USD", value: 10_000 }],
    },
  ]);
  const { switches } = (await client.call("GET", "/_sandbox/switches")).body;
  expect(switches.every((each: { value: unknown; initial: unknown }) => each.value === each.initial)).toBe(true);
});

test("a movement in the ledger has the documented shape", async () => {
  const client = await (await open()).logIn();
  await client.spendBackItem("shape", 1);
  const { movements } = (await client.call("GET", "/_sandbox/ledger?provider=ipayout&reference=shape")).body;
  expect(movements).toMatchObject([
    {
      id: "100001",
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      provider: "ipayout",
      operation: "spendback",
      reference: "shape",
      account: "ben-alice",
      amount: { value: 100, currency: "USD" },
      direction: "debit",
      status: "settled",
    },
  ]);
  expect((await client.call("GET", "/_sandbox/ledger?reference=other")).body.movements).toEqual([]);
});

test("only this machine's own address answers", async () => {
  const { url } = await open();
  await expect(fetch(url.replace("127.0.0.1", "127.0.0.2"))).rejects.toThrow("fetch failed");
});

test("odd request targets are 404, not a crash", async () => {
  const client = await open();
  const port = Number(new URL(client.url).port);
  for (const target of ["//", "*", "/ipayout", "/__proto__/x", "/%"]) {
    const socket = connect(port, "127.0.0.1").end(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1.1 404 /);
  }
});
