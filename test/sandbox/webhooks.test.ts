/** When the sandbox sends webhooks, how often, and what it does where nobody takes them. */

import { describe, expect, test } from "vitest";
import { type Client, open } from "./client.ts";
import { deliveries, openReceiver, register, turn, type WebhookReceiver } from "./webhook-receiver.ts";

const openWith = async (receiver: Pick<WebhookReceiver, "url">, more: object = {}): Promise<Client> => {
  const client = await (await open()).logIn();
  expect(await register(client, "ipayout", { url: receiver.url, secret: "s3cret", ...more })).toMatchObject({
    status: 201,
  });
  return client;
};

describe("a movement is told of", () => {
  test("when it is recorded, by a POST on a connection of its own to exactly the registered address", async () => {
    const receiver = await openReceiver("/v1/hooks/a%20b?x=1&y=%C3%A9");
    const client = await openWith(receiver);
    await client.spendBack("told");
    const [arrival] = await receiver.arrivals(1);
    expect(arrival).toMatchObject({ method: "POST", path: "/v1/hooks/a%20b?x=1&y=%C3%A9" });
    expect(arrival?.headers).toMatchObject({ "content-type": "application/json", connection: "close" });
    expect(arrival?.body.data.merchantReferenceId).toBe("told");
    await expect
      .poll(() => deliveries(client))
      .toMatchObject([
        {
          id: "delivery_1",
          provider: "ipayout",
          url: receiver.url,
          event: "PAYMENT.CREATED",
          reference: "told",
          attempts: 1,
          status: "delivered",
          answer: 200,
          body: arrival?.raw.toString(),
        },
      ]);
  });

  test("again when its plan ripens by lookups, once", async () => {
    const receiver = await openReceiver();
    const client = await openWith(receiver);
    await client.arm("spendback", "pending-then-settled");
    await client.spendBack("looked-up");
    await receiver.arrivals(1);
    for (let n = 0; n < 4; n += 1) await client.lookUp("looked-up");
    const statuses = (await receiver.arrivals(2)).map(({ body }) => [body.event, body.data.tranStatus]);
    expect(statuses).toEqual([
      ["PAYMENT.CREATED", 0],
      ["PAYMENT.STATUS.UPDATED", 1],
    ]);
    expect(await deliveries(client)).toHaveLength(2);
  });

  test.each([
    ["pending-then-settled", 1],
    ["pending-then-failed", -1],
  ])("again when time ripens it (%s), without anybody looking", async (fault, status) => {
    const receiver = await openReceiver();
    const client = await openWith(receiver);
    await client.arm("spendback", fault, { delayMs: 150 });
    await client.spendBack("timed");
    const [, later] = await receiver.arrivals(2);
    expect(later?.body).toMatchObject({ event: "PAYMENT.STATUS.UPDATED", data: { tranStatus: status } });
  });

  test("though the answer is lost, or never comes", async () => {
    const receiver = await openReceiver();
    const client = await openWith(receiver);
    await client.arm("spendback", "reset-after");
    await client.arm("spendback", "timeout-after");
    await expect(client.spendBack("reset")).rejects.toThrow("fetch failed");
    await receiver.arrivals(1);
    const silent = client.spendBack("silent").catch(() => "cut");
    const arrivals = await receiver.arrivals(2);
    expect(arrivals.map(({ body }) => body.data.merchantReferenceId)).toEqual(["reset", "silent"]);
    await client.sandbox?.close();
    expect(await silent).toBe("cut");
  });

  test("not where nothing moved, and not by loads, which have no event", async () => {
    const receiver = await openReceiver();
    const client = await openWith(receiver);
    await client.spendBack("too-much", 9_999);
    await client.arm("spendback", "error-500-before");
    await client.spendBack("broken");
    const load = { partnerBatchId: "b", allowDuplicates: false, autoLoad: true, currencyCode: "USD" };
    const arrAccounts = [{ username: "bob", amount: 1, merchantReferenceId: "load" }];
    expect((await client.api("POST", "/payouts", { ...load, arrAccounts })).body.isSuccess).toBe(true);
    await client.spendBack("last");
    const [first] = await receiver.arrivals(1);
    expect(first?.body.data.merchantReferenceId).toBe("last");
    expect(await deliveries(client)).toHaveLength(1);
  });
});

