/** i-payout's webhooks as its contract has them (section 10.3): body, and the signature in both published variants. */

import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { open } from "./client.ts";
import { type Arrival, openReceiver, register, turn } from "./webhook-receiver.ts";

const SECRET = "key of the test";
const NOW = Date.parse("2026-11-20T10:00:00.500Z");

/** What the recipes sign: timestamp, the address as registered, and the body as it was sent. */
const signedText = ({ headers, raw }: Arrival, url: string): Buffer =>
  Buffer.concat([Buffer.from(`${headers["x-timestamp"]}#${url}#`), raw]);

const hmac = (text: Buffer): string => createHmac("sha256", SECRET).update(text).digest("base64");

test.each([
  ["hashed", (text: Buffer) => hmac(createHash("sha256").update(text).digest())],
  ["plain", (text: Buffer) => hmac(text)],
])("a %s signature covers time, registered address and body", async (variant, sign) => {
  const receiver = await openReceiver("/hooks/ünder?a=b#part");
  const client = await (await open({ now: () => NOW })).logIn();
  await register(client, "ipayout", { url: receiver.url, secret: SECRET });
  await turn(client, "ipayout", "webhook-signature", variant);
  await client.spendBack("signed");
  const [arrival] = await receiver.arrivals(1);
  if (!arrival) throw new Error("nothing arrived");
  expect(arrival.headers["x-timestamp"]).toBe("1795168800");
  expect(arrival.headers["x-signature"]).toBe(sign(signedText(arrival, receiver.url)));
});

test("a receiver without a secret gets no signature", async () => {
  const receiver = await openReceiver();
  const client = await (await open()).logIn();
  await register(client, "ipayout", { url: receiver.url });
  await client.spendBack("bare");
  const [arrival] = await receiver.arrivals(1);
  expect(Object.keys(arrival?.headers ?? {})).not.toContain("x-signature");
});

test("each item of a contract-form spendback is told of, with the row that Find transactions shows", async () => {
  const receiver = await openReceiver();
  const client = await (await open()).logIn();
  await register(client, "ipayout", { url: receiver.url, secret: SECRET });
  const item = { currencyCode: "USD", isSubscription: false };
  const checkoutItems = [
    { ...item, amount: 12.5, merchantReferenceId: "item-1" },
    { ...item, amount: 1, merchantReferenceId: "item-2" },
  ];
  await client.api("POST", "/PayIn/spendback", { username: "alice", autoChargeAccount: true, checkoutItems });
  const arrivals = await receiver.arrivals(2);
  expect(arrivals.map(({ body }) => body.data.merchantReferenceId).sort()).toEqual(["item-1", "item-2"]);
  const told = arrivals.find(({ body }) => body.data.merchantReferenceId === "item-1");
  const [row] = (await client.lookUp("item-1")).body.data;
  expect(told?.body).toEqual({ event: "PAYMENT.CREATED", data: row });
  expect(told?.raw.toString()).toContain('"amount":12.50');
});

test("what a switch makes lookups say, webhooks say too, and nothing is told twice for it", async () => {
  const receiver = await openReceiver();
  const client = await (await open()).logIn();
  await register(client, "ipayout", { url: receiver.url, secret: SECRET });
  await turn(client, "ipayout", "transaction-status", 3);
  await client.spendBack("voided");
  const arrivals = await receiver.arrivals(2);
  expect(arrivals.map(({ body }) => [body.event, body.data.tranStatus]).sort()).toEqual([
    ["PAYMENT.CREATED", 3],
    ["PAYMENT.STATUS.UPDATED", 3],
  ]);
  expect(await client.moved("voided")).toEqual(["debit ben-alice 10000 USD failed"]);
  await client.lookUp("voided");
  await client.spendBack("next");
  await receiver.arrivals(4);
  expect((await client.call("GET", "/_sandbox/webhooks")).body.deliveries).toHaveLength(4);
});
