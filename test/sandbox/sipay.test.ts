/** Sipay's token, wallets and cashbacks: the documents' bytes, and each switch for what they leave open. */

import { describe, expect, test } from "vitest";
import { compact } from "./client.ts";
import { FORM, openSipay, seedRequest } from "./sipay-client.ts";

describe("the token", () => {
  test("is the documented one, for an hour", async () => {
    const { logIn } = await openSipay();
    const reply = await logIn();
    expect(reply.text.replace(/"eyJ[^"]*"/, '"#"')).toBe(
      '{"access_token":"#","token_type":"Bearer","expires_in":3600,"scope":"sts_business_api"}',
    );
  });

  test.each([
    [{ client_secret: "x" }, "invalid_client"],
    [{ client_id: "x" }, "invalid_client"],
    [{ scope: "x" }, "invalid_scope"],
    [{ scope: "" }, "invalid_request"],
    [{ grant_type: "password" }, "unsupported_grant_type"],
  ])("is refused to %j with %s", async (changes, error) => {
    const { logIn } = await openSipay();
    expect(await logIn({ ...FORM, ...changes })).toMatchObject({ status: 400, body: { error } });
  });

  test("is asked for by a form only", async () => {
    const { logIn } = await openSipay();
    expect(await logIn(FORM, "application/json")).toMatchObject({ status: 400, body: { error: "invalid_request" } });
  });

  test("expires after its seconds", async () => {
    let now = Date.parse("2026-11-05T10:00:00Z");
    const { wallet } = await openSipay({ now: () => now });
    now += 3_600_000 - 1;
    expect((await wallet("1250386995", "0153253257047385")).status).toBe(200);
    now += 1;
    expect((await wallet("1250386995", "0153253257047385")).status).toBe(401);
  });

  test("is needed, with the platform's client key and a JSON body", async () => {
    const { api, turn } = await openSipay();
    expect(await api("Wallet/Info", {}, { authorization: "Bearer x" })).toMatchObject({ status: 401, text: "" });
    expect((await api("Wallet/Info", {}, { "x-client-id": "another" })).status).toBe(401);
    expect((await api("Wallet/Info", "{}", { "content-type": "text/plain" })).status).toBe(415);
    await turn("auth-failure", "envelope");
    expect(await api("Wallet/Info", {}, { authorization: "" })).toMatchObject({ status: 401, body: { code: "401" } });
    await turn("auth-failure", "403");
    expect(await api("Wallet/Info", {}, { authorization: "" })).toMatchObject({ status: 403, text: "" });
  });
});

/** The seed's answer, but for the figures that follow from the sandbox's own seeds, and its wallet's number. */
const seedAnswer = compact(`{
"status": 0,
"code": "100",
"message": "İşlem başarılı",
"payload": {
"transaction_id": "895193944360218100001",
"ext_transaction_id": "4897204600289487885",
"transaction_amount": 2.0,
"transaction_fee_amount": 0.000000,
"previous_amount": 0.0,
"request_id": "0",
"wallet_info": {
"id": "6256794445262550404109",
"tenant_id": "5",
"name": "",
"account_number": "0153253257047385",
"account_type": "Kurumsal",
"created_date_utc": "2022-08-09T07:02:47.0163827+00:00",
"number": "1250386995",
"phone_country_code": null,
"phone_number": null,
"email": null,
"total_balance": 998.00,
"monthly_incoming_total": 0.0,
"monthly_outgoing_total": 0.0,
"access_level_status_id": 1,
"access_level_status": "Aktif",
"payment_balance": {
"available": 0.00,
"unavailable": 0.00
},
"cash_balance": {
"available": 998.00,
"unavailable": 0.00
},
"transaction_limits": {
"max_balance": 200000.0000,
"topup_credit_limit": 199951.0000,
"topup_cash_limit": 199951.0000,
"withdrawal_limit": 200000.0000,
"payment_limit": 200000.0000,
"wallet_to_wallet_limit": 199976.5000
},
"kyc_level_status": null,
"currency_code": "TRY",
"user_kyc_info": null,
"is_topup_default": false,
"tax_number": null,
"loyalty_record_required": false
}
}
}`);

