/** The bytes that go to Paysafe, against a server that keeps them: method, path, headers, body. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import { httpClient } from "../../../lib/providers/http.ts";
import type { RefundOrder } from "../../../lib/providers/port.ts";
import { answerJson, type RecordedRequest, startWireServer } from "../wire-server.ts";
import { connect, orderOf, seedAnswer, seedOrder, seedSplits } from "./sample-connection.ts";

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

const account = "/base/cardpayments/v1/accounts/89987201";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-20T12:00:00.999Z") });
});

afterEach(() => {
  vi.useRealTimers();
});

function headerNamesOf({ headers }: RecordedRequest): string[] {
  return Object.keys(headers)
    .filter((name) => !transportHeaders.includes(name))
    .sort();
}

/** The one request that a call makes. */
async function recordOf(call: (connector: ReturnType<typeof connect>) => Promise<unknown>): Promise<RecordedRequest> {
  const server = await startWireServer(answerJson("{}"));
  await call(connect(httpClient, { baseUrl: `${server.url}/base/` }));
  const [request, second] = server.requests;
  if (!request || second) throw new Error(`${server.requests.length} requests instead of one`);
  return request;
}

const bodyOf = async (changes: Partial<RefundOrder>) =>
  (await recordOf(({ refund }) => refund.submit(orderOf(changes), undefined))).body;

describe("a refund", () => {
  test("is the seed's own request, and says that duplicates are to be checked", async () => {
    const request = await recordOf(({ refund }) => refund.submit(seedOrder(), undefined));
    expect(request).toMatchObject({
      method: "POST",
      target: `${account}/settlements/280e3b80-1beb-424a-9cb3-5ef7444112f9/refunds`,
      headers: {
        accept: "application/json",
        // printf 'moneyback:sandbox-password' | base64
        authorization: "Basic bW9uZXliYWNrOnNhbmRib3gtcGFzc3dvcmQ=",
        "content-type": "application/json",
      },
      body: '{"merchantRefNum":"merchantRef_003","amount":10098,"dupCheck":true,"splitpay":[{"linkedAccount":"1001391850","percent":5.75},{"linkedAccount":"1001391860","amount":500}]}',
    });
    expect(headerNamesOf(request)).toStrictEqual(["accept", "authorization", "content-type"]);
  });

  test("without splits says nothing of them", async () => {
    expect(await bodyOf({ reference: "merchantABC-444-refund", amount: amountOf(1_000, "USD") })).toBe(
      '{"merchantRefNum":"merchantABC-444-refund","amount":1000,"dupCheck":true}',
    );
  });

  test.each([
    ["5.75", "5.75"],
    ["5.5", "5.5"],
    ["5.50", "5.50"],
    ["100", "100"],
    ["0.07", "0.07"],
    ["007.1", "7.1"],
    ["00.5", "0.5"],
  ])("writes %s percent as the number %s", async (percent, digits) => {
    expect(await bodyOf({ splits: [{ linkedAccount: "1", percent, amount: 1 }] })).toContain(
      `"splitpay":[{"linkedAccount":"1","percent":${digits}}]}`,
    );
  });

  test.each([1, 99_999_999_999])("writes an amount of %d as a whole number", async (value) => {
    const splits = [{ linkedAccount: "1", amount: value }];
    expect(await bodyOf({ amount: amountOf(value, "USD"), splits })).toContain(
      `"amount":${value},"dupCheck":true,"splitpay":[{"linkedAccount":"1","amount":${value}}]}`,
    );
  });

  test("sends neither description nor account, for which there is no place", async () => {
    const body = await bodyOf({ description: "May", account: { accountNumber: "1" } });
    expect(Object.keys(JSON.parse(body) as object)).toStrictEqual(["merchantRefNum", "amount", "dupCheck"]);
  });

  test("is one request, whatever is answered", async () => {
    for (const status of [200, 401, 402, 409, 429, 500, 503]) {
      const server = await startWireServer(answerJson("", status));
      await connect(httpClient, { baseUrl: server.url }).refund.submit(orderOf(), undefined);
      expect(server.requests.length).toBe(1);
    }
  });

  test("carries a key beyond ASCII as UTF-8", async () => {
    const server = await startWireServer(answerJson("{}"));
    await connect(httpClient, { baseUrl: server.url, password: "pässwörd:🔑" }).refund.submit(orderOf(), undefined);
    // printf 'moneyback:pässwörd:🔑' | base64
    expect(server.requests[0]?.headers["authorization"]).toBe("Basic bW9uZXliYWNrOnDDpHNzd8O2cmQ68J+UkQ==");
  });
});

