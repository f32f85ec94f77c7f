/** Nexio's balances, refunds and recipients. */

import { describe, expect, test } from "vitest";
import { JANE, openNexio } from "./nexio-client.ts";

describe("balances", () => {
  test("have a row for each account and currency", async () => {
    const nexio = await openNexio();
    const row = (recipientId: number, amount: number, providerId: string) => ({
      recipientId,
      amount,
      currency: "USD",
      providerId,
      providerType: 10,
    });
    expect((await nexio.balances("rcp-mira")).body).toEqual({
      recipientRef: "rcp-mira",
      recipientBalances: [row(137_243, 40, "12610"), row(137_244, 60, "12611")],
    });
    await nexio.turn("provider-id", "number");
    expect((await nexio.balances("rcp-mira")).body.recipientBalances[0].providerId).toBe(12_610);
  });

  test("lack what is pending, unless by switch", async () => {
    const nexio = await openNexio();
    await nexio.submit("pending");
    const usd = async (): Promise<number> => (await nexio.balances(JANE.ref)).body.recipientBalances[0].amount;
    expect(await usd()).toBe(485.17);
    await nexio.turn("pending-in-balance", "not-yet");
    expect(await usd()).toBe(500);
    await nexio.list("spendbackRef=pending");
    expect(await usd()).toBe(485.17);
  });

  test("of nobody are a 404, or no rows by switch", async () => {
    const nexio = await openNexio();
    expect((await nexio.balances("nobody")).status).toBe(404);
    await nexio.turn("unknown-balance", "empty");
    expect((await nexio.balances("nobody")).body.recipientBalances).toEqual([]);
    expect((await nexio.balances("")).status).toBe(400);
  });
});

describe("refunds", () => {
  const paid = async () => {
    const nexio = await openNexio();
    await nexio.turn("flow", "20");
    const { id } = (await nexio.submit("paid")).body;
    return { nexio, id };
  };

  test("give money back, up to what was paid", async () => {
    const { nexio, id } = await paid();
    const { status, body } = await nexio.refund(id, 14, { spendbackRef: "back" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      spendbackId: expect.any(Number),
      spendbackRef: "back",
      amount: 14,
      spendbackStatus: 20,
    });
    expect(body).not.toHaveProperty("id");
    expect(await nexio.moved("back")).toEqual(["credit 137241 1400 USD settled"]);
    expect((await nexio.refund(id, 0.84)).status).toBe(400);
    expect((await nexio.refund(id, 0.83)).status).toBe(200);
    expect(await nexio.funds("137241")).toBe(50_000);
    await nexio.turn("over-refund", "accept");
    expect((await nexio.refund(id, 1)).status).toBe(200);
  });

  test("need a completed spendback, its name of the id, and support", async () => {
    const { nexio, id } = await paid();
    expect((await nexio.refund(1, 1)).status).toBe(404);
    expect((await nexio.refund(id, 1, { currency: "EUR" })).status).toBe(400);
    await nexio.turn("refund-id", "id");
    expect((await nexio.refund(id, 1)).status).toBe(400);
    expect((await nexio.refund(id, 1, { id })).status).toBe(200);
    await nexio.turn("refunds", "off");
    expect((await nexio.refund(id, 1, { id })).body.error).toBe(418);
    await nexio.turn("refunds", "on");
    await nexio.turn("flow", "10");
    const pending = (await nexio.submit("pending")).body.id;
    expect((await nexio.refund(pending, 1, { id: pending })).status).toBe(400);
  });

  test("are listed, or not, and may answer with the original, by switch", async () => {
    const { nexio, id } = await paid();
    await nexio.turn("refund-answer", "original");
    expect((await nexio.refund(id, 1, { spendbackRef: "back" })).body).toMatchObject({
      spendbackId: id,
      spendbackRef: "paid",
    });
    expect((await nexio.list("spendbackRef=back")).body.rows).toHaveLength(1);
    await nexio.turn("refunds-listed", "no");
    expect((await nexio.list("spendbackRef=back")).body.rows).toEqual([]);
  });
});

test("a recipient is created, funded, listed and pays", async () => {
  const nexio = await openNexio();
  const jane = {
    recipientRef: "rcp-1001",
    email: "jane@example.org",
    firstName: "Jane",
    lastName: "Doe",
    country: "US",
  };
  const { recipientId } = (await nexio.api("POST", "/payout/v3/recipient", jane)).body;
  expect(recipientId).toBe(137_301);
  expect((await nexio.api("POST", "/payout/v3/recipient", { recipientRef: "x" })).status).toBe(400);
  expect((await nexio.api("GET", "/payout/v3/recipient?recipientRef=rcp-1001")).body.rows).toMatchObject([
    { recipientId },
  ]);
  const payout = {
    amount: 25.0,
    currency: "USD",
    recipient: { recipientRef: "rcp-1001" },
    description: "test",
    payoutRef: "pay-1",
  };
  const { body } = await nexio.api("POST", "/payout/v3/pay", { payouts: [payout] });
  expect(body.payouts).toMatchObject([{ payoutRef: "pay-1", recipientId, amount: 25, payoutStatus: 20 }]);
  expect((await nexio.api("POST", "/payout/v3/pay", { payouts: [] })).status).toBe(400);
  expect((await nexio.submit("paid", { recipientId, amount: 25 })).status).toBe(200);
  expect(await nexio.funds("137301")).toBe(0);
});

test("who am I tells the payout account", async () => {
  const nexio = await openNexio();
  expect((await nexio.api("GET", "/user/v3/account/whoAmI")).body).toEqual({ payoutAccessRights: { "3927": "A" } });
});
