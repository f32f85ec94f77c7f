/** The bytes that go to Sipay and come from there, against a server that keeps them: method, path, headers, body. */
import { describe, expect, test, vi } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import { httpClient } from "../../../lib/providers/http.ts";
import type { CashbackOrder } from "../../../lib/providers/port.ts";
import { answerJson, type RecordedRequest, startWireServer } from "../wire-server.ts";
import { type ConnectionOptions, connect, customer, orderOf, seedAnswer } from "./sample-connection.ts";

/** What the client under us adds by itself, and HTTP needs. */
const transportHeaders = [
  "host",
  "connection",
  "content-length",
  "accept-encoding",
  "accept-language",
  "sec-fetch-mode",
  "user-agent",
];

/** The documented ones, and what we take. */
const apiHeaders = ["accept", "authorization", "content-type", "x-client-id"];

function headerNamesOf({ headers }: RecordedRequest): string[] {
  return Object.keys(headers)
    .filter((name) => !transportHeaders.includes(name))
    .sort();
}

/** The one request that a call makes. */
async function recordOf(
  call: (connector: ReturnType<typeof connect>) => Promise<unknown>,
  options: ConnectionOptions = {},
): Promise<RecordedRequest> {
  const server = await startWireServer(answerJson("{}"));
  await call(
    connect(httpClient, { baseUrl: `${server.url}/base/`, tokenUrl: `${server.url}/ids/connect/token`, ...options }),
  );
  const [request, second] = server.requests;
  if (!request || second) throw new Error(`${server.requests.length} requests instead of one`);
  return request;
}

/** The seed's request as printed. */
const seedRequest = `{
"ext_transaction_id":"4897204600289487885",
"sender_account_number": "0153253257047385",
"sender_wallet_number": "1250386995",
"amount": 1,
"currency_code": "TRY",
"description": "CASH BACK TEST",
"receiver_wallet_number": "637606074",
"source_type": "",
"channel_type": "",
"hash_key": ""
}`;

const seedOrder: Partial<CashbackOrder> = {
  reference: "4897204600289487885",
  amount: amountOf(100, "TRY"),
  description: "CASH BACK TEST",
  receiver: customer,
};

function submit(changes: Partial<CashbackOrder>, options?: ConnectionOptions): Promise<RecordedRequest> {
  return recordOf(({ cashback }) => cashback.submit(orderOf(changes), "eyJ.a.b"), options);
}

test("the token is asked for as documented, form-encoded, at its own address", async () => {
  const request = await recordOf(({ authenticate }) => authenticate(), {
    clientId: "your_client_id",
    clientSecret: "your_client_secret",
  });
  expect(request).toMatchObject({
    method: "POST",
    target: "/ids/connect/token",
    headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    body: "grant_type=client_credentials&client_id=your_client_id&client_secret=your_client_secret&scope=sts_business_api",
  });
  expect(headerNamesOf(request)).toStrictEqual(["accept", "content-type"]);
});

test("a secret with strange letters stays inside its parameter", async () => {
  const { body } = await recordOf(({ authenticate }) => authenticate(), { clientSecret: "a&scope=b+c d=%ü" });
  expect(body).toBe(
    "grant_type=client_credentials&client_id=moneyback&client_secret=a%26scope%3Db%2Bc+d%3D%25%C3%BC&scope=sts_business_api",
  );
});

