/** Sipay's webhook of a cashback: unsigned, in the shape of a row of the search (contract, section 10). */

import { expect, test } from "vitest";
import { openSipay } from "./sipay-client.ts";
import { openReceiver, register } from "./webhook-receiver.ts";

test("a cashback is told of by its row, unsigned, and again when it ends", async () => {
  const receiver = await openReceiver();
  const sipay = await openSipay();
  await register(sipay.client, "sipay", { url: receiver.url });
  await sipay.arm("pending-then-failed", { lookups: 2 });
  await sipay.give("told");
  const [first] = await receiver.arrivals(1);
  const { results } = (await sipay.search({ ext_transaction_id: "told" })).body.payload;
  expect(first?.body).toEqual(results[0]);
  expect(first?.body).toMatchObject({ ext_transaction_id: "told", transaction_status: "Pending" });
  await sipay.search({ ext_transaction_id: "told" });
  const [, second] = await receiver.arrivals(2);
  expect(second?.body).toMatchObject({ ext_transaction_id: "told", transaction_status: "Failed" });
  const sent = Object.keys(first?.headers ?? {}).sort();
  expect(sent).toEqual(["connection", "content-length", "content-type", "host"]);
});

test("webhook-first and duplicate-webhook strike cashbacks", async () => {
  const receiver = await openReceiver();
  const sipay = await openSipay();
  await register(sipay.client, "sipay", { url: receiver.url });
  await sipay.arm("webhook-first");
  await sipay.arm("duplicate-webhook");
  await sipay.give("first");
  expect(receiver.arrived).toHaveLength(1);
  await sipay.give("thrice");
  expect(await receiver.arrivals(4)).toHaveLength(4);
});
