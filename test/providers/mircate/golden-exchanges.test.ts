/** The bytes that go to Mircate, against a server that keeps them, and the documented answers, byte for byte. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import { httpClient } from "../../../lib/providers/http.ts";
import type { RefundOrder } from "../../../lib/providers/port.ts";
import { answer, answerJson, type RecordedRequest, startWireServer } from "../wire-server.ts";
import { type ConnectionOptions, connect, type Refunds, refundOf } from "./sample-connection.ts";

/** What the client under us adds by itself, and HTTP needs. */
const transportHeaders = [
  "host",
  "connection",
  "content-length",
  "accept",
  "accept-encoding",
  "accept-language",
  "sec-fetch-mode",
  "user-agent",
];

/** The first request that a call makes. */
async function requestOf(
  call: (refunds: Refunds) => Promise<unknown>,
  options: ConnectionOptions = {},
): Promise<RecordedRequest> {
  const server = await startWireServer(answerJson('{"transactions":[],"from":0,"pageSize":0,"total":0,"size":0}'));
  await call(connect(httpClient, { baseUrl: `${server.url}/5p1hp1d2t/`, ...options }));
  const [request] = server.requests;
  if (!request) throw new Error("nothing was sent");
  return request;
}

const submitted = (changes: Partial<RefundOrder> = {}, options: ConnectionOptions = {}) =>
  requestOf(({ submit }) => submit(refundOf(changes), undefined), options);

describe("a refund", () => {
  test("is the documented request", async () => {
    const request = await submitted(
      { original: "string", account: { accountNumber: "string" }, amount: amountOf(1, "TRY") },
      { projectId: "PROJ", accountId: "ACC", apiKey: "secret" },
    );
    expect(request).toMatchObject({
      method: "POST",
      target: "/5p1hp1d2t/CALL/WalletAPI/refund/PROJ-ACC",
      headers: { "x-api-key": "secret", "content-type": "application/json" },
      body: '{"transactionId":"string","amount":1,"accountNumber":"string"}',
    });
    const names = Object.keys(request.headers).filter((name) => !transportHeaders.includes(name));
    expect(names.sort()).toStrictEqual(["content-type", "x-api-key"]);
  });

  test("names a wallet with its currency, and no reference, description or split", async () => {
    const { body } = await submitted({
      account: { walletId: "wallet-alice", currency: "TRY" },
      description: "A cup that broke",
    });
    expect(body).toBe('{"transactionId":"spent-100","amount":5000,"walletId":"wallet-alice","currency":"TRY"}');
  });

  test("keeps to itself a currency beside an account number", async () => {
    const { body } = await submitted({ account: { accountNumber: "alice-try", currency: "TRY" } });
    expect(body).toBe('{"transactionId":"spent-100","amount":5000,"accountNumber":"alice-try"}');
  });

  test.each([
    [5_000, "TRY", "minor", "5000"],
    [5_000, "TRY", "major", "50"],
    [1_999, "JPY", "minor", "1999"],
    [1_999, "JPY", "major", "1999"],
    [3_000, "TND", "major", "3"],
    [1_000_000_000_000, "TRY", "minor", "1000000000000"],
    [1_000_000_000_000, "TRY", "major", "10000000000"],
  ] as const)("writes %d minor units of %s in %s units as %s", async (value, currency, amountUnit, digits) => {
    const { body } = await submitted({ amount: amountOf(value, currency) }, { amountUnit });
    expect(body).toBe(`{"transactionId":"spent-100","amount":${digits},"accountNumber":"alice-try"}`);
  });

  test("cannot be led astray by quotes and slashes in names", async () => {
    const request = await submitted(
      { original: 'x","amount":1,"y":"', account: { accountNumber: 'a"b' } },
      { projectId: "p/../q", accountId: "a?b#c" },
    );
    expect(request.target).toBe("/5p1hp1d2t/CALL/WalletAPI/refund/p%2F..%2Fq-a%3Fb%23c");
    expect(request.body).toBe(
      '{"transactionId":"x\\",\\"amount\\":1,\\"y\\":\\"","amount":5000,"accountNumber":"a\\"b"}',
    );
  });

  test.each([200, 204, 400, 403, 404, 429, 500, 503, 570])(
    "is one request, whatever is answered (%i)",
    async (status) => {
      const server = await startWireServer(answer(status, "", { "retry-after": "0" }));
      await connect(httpClient, { baseUrl: server.url }).submit(refundOf(), undefined);
      expect(server.requests.length).toBe(1);
    },
  );

  test("settles with the documented answer's shape", async () => {
    const server = await startWireServer(
      answerJson(`{
    "transaction": {
        "transactionId": "string",
        "type": "REFUNDED",
        "amount": 5000,
        "channel": "string",
        "createdAt": "string",
        "refundedTransactionId": "spent-100"
    },
    "balance": 0
}`),
    );
    expect(await connect(httpClient, { baseUrl: server.url }).submit(refundOf(), undefined)).toMatchObject({
      kind: "settled",
      providerTransactionId: "string",
    });
  });

  test("does not settle with the documented placeholders, which name another sum", async () => {
    const server = await startWireServer(
      answerJson(`{
    "transaction": {
        "transactionId": "string",
        "type": "string",
        "amount": 0,
        "channel": "string",
        "createdAt": "string",
        "refundedTransactionId": "string"
    },
    "balance": 0
}`),
    );
    const { submit } = connect(httpClient, { baseUrl: server.url });
    expect((await submit(refundOf(), undefined)).kind).toBe("unknown");
  });
});

describe("a list", () => {
  const listed = { method: "POST", target: "/5p1hp1d2t/CALL/WalletAPI/listTransactions/sandbox-project" };
  const refunded = '{"from":0,"pageSize":50,"filters":[{"type":"REFUNDED"}],';

  test.each(["prepare", "lookUp"] as const)("of refunds is asked for by %s", async (call) => {
    const request = await requestOf((refunds) => refunds[call](refundOf(), undefined));
    expect(request).toMatchObject({
      ...listed,
      headers: { "x-api-key": "sandbox-api-key", "content-type": "application/json" },
      body: `${refunded}"accountNumber":"alice-try"}`,
    });
  });

  test("of a wallet's refunds names the wallet and the currency", async () => {
    const order = refundOf({ account: { walletId: "wallet-alice", currency: "TRY" } });
    const { body } = await requestOf(({ prepare }) => prepare(order, undefined));
    expect(body).toBe(`${refunded}"walletId":"wallet-alice","currency":"TRY"}`);
  });

  test("of payments is searched for the original", async () => {
    expect(await requestOf(({ remaining }) => remaining(refundOf(), undefined))).toMatchObject({
      ...listed,
      body: '{"from":0,"pageSize":50,"filters":[{"type":"SPENT","search":"spent-100"}],"accountNumber":"alice-try"}',
    });
  });

  test("with the documented placeholders is read, and no row is missed in it", async () => {
    const server = await startWireServer(
      answerJson(
        '{"transactions":[{"transactionId":"string","type":"EARNED","amount":0,"description":"string","channel":"string","createdAt":"string"}],"from":0,"pageSize":0,"total":1,"size":1}',
      ),
    );
    const { prepare } = connect(httpClient, { baseUrl: server.url });
    const note = await prepare(refundOf(), undefined);
    expect(JSON.parse(note.kind === "read" ? note.value : "")).toMatchObject({
      total: 1,
      known: expect.stringMatching(/^[\w-]{8}$/),
    });
  });
});
