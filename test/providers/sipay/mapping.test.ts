/** What Sipay's answers to token, balance and cashback mean. Texts are those of the contract dossier where it records them. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import type { Outcome } from "../../../lib/domain/outcome.ts";
import {
  type ConnectionOptions,
  connect,
  connectTo,
  customer,
  merchant,
  orderOf,
  seedAnswer,
} from "./sample-connection.ts";

function submit(status: number, text: string, order = orderOf()): Promise<Outcome> {
  return connectTo({ kind: "answered", status, text }).cashback.submit(order, "token");
}

function balance(status: number, text: string, currency = "TRY", options: ConnectionOptions = {}) {
  return connectTo({ kind: "answered", status, text }, options).balance({ account: "1250386995", currency }, "token");
}

function logIn(status: number, text: string) {
  return connectTo({ kind: "answered", status, text }).authenticate();
}

/** The dossier's error body. */
const error = (code: number | string, status: number | string = 2) =>
  `{"status":${status},"code":"${code}","message":"Cüzdan bakiyeniz yetersiz olduğundan işlemi gerçekleştiremiyoruz"}`;

const success = (payload: string) => `{"status":0,"code":"100","message":"İşlem başarılı","payload":${payload}}`;

const credit = (members = "") => `{"transaction_id":"895193944360218541069","transaction_amount":2.0${members}}`;

