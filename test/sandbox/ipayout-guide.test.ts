/** i-payout's spendback in the guide's form. */

import { describe, expect, test } from "vitest";
import { compact, MERCHANT_ID, open } from "./client.ts";

describe("a guide-form spendback", () => {
  test("answers the guide's bytes", async () => {
    const client = await (await open()).logIn();
    const reply = await client.api(
      "POST",
      "/payins/spendback",
      '{"amount": 100.00, "currency": "USD", "reference": "spendback_001"}',
    );
    expect(reply.text).toBe(
      compact(`{
"isSuccess": true,
"message": "Spend back payment created successfully",
"statusCode": 200,
"data": {
"transactionId": "spendback_001",
"amount": 100.00,
"currency": "USD",
"status": "Completed"
}
}`),
    );
    expect(await client.moved("spendback_001")).toEqual(["debit ben-alice 10000 USD settled"]);
    expect(await client.funds("ben-alice")).toBe(90_000);
  });

  test("accepts the content type of the portal's samples, and no form", async () => {
    const client = await (await open()).logIn();
    const headers = { authorization: `Bearer ${client.token}`, "x-merchantid": MERCHANT_ID };
    const body = '{"amount":1.5,"currency":"TND","reference":"r"}';
    const send = (type: string) =>
      client.call("POST", "/ipayout/api/v1/PAYINS/SPENDBACK", { headers: { ...headers, "content-type": type }, body });
    expect((await send("application/*+json")).text).toContain('"amount":1.500,');
    expect((await send("text/plain")).status).toBe(415);
  });

  test("debits the wallet last read with the same token and currency, each read once, else alice", async () => {
    const client = await (await open()).logIn();
    await client.balance("ben-bob");
    await client.balance("ben-alice", "JPY");
    await client.spendBack("one", 5);
    await client.spendBack("two", 5);
    expect(await client.moved("one")).toEqual(["debit ben-bob 500 USD settled"]);
    expect(await client.moved("two")).toEqual(["debit ben-alice 500 USD settled"]);
    await client.balance("ben-bob");
    await client.logIn();
    await client.spendBack("three", 5);
    expect(await client.moved("three")).toEqual(["debit ben-alice 500 USD settled"]);
    await client.spendBack("one", 5);
    expect(await client.moved("one")).toEqual(["debit ben-bob 500 USD settled", "debit ben-bob 500 USD settled"]);
  });

  test("says -15 in shape B when short, and nothing moves", async () => {
    const client = await (await open()).logIn();
    const reply = await client.spendBack("short", 1000.01);
    expect(reply.status).toBe(200);
    expect(reply.text.replace(/[0-9a-f]{32}/, "#")).toBe(
      '{"IsSuccess":false,"Message":"Insufficient funds","StatusCode":-15,"LogIdentifier":"#"}',
    );
    expect(await client.moved("short")).toEqual([]);
  });

  test("says what the switch has it say as status", async () => {
    const client = await (await open()).logIn();
    await client.turn("guide-status", "Weird");
    expect((await client.spendBack("weird")).body.data.status).toBe("Weird");
  });

  test.each([
    ["no body", "", "Body"],
    ["no JSON", "{", "Body"],
    ["an array", "[]", "Body"],
    ["no amount", '{"currency":"USD","reference":"r"}', "Amount"],
    ["a text as amount", '{"amount":"100.00","currency":"USD","reference":"r"}', "Amount"],
    ["nothing", '{"amount":0,"currency":"USD","reference":"r"}', "Amount"],
    ["less than nothing", '{"amount":-1,"currency":"USD","reference":"r"}', "Amount"],
    ["half a cent", '{"amount":0.005,"currency":"USD","reference":"r"}', "Amount"],
    ["half a yen", '{"amount":1.5,"currency":"JPY","reference":"r"}', "Amount"],
    ["more than there is", '{"amount":1e99,"currency":"USD","reference":"r"}', "Amount"],
    ["no reference", '{"amount":1,"currency":"USD"}', "Reference"],
    ["small letters", '{"amount":1,"currency":"usd","reference":"r"}', "Currency"],
  ])("refuses %s with shape A", async (_what, body, field) => {
    const client = await (await open()).logIn();
    const reply = await client.api("POST", "/payins/spendback", body);
    expect(reply.status).toBe(400);
    expect(Object.keys(reply.body)).toEqual(["statusCode", "isSuccess", "logIdentifier", "message", "errors"]);
    expect(reply.body).toMatchObject({
      statusCode: -72,
      isSuccess: false,
      message: "400: Bad request. The inputs supplied to the API are invalid",
    });
    expect(Object.keys(reply.body.errors)).toContain(field);
    expect(client.sandbox?.ledger.movements()).toEqual([]);
  });
});
