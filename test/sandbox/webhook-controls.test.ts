/** `/_sandbox/webhooks`: registering receivers, what they are refused for, and what outlives a reset and a restart. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startSandbox } from "../../sandbox/server.ts";
import { Client, open } from "./client.ts";
import { deliveries, openReceiver, register, turn } from "./webhook-receiver.ts";

const URL_TEXT = "http://127.0.0.1:9/hooks";

const receivers = async (client: Client, query = ""): Promise<unknown> =>
  (await client.call("GET", `/_sandbox/webhooks${query}`)).body.receivers;

test("a receiver is registered, listed without its secret, replaced and removed", async () => {
  const client = await open();
  const signed = { provider: "ipayout", url: URL_TEXT, isSigned: true };
  const reply = await register(client, "ipayout", { url: URL_TEXT, secret: "hush-hush" });
  expect(reply).toMatchObject({ status: 201, body: signed });
  await register(client, "paysafe", { url: URL_TEXT });
  const unsigned = { provider: "paysafe", url: URL_TEXT, isSigned: false };
  expect(await receivers(client)).toEqual([signed, unsigned]);
  expect(await receivers(client, "?provider=paysafe")).toEqual([unsigned]);
  expect((await client.call("GET", "/_sandbox/webhooks")).text + reply.text).not.toContain("hush-hush");

  await register(client, "ipayout", { url: "https://other.example/hooks" });
  expect(await receivers(client, "?provider=ipayout")).toEqual([
    { provider: "ipayout", url: "https://other.example/hooks", isSigned: false },
  ]);
  expect(await register(client, "ipayout", { url: null })).toMatchObject({ status: 200, body: { removed: 1 } });
  expect(await receivers(client)).toEqual([unsigned]);
  expect((await client.call("DELETE", "/_sandbox/webhooks")).body).toEqual({ removed: 1 });
  expect(await receivers(client)).toEqual([]);
});

test("one provider's receiver can be removed without the others", async () => {
  const client = await open();
  for (const provider of ["ipayout", "sipay"]) await register(client, provider, { url: URL_TEXT });
  expect((await client.call("DELETE", "/_sandbox/webhooks?provider=ipayout")).body).toEqual({ removed: 1 });
  expect(await receivers(client)).toMatchObject([{ provider: "sipay" }]);
});

describe("nonsense is a 400 that names the field and what is allowed", () => {
  const address = "an http or https address without credentials";
  test.each([
    [{ provider: "mircate", url: URL_TEXT }, "provider", "ipayout"],
    [{ url: URL_TEXT }, "provider", "paysafe"],
    [{ provider: "ipayout" }, "url", address],
    [{ provider: "ipayout", url: 7 }, "url", address],
    [{ provider: "ipayout", url: "hooks" }, "url", address],
    [{ provider: "ipayout", url: "ftp://127.0.0.1/hooks" }, "url", address],
    [{ provider: "ipayout", url: "http://me:pass@127.0.0.1/hooks" }, "url", address],
    [{ provider: "ipayout", url: URL_TEXT, secret: "" }, "secret", undefined],
    [{ provider: "ipayout", url: URL_TEXT, key: "k" }, "key", "secret"],
    [{ provider: "sipay", url: URL_TEXT, secret: "s" }, "secret", undefined],
  ])("POST %j", async (body, field, allowed) => {
    const client = await open();
    const reply = await client.call("POST", "/_sandbox/webhooks", { body });
    expect(reply).toMatchObject({ status: 400, body: { field } });
    if (allowed !== undefined) expect(reply.body.allowed).toContain(allowed);
    expect(await receivers(client)).toEqual([]);
  });

  test.each(["GET", "DELETE"])("%s ?provider=paypal", async (method) => {
    const reply = await (await open()).call(method, "/_sandbox/webhooks?provider=paypal");
    expect(reply).toMatchObject({ status: 400, body: { field: "provider" } });
  });

  test.each(["duplicate-webhook", "webhook-first"])("%s where no webhook is sent", async (fault) => {
    const client = await open();
    for (const [provider, operation] of [
      ["mircate", "refund"],
      ["ipayout", "balance"],
      ["paysafe", "cancel"],
    ]) {
      const reply = await client.call("POST", "/_sandbox/faults", { body: { provider, operation, fault } });
      expect(reply).toMatchObject({ status: 400, body: { field: "fault" } });
      expect(reply.body.allowed).not.toContain(fault);
    }
    const body = { provider: "ipayout", operation: "spendback", fault, delayMs: 1 };
    expect(await client.call("POST", "/_sandbox/faults", { body })).toMatchObject({
      status: 400,
      body: { field: "delayMs" },
    });
  });
});

test("the index says who sends webhooks, and who signs them", async () => {
  const { body } = await (await open()).call("GET", "/_sandbox");
  const said = Object.fromEntries(
    body.providers.map((each: { provider: string; webhooks: string }) => [each.provider, each.webhooks]),
  );
  expect(said).toMatchObject({ ipayout: "signed", paysafe: "signed", sipay: "unsigned", mircate: "none" });
  expect(body.providers[0].operations.spendback).toContain("webhook-first");
});

test("a reset keeps the receivers and forgets the deliveries", async () => {
  const receiver = await openReceiver();
  receiver.answers.push(500);
  const client = await (await open()).logIn();
  await register(client, "ipayout", { url: receiver.url, secret: "s" });
  await turn(client, "ipayout", "webhook-retry-ms", 60_000);
  await client.spendBack("before");
  await expect.poll(() => deliveries(client)).toMatchObject([{ status: "waiting" }]);
  await client.call("POST", "/_sandbox/reset");
  expect(await deliveries(client)).toEqual([]);
  await client.logIn();
  await client.spendBack("after");
  const [, arrival] = await receiver.arrivals(2);
  expect(arrival?.body.data.merchantReferenceId).toBe("after");
});

test("receivers outlive a restart, a reset before it too, and so does a plan that time then ripens", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "sandbox-webhooks-"));
  const receiver = await openReceiver();
  try {
    const first = await startSandbox({ port: 0, dataDir });
    const before = await new Client(first.url).logIn();
    await register(before, "ipayout", { url: receiver.url, secret: "s" });
    await register(before, "paysafe", { url: receiver.url, secret: "s" });
    await before.call("DELETE", "/_sandbox/webhooks?provider=paysafe");
    await before.call("POST", "/_sandbox/reset");
    await before.logIn();
    await before.arm("spendback", "pending-then-settled", { delayMs: 300 });
    await before.spendBack("across");
    await receiver.arrivals(1);
    await first.close();

    const client = await open({ dataDir });
    expect(await receivers(client)).toEqual([{ provider: "ipayout", url: receiver.url, isSigned: true }]);
    const [, later] = await receiver.arrivals(2);
    expect(later?.body).toMatchObject({ event: "PAYMENT.STATUS.UPDATED", data: { merchantReferenceId: "across" } });
    expect(later?.headers["x-signature"]).toBeTruthy();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
