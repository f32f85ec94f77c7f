/** Nexio's webhooks in both generations (contract, section 9). */

import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { JANE, type NexioClient, openNexio } from "./nexio-client.ts";
import { openReceiver, register, type WebhookReceiver } from "./webhook-receiver.ts";

const SECRET = "merchant secret of the test";

const openWith = async (flow: string, more: object = { secret: SECRET }): Promise<[NexioClient, WebhookReceiver]> => {
  const receiver = await openReceiver();
  const nexio = await openNexio();
  await nexio.turn("flow", flow);
  await register(nexio.client, "nexio", { url: receiver.url, ...more });
  return [nexio, receiver];
};

describe("legacy", () => {
  test("tells of a submission and of its end with the record, signed with time and body", async () => {
    const [nexio, receiver] = await openWith("10-20");
    const submitted = await nexio.submit("told");
    await receiver.arrivals(1);
    const viewed = await nexio.api("GET", `/payout/v3/spendback/${submitted.body.id}`);
    const [first, second] = await receiver.arrivals(2);
    expect(first?.body).toEqual({ eventType: "SPENDBACK", data: submitted.body });
    expect(first?.body.data).toMatchObject({ spendbackRef: "told", spendbackStatus: 10, recipientId: JANE.id });
    expect(second?.body).toEqual({ eventType: "SPENDBACK", data: viewed.body });
    expect(second?.body.data.spendbackStatus).toBe(20);
    for (const arrival of [first, second]) {
      const [, time, digest] = /^t=(\d{10}),v1=([0-9a-f]{64})$/.exec(String(arrival?.headers["nexio-signature"])) ?? [];
      expect(Math.abs(Number(time) - Date.now() / 1_000)).toBeLessThan(60);
      expect(digest).toBe(
        createHmac("sha256", SECRET)
          .update(`${time}.`)
          .update(arrival?.raw ?? "")
          .digest("hex"),
      );
    }
  });

  test("is not signed for a receiver without a secret", async () => {
    const [nexio, receiver] = await openWith("20", {});
    await nexio.submit("bare");
    const [arrival] = await receiver.arrivals(1);
    expect(arrival?.headers).not.toHaveProperty("nexio-signature");
  });

  test("tells of a refund under the refund's own id", async () => {
    const [nexio, receiver] = await openWith("20");
    const { body } = await nexio.submit("paid");
    await receiver.arrivals(1);
    const refunded = await nexio.refund(body.id, 5);
    const [, arrival] = await receiver.arrivals(2);
    expect(arrival?.body).toEqual({ eventType: "SPENDBACK", data: refunded.body });
  });
});

test("simplified tells no more than status and id, and is never signed", async () => {
  const [nexio, receiver] = await openWith("20");
  await nexio.turn("webhooks", "simplified");
  const { body } = await nexio.submit("simple");
  const [arrival] = await receiver.arrivals(1);
  expect(arrival?.raw.toString()).toBe(`{"eventType":"SPENDBACK","spendbackStatus":20,"spendbackId":${body.id}}`);
  expect(arrival?.headers).not.toHaveProperty("nexio-signature");
});

test("payouts are not spendbacks, so nothing tells of them", async () => {
  const [nexio, receiver] = await openWith("20");
  const recipient = { recipientRef: JANE.ref };
  const payouts = [{ amount: 1, currency: "USD", payoutRef: "payout", recipient }];
  expect((await nexio.api("POST", "/payout/v3/pay", { payouts })).status).toBe(200);
  await nexio.submit("spendback");
  const [arrival] = await receiver.arrivals(1);
  expect(arrival?.body.data.spendbackRef).toBe("spendback");
});