describe("a cashback's answer", () => {
  test.each([
    ["an object", credit()],
    ["a list of one, as the table says", `[${credit()}]`],
    ["its id as a number", credit().replace(/"(\d{21})"/, "$1")],
    ["our own ext_transaction_id", credit(',"ext_transaction_id":"txn_01jf8z3k5w9q7r2m4n6p8s0t1v"')],
  ])("settles with %s", async (_, payload) => {
    expect(await submit(200, success(payload))).toStrictEqual({
      kind: "settled",
      detail: "code 100",
      providerTransactionId: "895193944360218541069",
    });
  });

  test("settles with status and code as the other type each", async () => {
    const text = `{"status":"0","code":100,"message":null,"payload":${credit()}}`;
    expect((await submit(200, text)).kind).toBe("settled");
  });

  test.each(["2", "2.0", "2.00", "2.000000", '"2.00"', "0.2e1"])(
    "settles 2.00 TRY that come back as %s",
    async (digits) => {
      const text = success(`{"transaction_id":"1","transaction_amount":${digits}}`);
      expect((await submit(200, text)).kind).toBe("settled");
    },
  );

  test.each([
    ["another amount", credit().replace("2.0", "2.01")],
    ["another amount by a float's width", credit().replace("2.0", "2.0000000000000001")],
    ["the amount in minor units", credit().replace("2.0", "200")],
    ["an amount of zero", credit().replace("2.0", "0.0")],
    ["no amount", '{"transaction_id":"1"}'],
    ["an amount that is none", credit().replace("2.0", '"iki"')],
    ["no id", '{"transaction_amount":2.0}'],
    ["a text of a thousand letters for an id", `{"transaction_id":"${"x".repeat(1_000)}","transaction_amount":2.0}`],
    ["an empty id", '{"transaction_id":"","transaction_amount":2.0}'],
    ["a wallet in another currency", credit(',"wallet_info":{"currency_code":"USD"}')],
    ["two objects", `[${credit()},${credit()}]`],
    ["an empty list", "[]"],
    ["null", "null"],
    ["a text", '"ok"'],
  ])("is unknown with %s for payload", async (_, payload) => {
    expect((await submit(200, success(payload))).kind).toBe("unknown");
  });

  test("is unknown without a payload", async () => {
    expect((await submit(200, '{"status":0,"code":"100","message":"İşlem başarılı"}')).kind).toBe("unknown");
  });

  test.each([
    ["300", "account_not_found"],
    ["310", "provider_declined"],
    ["311", "insufficient_funds"],
    ["361", "provider_declined"],
  ])("is declined with code %s, in the provider's words or in ours", async (code, failure) => {
    expect(await submit(200, error(code))).toStrictEqual({
      kind: "declined",
      code: failure,
      message: "Cüzdan bakiyeniz yetersiz olduğundan işlemi gerçekleştiremiyoruz",
      providerCode: code,
    });
    const misspelt = `{"status":2,"code":"${code}","massage":"Olmadı","payload":null}`;
    expect(await submit(400, misspelt)).toMatchObject({ kind: "declined", code: failure, message: "Olmadı" });
    const wordless = await submit(422, `{"status":2,"code":${code},"message":null,"payload":[]}`);
    expect(wordless).toMatchObject({
      kind: "declined",
      code: failure,
      message: expect.stringMatching(/^The provider |^The payer's /),
    });
  });

  test.each(["301", "312", "303", "306", "360", "503", "100", "0", "", "999", "-311", "311 ", "constructor"])(
    "is unknown with code %j and a status that is not 0",
    async (code) => {
      expect((await submit(200, error(code))).kind).toBe("unknown");
    },
  );

  test.each(["300", "310", "311", "361"])("is unknown with code %s and the success's status", async (code) => {
    expect((await submit(200, error(code, 0))).kind).toBe("unknown");
  });

  test.each([1, 2, -1, 100])("is unknown with the success's code and status %d", async (status) => {
    const text = success(credit()).replace('"status":0', `"status":${status}`);
    expect((await submit(200, text)).kind).toBe("unknown");
  });

  test.each([
    "",
    "{",
    "[]",
    "null",
    "OK",
    "<html>",
    "{}",
    '{"status":0}',
    '{"code":"100"}',
    '{"wallet_id": 00000001123456}',
  ])("is unknown where it is %j with status 200", async (text) => {
    expect((await submit(200, text)).kind).toBe("unknown");
  });

  test.each([201, 202])("settles with HTTP %d, too", async (status) => {
    expect((await submit(status, seedAnswer)).kind).toBe("settled");
  });

  test.each([301, 400, 401, 403, 404, 429, 500, 502, 503])(
    "is unknown with HTTP %d that calls itself a success",
    async (status) => {
      expect((await submit(status, seedAnswer)).kind).toBe("unknown");
    },
  );

  test.each([300, 311, 400, 403, 404, 409, 422])("is declined with HTTP %d and a definite code", async (status) => {
    expect((await submit(status, error("311"))).kind).toBe("declined");
  });

  test.each([500, 502, 503, 504])("is unknown with HTTP %d, whatever the body says", async (status) => {
    for (const text of ["", error("311"), error("300")]) expect((await submit(status, text)).kind).toBe("unknown");
  });

  test.each([300, 301, 302, 307, 400, 404, 405, 408, 409, 415, 422])(
    "is unknown with HTTP %d and no envelope",
    async (status) => {
      for (const text of ["", '{"title":"One or more validation errors occurred.","status":400}']) {
        expect((await submit(status, text)).kind).toBe("unknown");
      }
    },
  );

  test("was not sent with HTTP 429", async () => {
    for (const text of ["", error("311")]) {
      expect(await submit(429, text)).toStrictEqual({ kind: "not-sent", reason: "rate-limited", detail: "HTTP 429" });
    }
  });

  test.each([
    [401, ""],
    [401, '{"status":1,"code":"401","message":"Unauthorized","payload":null}'],
    [403, ""],
    [403, "<html>"],
  ])("was not sent over the session that HTTP %d %s refuses", async (status, text) => {
    expect(await submit(status, text)).toMatchObject({ kind: "not-sent", reason: "session-rejected" });
  });

  test("is unknown with HTTP 403 and an envelope of its own", async () => {
    expect((await submit(403, error("999"))).kind).toBe("unknown");
  });
});

describe("an exchange without an answer", () => {
  test("was not sent, or is unknown, and reads nothing", async () => {
    const refused = connectTo({ kind: "not-sent", detail: "ECONNREFUSED" });
    const lost = connectTo({ kind: "in-doubt", detail: "ECONNRESET" });
    expect(await refused.cashback.submit(orderOf(), "t")).toMatchObject({ kind: "not-sent", reason: "unreachable" });
    expect(await lost.cashback.submit(orderOf(), "t")).toStrictEqual({ kind: "unknown", detail: "ECONNRESET" });
    for (const { authenticate, balance: read, cashback } of [refused, lost]) {
      expect((await authenticate()).kind).toBe("unavailable");
      expect((await read({ account: "1", currency: "TRY" }, "t")).kind).toBe("unavailable");
      expect((await cashback.lookUp(orderOf(), "t")).kind).toBe("unavailable");
    }
  });
});

describe("a balance", () => {
  /** The seed's wallet, as Wallet/Info answers it. */
  const wallet = (changes: (text: string) => string = (text) => text) =>
    changes(
      success(
        '{"wallet_info":{"number":"1011179271","currency_code":"TRY","total_balance":163.50,' +
          '"payment_balance":{"available":3.00,"unavailable":0.00},"cash_balance":{"available":42.40,"unavailable":118.10}}}',
      ),
    );

  test("is what is available in cash, or of the payment balance by option", async () => {
    expect(await balance(200, wallet())).toStrictEqual({ kind: "read", value: { value: 4_240, currency: "TRY" } });
    expect(await balance(200, wallet(), "TRY", { paidFrom: "payment" })).toMatchObject({ value: { value: 300 } });
  });

  test.each([
    ["42.4", 4_240],
    ["42", 4_200],
    ["42.400000", 4_240],
    ["42.409999", 4_240],
    ["0.009", 0],
    ["0.000000", 0],
    ["-1.50", -150],
    ['"1234567.89"', 123_456_789],
  ])("of %s is %d minor units", async (digits, value) => {
    expect(
      await balance(
        200,
        wallet((text) => text.replace("42.40", digits)),
      ),
    ).toMatchObject({ value: { value } });
  });

  test.each([
    ["another currency", (text: string) => text.replace("TRY", "USD")],
    ["no such wallet", () => error("300")],
  ])("is refused for %s", async (_, changes) => {
    expect((await balance(200, wallet(changes))).kind).toBe("refused");
  });

  test("is read from a payload in a list, and with the currency in small letters", async () => {
    expect(
      (
        await balance(
          200,
          wallet((text) => text.replace("TRY", "try")),
        )
      ).kind,
    ).toBe("read");
    expect(
      (
        await balance(
          200,
          wallet((text) => text.replace('"payload":{', '"payload":[{').replace(/\}$/, "]}")),
        )
      ).kind,
    ).toBe("read");
  });

  test.each([
    ["no available figure", (text: string) => text.replace('"available":42.40,', "")],
    ["a figure that is none", (text: string) => text.replace("42.40", '"yok"')],
    ["a figure beyond all measure", (text: string) => text.replace("42.40", "9e40")],
    ["no currency", (text: string) => text.replace('"currency_code":"TRY",', "")],
    ["no wallet", () => success("{}")],
    ["no payload", () => success("null")],
    ["another code", () => error("311")],
    ["half a text", (text: string) => text.slice(0, 60)],
  ])("is not read with %s", async (_, changes) => {
    expect((await balance(200, wallet(changes))).kind).toBe("unavailable");
  });

  test.each([400, 404, 429, 500, 503])("is not read with HTTP %d", async (status) => {
    expect((await balance(status, wallet())).kind).toBe("unavailable");
  });

  test.each([429, 500, 503])("is not refused by a wallet that is missing in the words of HTTP %d", async (status) => {
    expect((await balance(status, error("300"))).kind).toBe("unavailable");
  });

  test.each([
    [401, error("401", 1)],
    [401, ""],
    [403, ""],
  ])("asks for another session with HTTP %d %s", async (status, text) => {
    expect((await balance(status, text)).kind).toBe("session-rejected");
  });

  test.each(["", "/", "a/", "/b", "a/b/c"])("of %j is refused without asking", async (account) => {
    const { balance: read } = connect(() => Promise.reject(new Error("the provider was called")));
    expect(await read({ account, currency: "TRY" }, "t")).toMatchObject({ kind: "refused", code: "account_not_found" });
  });
});