describe("a cashback", () => {
  test("answers the seed's bytes and moves the money once", async () => {
    const { give, moved } = await openSipay();
    const reply = await give("4897204600289487885");
    expect(reply.status).toBe(200);
    expect(reply.text).toBe(seedAnswer);
    expect(await moved("4897204600289487885")).toEqual(["debit 1250386995 200 TRY settled"]);
  });

  test("credits the payment balance, CashBack the cash balance, and takes an amount in a text", async () => {
    const { api, wallet } = await openSipay();
    const {
      source_type: _s,
      channel_type: _c,
      ...plain
    } = seedRequest("b", { amount: "1.25" }) as Record<string, unknown>;
    await api("Transaction/CashBackCredit", seedRequest("a", { amount: "19.90" }));
    const second = await api("Transaction/CashBack", plain);
    expect(second.text).toContain('"transaction_amount":1.25,');
    const { text, body } = await wallet("637606074", "0637606074");
    expect(body).toMatchObject({ status: 0, code: "100", message: "Cüzdan bilgileri başarı ile dönülmüştür." });
    expect(text).toContain(
      '"payment_balance":{"available":19.90,"unavailable":0.00},"cash_balance":{"available":1.25,',
    );
    expect((await wallet("1250386995", "0153253257047385")).text).toContain('"total_balance":978.85,');
    expect((await api("Transaction/CashBack", seedRequest("c"))).status).toBe(400);
  });

  test.each([
    [{ ext_transaction_id: "" }, "ext_transaction_id"],
    [{ receiver_wallet_number: null }, "receiver_wallet_number"],
    [{ amount: 0 }, "amount"],
    [{ amount: -1 }, "amount"],
    [{ amount: 0.001 }, "amount"],
    [{ amount: "bir" }, "amount"],
    [{ currency_code: 7 }, "currency_code"],
    [{ original_id: "x" }, "original_id"],
  ])("breaks the request's rules with %j", async (changes, field) => {
    const { give, moved } = await openSipay();
    const reply = await give("wrong", changes);
    expect(reply.status).toBe(400);
    expect(Object.keys(reply.body.errors)).toEqual([field]);
    expect(await moved("wrong")).toEqual([]);
  });

  test("is refused with the documented bytes where the wallet does not cover it", async () => {
    const { give, moved } = await openSipay();
    expect((await give("poor", { amount: 1000.01 })).text).toBe(
      '{"status":2,"code":"311","message":"Cüzdan bakiyeniz yetersiz olduğundan işlemi gerçekleştiremiyoruz"}',
    );
    expect(await moved("poor")).toEqual([]);
  });

  test("is refused above the receiver's limit with the documented words", async () => {
    const { give } = await openSipay();
    expect((await give("full", { receiver_wallet_number: "637606099", amount: 100.01 })).body).toEqual({
      status: 2,
      code: "310",
      message:
        "Üyelik seviyenize tanımlanmış olan limit, işlemi gerçekleştirebilmeniz için yeterli değildir. Kullanılabilir Limit: 100,00 TRY",
    });
    expect((await give("fits", { receiver_wallet_number: "637606099", amount: 100 })).body.code).toBe("100");
  });

  test.each([
    [{ receiver_wallet_number: "1" }, "300"],
    [{ sender_wallet_number: "1" }, "300"],
    [{ sender_account_number: "1" }, "300"],
    [{ receiver_wallet_number: "637606013" }, "300"],
    [{ receiver_wallet_number: "637606080" }, "300"],
    [{ receiver_wallet_number: "1250386995" }, "303"],
    [{ currency_code: "USD", receiver_wallet_number: "637606080" }, "311"],
  ])("is refused with %j by code %s", async (changes, code) => {
    const { give, moved } = await openSipay();
    expect((await give("refused", changes)).body).toMatchObject({ status: 2, code });
    expect(await moved("refused")).toEqual([]);
  });

  test("with a used ext_transaction_id is refused by 301, by 312, or moves again", async () => {
    const { give, moved, turn } = await openSipay();
    await give("twice");
    expect((await give("twice")).body.code).toBe("301");
    await turn("duplicate", "312");
    expect((await give("twice")).body.code).toBe("312");
    expect(await moved("twice")).toHaveLength(1);
    await turn("duplicate", "accept");
    expect((await give("twice")).body.code).toBe("100");
    expect(await moved("twice")).toHaveLength(2);
  });

  test("is refused with any code, status, HTTP status and payload by switch", async () => {
    const { give, moved, turn } = await openSipay();
    await turn("refusal", 361);
    expect(await give("x")).toMatchObject({ status: 200, body: { status: 2, code: "361" } });
    await turn("refusal-status", 7);
    await turn("refusal-http", 422);
    await turn("refusal-payload", "null");
    expect(await give("x")).toMatchObject({ status: 422, body: { status: 7, code: "361", payload: null } });
    await turn("refusal-http", "code");
    expect((await give("x")).status).toBe(361);
    await turn("inactive-code", 404);
    await turn("refusal", "off");
    expect((await give("x", { receiver_wallet_number: "637606013" })).body.code).toBe("404");
    expect(await moved("x")).toEqual([]);
  });

  test("answers a list, and another ext_transaction_id or none, by switch", async () => {
    const { give, turn } = await openSipay();
    await turn("payload-form", "array");
    expect((await give("a")).body.payload).toMatchObject([{ ext_transaction_id: "a" }]);
    await turn("payload-form", "object");
    await turn("ext-id-echo", "other");
    expect((await give("b")).body.payload.ext_transaction_id).toBe("24413144832134321321");
    await turn("ext-id-echo", "absent");
    expect((await give("c")).body.payload).not.toHaveProperty("ext_transaction_id");
  });

  test("under way is no success, and is held until it ends", async () => {
    const { give, arm, wallet, search, moved } = await openSipay();
    await arm("pending-then-failed");
    expect((await give("late")).body).toMatchObject({ status: 1, code: "101" });
    const held = '"cash_balance":{"available":998.00,"unavailable":2.00}';
    expect((await wallet("1250386995", "0153253257047385")).text).toContain(held);
    const statusOf = async (): Promise<number> =>
      (await search({ ext_transaction_id: "late" })).body.payload.results[0].transaction_status_id;
    expect([await statusOf(), await statusOf()]).toEqual([10, 90]);
    expect(await moved("late")).toEqual(["debit 1250386995 200 TRY failed"]);
    expect((await wallet("1250386995", "0153253257047385")).text).toContain('"total_balance":1000.00,');
  });
});

describe("a wallet", () => {
  test("pays from the payment balance by switch, and is known by account and number only", async () => {
    const { wallet, turn, api } = await openSipay();
    await turn("paid-from", "payment");
    expect((await wallet("1250386996", "0153253257047385")).text).toContain('"payment_balance":{"available":50.00,');
    expect((await wallet("1250386996", "0637606074")).body).toEqual({
      status: 2,
      code: "300",
      message: "Cüzdan bulunamadı!",
    });
    expect((await api("Wallet/Info", { wallet_number: "1250386996" })).status).toBe(400);
  });
});
