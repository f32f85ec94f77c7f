/** Paysafe's webhooks: the documented envelope around a refund, and its signature (contract, section 10). */

import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { openPaysafe, type PaysafeClient } from "./paysafe-client.ts";
import { openReceiver, register, type WebhookReceiver } from "./webhook-receiver.ts";

/** Base64 of `hmac key of the test`. */
const SECRET = "aG1hYyBrZXkgb2YgdGhlIHRlc3Q=";

const openWith = async (): Promise<[PaysafeClient, WebhookReceiver]> => {
  const receiver = await openReceiver();
  const paysafe = await openPaysafe();
  await register(paysafe.sandbox, "paysafe", { url: receiver.url, secret: SECRET });
  return [paysafe, receiver];
};

test("a refund is told of when it is accepted and when it is completed, by the documented envelope", async () => {
  const [paysafe, receiver] = await openWith();
  const accepted = await paysafe.refund("told");
  await receiver.arrivals(1);
  const found = await paysafe.find("told");
  const [first, second] = await receiver.arrivals(2);
  const { id } = accepted.body;
  expect(first?.body).toEqual({
    payload: accepted.body,
    eventType: "REFUND_PENDING",
    eventName: "REFUND_PENDING",
    attemptNumber: 1,
    resourceId: id,
    eventDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    mode: "test",
    links: [{ rel: "refund", href: `${paysafe.sandbox.url}/paysafe/cardpayments/v1/accounts/89987201/refunds/${id}` }],
  });
  expect(second?.body).toMatchObject({ eventType: "REFUND_COMPLETED", payload: found.body.refunds[0] });
});

test.each([
  ["text", SECRET],
  ["base64", "hmac key of the test"],
])("the signature is made with the secret as %s", async (form, key) => {
  const [paysafe, receiver] = await openWith();
  await paysafe.turn("webhook-key", form);
  await paysafe.refund("signed");
  const [arrival] = await receiver.arrivals(1);
  const signature = createHmac("sha256", key)
    .update(arrival?.raw ?? "")
    .digest("base64");
  expect(arrival?.headers["signature"]).toBe(signature);
});

test("a split refund is one refund: one webhook for all of its shares, at its start and at its end", async () => {
  const [paysafe, receiver] = await openWith();
  const splitpay = [{ linkedAccount: "1001391850", percent: 5.75 }];
  await paysafe.refund("split", { amount: 10_098, splitpay }, "stl-10098");
  expect(await paysafe.moved("split")).toHaveLength(2);
  await paysafe.find("split");
  await paysafe.refund("after");
  const arrivals = await receiver.arrivals(3);
  expect(arrivals.map(({ body }) => `${body.payload.merchantRefNum} ${body.eventName}`).sort()).toEqual([
    "after REFUND_PENDING",
    "split REFUND_COMPLETED",
    "split REFUND_PENDING",
  ]);
  const pending = arrivals.find(({ body }) => body.eventName === "REFUND_PENDING");
  expect(pending?.body.payload).toMatchObject({
    amount: 10_098,
    splitpay: [{ linkedAccount: "1001391850", percent: 5.75 }],
  });
});

test("a cancelled refund is told of as cancelled", async () => {
  const [paysafe, receiver] = await openWith();
  await paysafe.turn("batch-lookups", "never");
  const { body } = await paysafe.refund("taken-back");
  await receiver.arrivals(1);
  await paysafe.cancel(body.id);
  const [, arrival] = await receiver.arrivals(2);
  expect(arrival?.body).toMatchObject({ eventName: "REFUND_CANCELLED", payload: { id: body.id, status: "CANCELLED" } });
});

test("the number of the attempt rises with each", async () => {
  const [paysafe, receiver] = await openWith();
  receiver.answers.push(500, 500);
  await paysafe.turn("webhook-retry-ms", 5);
  await paysafe.refund("again");
  const arrivals = await receiver.arrivals(3);
  expect(arrivals.map(({ body }) => body.attemptNumber)).toEqual([1, 2, 3]);
});
