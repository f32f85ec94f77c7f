/** The bytes that go to Nexio, against a server that keeps them: method, path, headers, body. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import { httpClient } from "../../../lib/providers/http.ts";
import type { RefundOrder, SpendbackOrder } from "../../../lib/providers/port.ts";
import { answerJson, type RecordedRequest, startWireServer } from "../wire-server.ts";
import {
  type ConnectionOptions,
  connect,
  jane,
  orderOf,
  type Ready,
  reference,
  refundOf,
} from "./sample-connection.ts";

// Only the date: timers stay real, or no answer would ever come.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-06T12:34:56.789Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

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

function headerNamesOf({ headers }: RecordedRequest): string[] {
  return Object.keys(headers)
    .filter((name) => !transportHeaders.includes(name))
    .sort();
}

/** The one request that a call makes. */
async function recordOf(
  call: (connector: Ready) => Promise<unknown>,
  options: ConnectionOptions = {},
): Promise<RecordedRequest> {
  const server = await startWireServer(answerJson("{}"));
  await call(connect(httpClient, { baseUrl: `${server.url}/base/`, ...options }));
  const [request, second] = server.requests;
  if (!request || second) throw new Error(`${server.requests.length} requests instead of one`);
  return request;
}

async function spendbackBody(changes: Partial<SpendbackOrder> = {}, options: ConnectionOptions = {}): Promise<string> {
  return (await recordOf(({ spendback }) => spendback.submit(orderOf(changes), undefined), options)).body;
}

async function refundBody(changes: Partial<RefundOrder> = {}, options: ConnectionOptions = {}): Promise<string> {
  return (await recordOf(({ refund }) => refund.submit(refundOf(changes), undefined), options)).body;
}

// printf 'user_0123456789abcdef0123456789abcdef:apiKey_sandbox' | base64 -w0
const authorization = "Basic dXNlcl8wMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjphcGlLZXlfc2FuZGJveA==";

describe("a spendback", () => {
  test("is the documented request, with our reference", async () => {
    const request = await recordOf(({ spendback }) => spendback.submit(orderOf(), undefined));
    expect(request).toMatchObject({
      method: "POST",
      target: "/base/payout/v3/spendback",
      headers: { accept: "application/json", authorization, "content-type": "application/json" },
      body: `{"amount":14.83,"currency":"USD","recipientId":137241,"spendbackRef":"${reference}"}`,
    });
    expect(headerNamesOf(request)).toStrictEqual(["accept", "authorization", "content-type"]);
  });

  test.each<[string, SpendbackOrder["recipient"], string]>([
    ["the id before all others", jane, '"recipientId":137241'],
    ["the ref before the e-mail", { ref: jane.ref, email: jane.email }, `"recipientRef":"${jane.ref}"`],
    ["the e-mail where there is nothing else", { email: jane.email }, '"email":"jane@example.com"'],
    ["an id beyond 2^53 whole", { id: "9007199254740993" }, '"recipientId":9007199254740993'],
  ])("names the recipient once: %s", async (_, recipient, named) => {
    expect(await spendbackBody({ recipient })).toBe(
      `{"amount":14.83,"currency":"USD",${named},"spendbackRef":"${reference}"}`,
    );
  });

  test.each([
    [1_483, "USD", "14.83"],
    [1, "USD", "0.01"],
    [29, "USD", "0.29"],
    [10_000, "USD", "100.00"],
    [1999, "JPY", "1999"],
    [14_830, "TND", "14.83"],
    [10, "TND", "0.01"],
    [12_300, "CLF", "1.23"],
    [1_000_000_000_000, "USD", "10000000000.00"],
  ])("writes %d minor units of %s as %s", async (value, currency, digits) => {
    expect(await spendbackBody({ amount: amountOf(value, currency) })).toBe(
      `{"amount":${digits},"currency":"${currency}","recipientId":137241,"spendbackRef":"${reference}"}`,
    );
  });

  test("carries the description and the connection's providerId", async () => {
    expect(await spendbackBody({ description: 'Zoë\'s "May" fee' }, { providerId: 12_610 })).toBe(
      `{"amount":14.83,"currency":"USD","recipientId":137241,"description":"Zoë's \\"May\\" fee","spendbackRef":"${reference}","providerId":12610}`,
    );
  });

  test("cannot be led astray by quotes in a name", async () => {
    expect(await spendbackBody({ recipient: { ref: 'x","amount":1,"y":"' } })).toBe(
      `{"amount":14.83,"currency":"USD","recipientRef":"x\\",\\"amount\\":1,\\"y\\":\\"","spendbackRef":"${reference}"}`,
    );
  });

  test.each([200, 400, 401, 404, 429, 500, 503])("is one request, whatever is answered (%i)", async (status) => {
    const server = await startWireServer(answerJson("", status));
    await connect(httpClient, { baseUrl: server.url }).spendback.submit(orderOf(), undefined);
    expect(server.requests.length).toBe(1);
  });
});