describe("the order of webhook and answer", () => {
  test("is the answer first: while it is held back nothing is sent", async () => {
    const receiver = await openReceiver();
    const client = await openWith(receiver);
    await client.arm("spendback", "slow", { delayMs: 300 });
    const answered = client.spendBack("slow");
    await expect.poll(() => client.moved("slow")).toHaveLength(1);
    expect(await deliveries(client)).toEqual([]);
    expect((await answered).body.isSuccess).toBe(true);
    expect((await receiver.arrivals(1))[0]?.body.data.merchantReferenceId).toBe("slow");
  });

  test("is turned round by webhook-first: the call is not answered before the webhook is", async () => {
    const receiver = await openReceiver();
    const client = await openWith(receiver);
    const { promise, resolve } = Promise.withResolvers<number>();
    receiver.answers.push(promise);
    await client.arm("spendback", "webhook-first");
    let isAnswered = false;
    const answered = client.spendBack("first").finally(() => {
      isAnswered = true;
    });
    await receiver.arrivals(1);
    expect(await client.moved("first")).toEqual(["debit ben-alice 10000 USD settled"]);
    expect(isAnswered).toBe(false);
    resolve(204);
    expect((await answered).body.isSuccess).toBe(true);
    expect(await deliveries(client)).toMatchObject([{ status: "delivered", answer: 204, attempts: 1 }]);
  });

  test("with webhook-first the call is answered all the same where nobody takes the webhook", async () => {
    const receiver = await openReceiver();
    await receiver.close();
    const client = await openWith(receiver);
    await client.arm("spendback", "webhook-first");
    expect((await client.spendBack("first")).body.isSuccess).toBe(true);
    expect(await deliveries(client)).toMatchObject([{ status: "waiting", answer: "ECONNREFUSED", attempts: 1 }]);
  });
});

test("duplicate-webhook delivers the call's own webhook three times, and that of another one once", async () => {
  const receiver = await openReceiver();
  const client = await openWith(receiver);
  await client.arm("spendback", "duplicate-webhook");
  await client.spendBack("thrice");
  await receiver.arrivals(3);
  await client.spendBack("once");
  const arrivals = await receiver.arrivals(4);
  expect(arrivals.map(({ body }) => body.data.merchantReferenceId)).toEqual(["thrice", "thrice", "thrice", "once"]);
  expect(new Set(arrivals.slice(0, 3).map(({ raw }) => raw.toString())).size).toBe(1);
  expect(await deliveries(client)).toHaveLength(4);
});

describe("a webhook that is not taken", () => {
  test("is tried three times, and then no more", async () => {
    const receiver = await openReceiver();
    receiver.answers.push(500, 404, 301);
    const client = await openWith(receiver);
    await turn(client, "ipayout", "webhook-retry-ms", 5);
    await client.spendBack("refused");
    await receiver.arrivals(3);
    await expect.poll(() => deliveries(client)).toMatchObject([{ attempts: 3, status: "failed", answer: 301 }]);
  });

  test("is taken at a later attempt, which is signed anew", async () => {
    const receiver = await openReceiver();
    let now = Date.parse("2026-11-20T10:00:00Z");
    const client = await (await open({ now: () => now })).logIn();
    await register(client, "ipayout", { url: receiver.url, secret: "s3cret" });
    await turn(client, "ipayout", "webhook-retry-ms", 5);
    const { promise, resolve } = Promise.withResolvers<number>();
    receiver.answers.push(promise);
    await client.spendBack("later");
    await receiver.arrivals(1);
    now += 60_000;
    resolve(503);
    const [first, second] = await receiver.arrivals(2);
    await expect.poll(() => deliveries(client)).toMatchObject([{ attempts: 2, status: "delivered", answer: 200 }]);
    expect(second?.raw).toEqual(first?.raw);
    expect([first?.headers["x-timestamp"], second?.headers["x-timestamp"]]).toEqual(["1795168800", "1795168860"]);
  });

  test("disturbs nobody: a receiver that is down leaves every call as it was", async () => {
    const receiver = await openReceiver();
    await receiver.close();
    const client = await openWith(receiver);
    await turn(client, "ipayout", "webhook-retry-ms", 0);
    for (const reference of ["a", "b", "c"]) expect((await client.spendBack(reference)).body.isSuccess).toBe(true);
    await expect
      .poll(() => deliveries(client))
      .toMatchObject(
        ["a", "b", "c"].map((reference) => ({ reference, attempts: 3, status: "failed", answer: "ECONNREFUSED" })),
      );
  });

  test("is given up when the sandbox closes, at once, however long the receiver takes", async () => {
    const receiver = await openReceiver();
    receiver.answers.push(new Promise(() => {}));
    const client = await openWith(receiver);
    await client.spendBack("hanging");
    await receiver.arrivals(1);
    const start = performance.now();
    await client.sandbox?.close();
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(receiver.arrived).toHaveLength(1);
  });
});

test("the last 100 deliveries are listed", async () => {
  const receiver = await openReceiver();
  const client = await openWith(receiver);
  for (let n = 1; n <= 102; n += 1) await client.spendBack(`n${n}`, 1);
  await receiver.arrivals(102);
  const listed = await deliveries(client);
  expect(listed).toHaveLength(100);
  expect([listed[0]?.reference, listed.at(-1)?.reference]).toEqual(["n3", "n102"]);
});