describe("a lookup", () => {
  test("by reference names its window, from a day before the order to tomorrow", async () => {
    const order = orderOf({ createdAt: new Date("2026-09-01T08:30:15.250Z") });
    const request = await recordOf(({ refund }) => refund.lookUp(order, undefined));
    expect(request).toMatchObject({
      method: "GET",
      target: `${account}/refunds?merchantRefNum=${order.reference}&limit=50&offset=0&startDate=2026-08-31T08:30:15Z&endDate=2026-11-21T12:00:00Z`,
      body: "",
      headers: { accept: "application/json", authorization: "Basic bW9uZXliYWNrOnNhbmRib3gtcGFzc3dvcmQ=" },
    });
    expect(headerNamesOf(request)).toStrictEqual(["accept", "authorization"]);
  });

  test("by id reads the refund itself", async () => {
    const server = await startWireServer(answerJson(seedAnswer));
    const order = seedOrder({ providerTransactionId: "ebf6ae3d-88e1-40da-9b98-81044467345b" });
    const reading = await connect(httpClient, { baseUrl: server.url }).refund.lookUp(order, undefined);
    expect(reading).toMatchObject({ value: { kind: "found", outcome: { kind: "accepted" } } });
    expect(server.requests.map(({ target }) => target)).toStrictEqual([
      "/cardpayments/v1/accounts/89987201/refunds/ebf6ae3d-88e1-40da-9b98-81044467345b",
    ]);
  });

  const page = (rows: readonly object[], next?: string) =>
    answerJson(JSON.stringify({ refunds: rows, links: next === undefined ? [] : [{ rel: "next", href: next }] }));

  const row = (merchantRefNum: string) => ({ id: "ebf6ae3d", merchantRefNum, status: "COMPLETED", amount: 10_098 });

  test("turns the pages, and takes its key to no other address than its own", async () => {
    const server = await startWireServer(
      page([row("another")], "https://elsewhere.example/refunds?limit=50&offset=50"),
      page([row(orderOf().reference)]),
    );
    const reading = await connect(httpClient, { baseUrl: server.url }).refund.lookUp(orderOf(), undefined);
    expect(reading).toMatchObject({ value: { kind: "found", outcome: { kind: "settled" } } });
    expect(server.requests[1]?.target).toBe("/cardpayments/v1/accounts/89987201/refunds?limit=50&offset=50");
  });

  test("finds two refunds of one reference, though they stand on two pages", async () => {
    const { reference } = orderOf();
    const server = await startWireServer(page([row(reference)], "?offset=50"), page([row(reference)]));
    const reading = await connect(httpClient, { baseUrl: server.url }).refund.lookUp(orderOf(), undefined);
    expect(reading).toMatchObject({ value: { kind: "duplicate" } });
  });

  test("does not turn pages for ever", async () => {
    const server = await startWireServer(page([], "?offset=50"));
    const { refund } = connect(httpClient, { baseUrl: server.url });
    expect((await refund.lookUp(orderOf(), undefined)).kind).toBe("unavailable");
    expect(server.requests.length).toBe(2);
  });

  test("has not found nothing where a later page is missing", async () => {
    const server = await startWireServer(page([], "?offset=50"), answerJson("", 404));
    const { refund } = connect(httpClient, { baseUrl: server.url });
    expect((await refund.lookUp(orderOf(), undefined)).kind).toBe("unavailable");
  });
});

test("a settlement is read by its id", async () => {
  const draft = { original: "d1fb46ee-2736-4ef5-a724-f263ace75373", account: {}, splits: seedSplits };
  const target = `${account}/settlements/d1fb46ee-2736-4ef5-a724-f263ace75373`;
  const request = await recordOf(({ refund }) => refund.remaining(draft, undefined));
  expect(request).toMatchObject({ method: "GET", target, body: "" });
  const query = { account: draft.original, currency: "USD" };
  expect(await recordOf(({ balance }) => balance(query, undefined))).toMatchObject({ method: "GET", target });
});

test("a cancellation puts the blueprint's body", async () => {
  const order = orderOf({ providerTransactionId: "410a51a2-73e7-4a59-bab7-3cce49a25ff6" });
  const request = await recordOf(async ({ refund }) => refund.cancel?.(order, undefined));
  expect(request).toMatchObject({
    method: "PUT",
    target: `${account}/refunds/410a51a2-73e7-4a59-bab7-3cce49a25ff6`,
    headers: { "content-type": "application/json" },
    body: '{"status":"CANCELLED"}',
  });
});
