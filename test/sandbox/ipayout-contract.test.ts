/** i-payout's spendback in the OpenAPI file's form, and what holds for both forms. */

import { describe, expect, test } from "vitest";
import { open } from "./client.ts";

const HEX_32 = /^[0-9a-f]{32}$/;

describe("a contract-form spendback", () => {
  test("answers an array with the item's code and ids", async () => {
    const client = await (await open()).logIn();
    const { status, body } = await client.spendBackItem("item-1", 12.34);
    expect(status).toBe(200);
    expect(body).toEqual({
      isSuccess: true,
      message: "Success",
      statusCode: 0,
      logIdentifier: expect.stringMatching(HEX_32),
      data: [{ m_Code: 0, m_Text: "OK", logTransactionId: 100_001, transactionRefId: 600_001 }],
    });
    expect(await client.moved("item-1")).toEqual(["debit ben-alice 1234 USD settled"]);
  });

  test("says -2 for an unknown user, -15 when short, and fails a suspended account", async () => {
    const client = await (await open()).logIn();
    expect((await client.spendBackItem("a", 1, { username: "nobody" })).body).toMatchObject({
      IsSuccess: false,
      StatusCode: -2,
    });
    expect((await client.spendBackItem("b", 50.01, { username: "bob" })).body).toMatchObject({
      IsSuccess: false,
      StatusCode: -15,
    });
    expect((await client.spendBackItem("c", 1, { username: "carol" })).body).toMatchObject({
      IsSuccess: false,
      StatusCode: -5,
    });
    await client.turn("inactive-code", -10);
    expect((await client.spendBackItem("c", 1, { username: "carol" })).body.StatusCode).toBe(-10);
    expect(client.sandbox?.ledger.movements()).toEqual([]);
  });

  test("takes all items or none", async () => {
    const client = await (await open()).logIn();
    const item = (merchantReferenceId: string) => ({
      amount: 30,
      currencyCode: "USD",
      merchantReferenceId,
      isSubscription: false,
    });
    const body = { username: "bob", autoChargeAccount: true, checkoutItems: [item("x"), item("y")] };
    expect((await client.api("POST", "/payins/spendback", body)).body.StatusCode).toBe(-15);
    expect(await client.funds("ben-bob")).toBe(5_000);
  });

  test("can fail an item inside a successful envelope", async () => {
    const client = await (await open()).logIn();
    await client.turn("item-failure", -15);
    const { body } = await client.spendBackItem("failing", 1);
    expect(body.isSuccess).toBe(true);
    expect(body.data).toEqual([{ m_Code: -15, m_Text: "Item failed", logTransactionId: 0, transactionRefId: 0 }]);
    expect(await client.moved("failing")).toEqual([]);
  });

  test("names every wrong field at once, by its path", async () => {
    const client = await (await open()).logIn();
    const checkoutItems = [
      { amount: 0.001, currencyCode: "US", isSubscription: "no", merchantReferenceId: "x".repeat(101), extra: 1 },
    ];
    const { status, body } = await client.api("POST", "/PayIn/spendback", { checkoutItems, note: "" });
    expect(status).toBe(400);
    expect(Object.keys(body.errors).sort()).toEqual([
      "AutoChargeAccount",
      "CheckoutItems[0].Amount",
      "CheckoutItems[0].CurrencyCode",
      "CheckoutItems[0].Extra",
      "CheckoutItems[0].IsSubscription",
      "CheckoutItems[0].MerchantReferenceId",
      "Note",
      "Username",
    ]);
  });
});

test("a repeated reference moves money again, or is refused by switch", async () => {
  const client = await (await open()).logIn();
  await client.spendBack("same", 1);
  await client.spendBack("same", 1);
  expect(await client.moved("same")).toHaveLength(2);
  await client.turn("duplicate-reference", "reject");
  expect((await client.spendBack("same", 1)).body.IsSuccess).toBe(false);
  expect((await client.spendBackItem("same", 1)).body.IsSuccess).toBe(false);
  expect(await client.moved("same")).toHaveLength(2);
});

test("fifty spendbacks at once never overdraw a wallet", async () => {
  const client = await (await open()).logIn();
  const replies = await Promise.all(
    Array.from({ length: 50 }, (_, n) => client.spendBackItem(`n${n}`, 3, { username: "bob" })),
  );
  expect(replies.filter(({ body }) => body.isSuccess)).toHaveLength(16);
  expect(replies.filter(({ body }) => body.StatusCode === -15)).toHaveLength(34);
  expect(await client.funds("ben-bob")).toBe(200);
});