describe("a token", () => {
  test.each([
    ["no token", '{"token_type":"Bearer","expires_in":3600}'],
    ["an empty token", '{"access_token":"","expires_in":3600}'],
    ["no lifetime", '{"access_token":"a"}'],
    ["a lifetime of zero", '{"access_token":"a","expires_in":0}'],
    ["another type", '{"access_token":"a","token_type":"mac","expires_in":3600}'],
    ["half a text", '{"access_token":"a'],
    ["an envelope", error("300")],
  ])("is not read with %s", async (_, text) => {
    expect((await logIn(200, text)).kind).toBe("unavailable");
  });

  test.each(["invalid_client", "unauthorized_client", "invalid_scope"])("is refused with %s", async (name) => {
    expect(await logIn(400, `{"error":"${name}"}`)).toMatchObject({ kind: "refused", code: "credentials_rejected" });
  });

  test.each([401, 403])("is refused with HTTP %d", async (status) => {
    expect(await logIn(status, "")).toMatchObject({ kind: "refused", code: "credentials_rejected" });
  });

  test.each([400, 404, 429, 500, 503])("may be asked for again after HTTP %d", async (status) => {
    for (const text of ["", '{"error":"invalid_request"}'])
      expect((await logIn(status, text)).kind).toBe("unavailable");
  });
});

describe("an order", () => {
  const { cashback } = connect(() => Promise.reject(new Error("the provider was called")));
  const pathsOf = (changes: Parameters<typeof orderOf>[0]) => cashback.check(orderOf(changes)).map(({ path }) => path);

  test("is right with the connection's sender or its own", () => {
    expect(pathsOf({})).toStrictEqual([]);
    expect(pathsOf({ sender: { accountNumber: "1", walletNumber: "2" } })).toStrictEqual([]);
    expect(pathsOf({ amount: amountOf(5, "JPY") })).toStrictEqual([]);
  });

  test.each([
    [{ receiver: { walletNumber: merchant.walletNumber } }, ["receiver.walletNumber"]],
    [{ receiver: { walletNumber: ` ${merchant.walletNumber} ` } }, ["receiver.walletNumber"]],
    [{ receiver: { walletNumber: "7" }, sender: { accountNumber: "1", walletNumber: "7" } }, ["receiver.walletNumber"]],
    [{ receiver: { walletNumber: " " } }, ["receiver.walletNumber"]],
    [{ sender: { accountNumber: "", walletNumber: "" } }, ["sender.accountNumber", "sender.walletNumber"]],
    [{ amount: amountOf(1_234, "TND") }, ["amount.currency"]],
  ])("is wrong with %j", (changes, paths) => {
    expect(pathsOf(changes)).toStrictEqual(paths);
  });

  test("is paid by the connection's wallet, or by its own sender's", () => {
    expect(cashback.payer?.(orderOf())).toBe("0153253257047385/1250386995");
    const sender = { accountNumber: "1", walletNumber: "2" };
    expect(cashback.payer?.(orderOf({ sender, receiver: customer }))).toBe("1/2");
  });

  test("is never sent again: that a repeat is refused is not documented for this call", () => {
    expect(cashback.rejectsDuplicates).toBe(false);
  });
});
