/** i-payout's balance, and the answers that every call shares. */

import { describe, expect, test } from "vitest";
import { compact, open } from "./client.ts";

describe("balance", () => {
  test("keeps the currency's decimals", async () => {
    const client = await (await open()).logIn();
    for (const [currency, digits] of [
      ["USD", "1000.00"],
      ["JPY", "50000"],
      ["TND", "250.000"],
      ["EUR", "0.00"],
    ] as const) {
      const reply = await client.balance("ben-alice", currency);
      expect(reply.text).toContain(`"data":{"currencyCode":"${currency}","balance":${digits}}}`);
      expect(reply.body).toMatchObject({
        isSuccess: true,
        statusCode: 0,
        message: "Customer currency balance fetched successfully.",
      });
    }
  });

  test("is byte for byte the guide's, by switch", async () => {
    const client = await (await open()).logIn();
    await client.turn("balance-form", "guide");
    expect((await client.balance()).text).toBe(
      compact(`{
"isSuccess": true,
"message": "Account balance retrieved successfully",
"statusCode": 200,
"data": {
"balance": 1000.00,
"currency": "USD"
}
}`),
    );
  });

  test("is served on the contract's path and in any case", async () => {
    const client = await (await open()).logIn();
    expect((await client.api("GET", "/customer/ben-bob/balance/USD")).body.data.balance).toBe(50);
    expect((await client.api("GET", "/CUSTOMER/BEN-BOB/BALANCE/usd")).body.data.balance).toBe(50);
  });

  test("says -5 for an unknown beneficiary and -72 for an impossible currency", async () => {
    const client = await (await open()).logIn();
    expect((await client.balance("ben-nobody")).body).toMatchObject({ IsSuccess: false, StatusCode: -5 });
    expect(await client.balance("ben-alice", "DOLLAR")).toMatchObject({ status: 400, body: { statusCode: -72 } });
  });
});

test("above the rate limit calls answer 429 and do nothing", async () => {
  const client = await (await open({ now: () => 1_000_000 })).logIn();
  await client.turn("rate-limit", 3);
  expect((await client.spendBack("fast", 1)).status).toBe(200);
  await client.spendBack("fast", 1);
  await client.spendBack("fast", 1);
  expect(await client.spendBack("fast", 1)).toMatchObject({ status: 429, text: "" });
  expect(await client.moved("fast")).toHaveLength(3);
});

test("an unknown path is a 404 without a body", async () => {
  const client = await (await open()).logIn();
  expect(await client.api("GET", "/nothing")).toMatchObject({ status: 404, text: "" });
  expect(await client.api("GET", "/beneficiaries/%ff/balances/USD")).toMatchObject({ status: 404 });
});