test("the documented token is read", async () => {
  const token = `{
    "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...",
    "token_type": "Bearer",
    "expires_in": 3600,
    "scope": "sts_business_api"
}`;
  const { url } = await startWireServer(answerJson(token));
  expect(await connect(httpClient, { baseUrl: url }).authenticate()).toStrictEqual({
    kind: "read",
    value: { token: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...", lifetimeMs: 3_600_000 },
  });
});

describe("a cashback", () => {
  test("is the seed's own request", async () => {
    const request = await submit(seedOrder);
    expect(request).toMatchObject({
      method: "POST",
      target: "/base/v1/Transaction/CashBackCredit",
      headers: {
        accept: "application/json",
        authorization: "Bearer eyJ.a.b",
        "content-type": "application/json",
        "x-client-id": "sandbox-platform",
      },
      body:
        '{"ext_transaction_id":"4897204600289487885","sender_account_number":"0153253257047385",' +
        '"sender_wallet_number":"1250386995","amount":1.00,"currency_code":"TRY","description":"CASH BACK TEST",' +
        '"receiver_wallet_number":"637606074","source_type":"","channel_type":"","hash_key":""}',
    });
    expect(headerNamesOf(request)).toStrictEqual(apiHeaders);
    expect(JSON.parse(request.body)).toStrictEqual(JSON.parse(seedRequest));
    expect(Object.keys(JSON.parse(request.body))).toStrictEqual(Object.keys(JSON.parse(seedRequest)));
  });

  test("to the cash balance has the same fields without the two that CashBack does not document", async () => {
    const request = await submit(seedOrder, { method: "CashBack" });
    expect(request).toMatchObject({
      target: "/base/v1/Transaction/CashBack",
      body:
        '{"ext_transaction_id":"4897204600289487885","sender_account_number":"0153253257047385",' +
        '"sender_wallet_number":"1250386995","amount":1.00,"currency_code":"TRY","description":"CASH BACK TEST",' +
        '"receiver_wallet_number":"637606074","hash_key":""}',
    });
  });

  test.each([
    [1, "TRY", "0.01"],
    [29, "TRY", "0.29"],
    [1_999, "TRY", "19.99"],
    [10_000, "TRY", "100.00"],
    [1_999, "JPY", "1999"],
    [1_000_000_000_000, "TRY", "10000000000.00"],
  ])("writes %d minor units of %s as %s", async (value, currency, digits) => {
    expect((await submit({ amount: amountOf(value, currency) })).body).toContain(
      `"amount":${digits},"currency_code":"${currency}",`,
    );
  });

  test("names the order's own sender before the connection's", async () => {
    const { body } = await submit({ sender: { accountNumber: "1", walletNumber: "2" } });
    expect(body).toContain('"sender_account_number":"1","sender_wallet_number":"2",');
  });

  test("without a description has an empty one, and none of its letters lead astray", async () => {
    expect((await submit({})).body).toContain('"description":"",');
    const { body } = await submit({ description: 'x","amount":9,"ü' });
    expect(JSON.parse(body)).toMatchObject({ amount: 2, description: 'x","amount":9,"ü' });
  });

  test("of 2.00 settles with the seed's own answer, whose ext_transaction_id is another than its request's", async () => {
    const { url } = await startWireServer(answerJson(seedAnswer));
    const outcome = await connect(httpClient, { baseUrl: url }).cashback.submit(orderOf(), "t");
    expect(outcome).toStrictEqual({
      kind: "settled",
      detail: "code 100, answered with the ext_transaction_id 24413144832134321321",
      providerTransactionId: "895193944360218541069",
    });
  });

  test("of 1.00, as in the seed's request, is unknown with the seed's answer: it names 2.0", async () => {
    const { url } = await startWireServer(answerJson(seedAnswer));
    const outcome = await connect(httpClient, { baseUrl: url }).cashback.submit(orderOf(seedOrder), "t");
    expect(outcome).toStrictEqual({ kind: "unknown", detail: "the answer names another amount: 2.0 TRY" });
  });

  test("is one request, whatever is answered", async () => {
    for (const status of [200, 301, 401, 429, 500, 503]) {
      const server = await startWireServer(answerJson("", status));
      await connect(httpClient, { baseUrl: server.url }).cashback.submit(orderOf(), "t");
      expect(server.requests.length).toBe(1);
    }
  });
});

test("a wallet is asked for by account and number", async () => {
  const query = { account: "XXX48400/484863917", currency: "TRY" };
  const request = await recordOf(({ balance }) => balance(query, "eyJ.a.b"));
  expect(request).toMatchObject({
    method: "POST",
    target: "/base/v1/Wallet/Info",
    headers: { authorization: "Bearer eyJ.a.b", "x-client-id": "sandbox-platform" },
    body: '{"account_number":"XXX48400","wallet_number":"484863917"}',
  });
  expect(headerNamesOf(request)).toStrictEqual(apiHeaders);
});

describe("the search for a cashback", () => {
  async function search(createdAt: string, now: string): Promise<RecordedRequest> {
    vi.useFakeTimers({ now: new Date(now), toFake: ["Date"] });
    try {
      const order = orderOf({ createdAt: new Date(createdAt), reference: "EXT_TXN_00001" });
      return await recordOf(({ cashback }) => cashback.lookUp(order, "eyJ.a.b"));
    } finally {
      vi.useRealTimers();
    }
  }

  test("is by our reference, with both dates, each a day wide of what can be", async () => {
    const request = await search("2025-05-01T09:00:00.123Z", "2025-05-04T09:05:00.999Z");
    expect(request).toMatchObject({
      method: "POST",
      target: "/base/v1/TransactionData/SummaryRecordByFilter",
      headers: {
        authorization: "Bearer eyJ.a.b",
        "content-type": "application/json",
        "x-client-id": "sandbox-platform",
      },
      body:
        '{"ext_transaction_id":"EXT_TXN_00001","order_column":"CreatedDateUtc","order_by":"asc","page_size":100,' +
        '"start_date":"2025-04-30T09:00:00Z","end_date":"2025-05-05T09:05:00Z"}',
    });
    expect(headerNamesOf(request)).toStrictEqual(apiHeaders);
  });

  test("reaches back to the order's beginning however long ago that was", async () => {
    const { body } = await search("2024-01-01T00:00:00.000Z", "2025-05-01T00:00:00.000Z");
    expect(JSON.parse(body)).toMatchObject({ start_date: "2023-12-31T00:00:00Z", end_date: "2025-05-02T00:00:00Z" });
  });
});