describe("a refund", () => {
  test("goes where the connection says, with the original's id, the amount and our reference", async () => {
    const request = await recordOf(({ refund }) => refund.submit(refundOf(), undefined));
    expect(request).toMatchObject({
      method: "POST",
      target: "/base/payout/v3/spendback/refund",
      headers: { accept: "application/json", authorization, "content-type": "application/json" },
      body: '{"spendbackId":2598,"amount":5.00,"currency":"USD","spendbackRef":"txn_refund"}',
    });
    expect(headerNamesOf(request)).toStrictEqual(["accept", "authorization", "content-type"]);
  });

  test("names the original's id as the connection says", async () => {
    const options = { spendbackRefunds: { path: "/r", idField: "id" }, providerId: 12_610 };
    expect(await refundBody({}, options)).toBe(
      '{"id":2598,"amount":5.00,"currency":"USD","spendbackRef":"txn_refund","providerId":12610}',
    );
  });

  test("asks nobody what is left, because nobody tells", async () => {
    const { refund } = connect(() => Promise.reject(new Error("a call was made")));
    const draft = { original: "2598", account: {}, splits: [] };
    expect(await refund.remaining(draft, undefined)).toStrictEqual({ kind: "read", value: undefined });
    expect(refund.currency(draft)).toBeUndefined();
  });
});

describe("a lookup", () => {
  const listed = "startDate=2026-11-04T10%3A00%3A00.000Z&endDate=2026-11-07T12%3A34%3A56.789Z&limit=10&offset=0";

  test("is the documented list by reference, with explicit dates", async () => {
    const request = await recordOf(({ spendback }) => spendback.lookUp(orderOf(), undefined));
    expect(request).toMatchObject({
      method: "GET",
      target: `/base/payout/v3/spendback?spendbackRef=${reference}&${listed}`,
      headers: { accept: "application/json", authorization },
      body: "",
    });
    expect(headerNamesOf(request)).toStrictEqual(["accept", "authorization"]);
  });

  test("is by Nexio's id once it is known", async () => {
    const order = orderOf({ providerTransactionId: "2598" });
    expect(await recordOf(({ spendback }) => spendback.lookUp(order, undefined))).toMatchObject({
      method: "GET",
      target: "/base/payout/v3/spendback/2598",
    });
  });

  test("keeps a strange id inside its part of the path", async () => {
    const order = orderOf({ providerTransactionId: "../x?y#z" });
    expect((await recordOf(({ spendback }) => spendback.lookUp(order, undefined))).target).toBe(
      "/base/payout/v3/spendback/..%2Fx%3Fy%23z",
    );
  });

  test("of a refund is the list by the refund's reference", async () => {
    const { target } = await recordOf(({ refund }) => refund.lookUp(refundOf(), undefined));
    expect(target).toBe(`/base/payout/v3/spendback?spendbackRef=txn_refund&${listed}`);
  });
});

describe("a balance", () => {
  const query = { account: "rcp-1001&currency=EUR", currency: "USD" };

  test("is read by recipientRef", async () => {
    const request = await recordOf(({ balance }) => balance(query, undefined));
    expect(request).toMatchObject({
      method: "GET",
      target: "/base/payout/v3/recipient/balance?recipientRef=rcp-1001%26currency%3DEUR",
      headers: { accept: "application/json", authorization },
      body: "",
    });
    expect(headerNamesOf(request)).toStrictEqual(["accept", "authorization"]);
  });

  test("is read where the connection says", async () => {
    const { target } = await recordOf(({ balance }) => balance(query, undefined), { balancePath: "/payout/v3/x" });
    expect(target).toMatch(/^\/base\/payout\/v3\/x\?recipientRef=/);
  });
});
