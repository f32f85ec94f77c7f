/** The bytes that go to i-payout, against a server that keeps them: method, path, headers, body. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import { httpClient } from "../../../lib/providers/http.ts";
import type { SpendbackOrder } from "../../../lib/providers/port.ts";
import { answerJson, type RecordedRequest, startWireServer } from "../wire-server.ts";
import { connect, merchantId, orderOf, type Profile } from "./sample-connection.ts";

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

/** What the provider documents: section 2.2 of the contract dossier. */
const documentedHeaders = ["accept", "authorization", "x-merchantid"];

function headerNamesOf({ headers }: RecordedRequest): string[] {
  return Object.keys(headers)
    .filter((name) => !transportHeaders.includes(name))
    .sort();
}

/** The one request that a call makes. */
async function recordOf(
  profile: Profile,
  call: (connector: ReturnType<typeof connect>) => Promise<unknown>,
): Promise<RecordedRequest> {
  const server = await startWireServer(answerJson("{}"));
  await call(connect(httpClient, { profile, baseUrl: `${server.url}/base/` }));
  const [request, second] = server.requests;
  if (!request || second) throw new Error(`${server.requests.length} requests instead of one`);
  return request;
}

async function spendbackBodyOf(profile: Profile, changes: Partial<SpendbackOrder>): Promise<string> {
  return (await recordOf(profile, ({ spendback }) => spendback.submit(orderOf(changes), "t"))).body;
}

test("the login is a GET with Basic credentials", async () => {
  const request = await recordOf("guide", ({ authenticate }) => authenticate());
  expect(request).toMatchObject({
    method: "GET",
    target: "/base/api/v1/authentication/login",
    body: "",
    headers: {
      accept: "application/json",
      // printf 'moneyback:sandbox-password' | base64
      authorization: "Basic bW9uZXliYWNrOnNhbmRib3gtcGFzc3dvcmQ=",
      "x-merchantid": merchantId,
    },
  });
  expect(headerNamesOf(request)).toStrictEqual(documentedHeaders);
});

test("the login carries credentials beyond ASCII as UTF-8", async () => {
  const server = await startWireServer(answerJson("{}"));
  await connect(httpClient, { baseUrl: server.url, password: "pässwörd:🔑" }).authenticate();
  // printf 'moneyback:pässwörd:🔑' | base64
  expect(server.requests[0]?.headers["authorization"]).toBe("Basic bW9uZXliYWNrOnDDpHNzd8O2cmQ68J+UkQ==");
});

test("the balance is a GET by token and currency", async () => {
  const query = { account: "3f2b8c1e-0000-4000-8000-000000000001", currency: "USD" };
  const request = await recordOf("guide", ({ balance }) => balance(query, "eyJ.a.b"));
  expect(request).toMatchObject({
    method: "GET",
    target: "/base/api/v1/beneficiaries/3f2b8c1e-0000-4000-8000-000000000001/balances/USD",
    body: "",
    headers: { accept: "application/json", authorization: "Bearer eyJ.a.b", "x-merchantid": merchantId },
  });
  expect(headerNamesOf(request)).toStrictEqual(documentedHeaders);
});

test("a token with strange letters stays inside its part of the path", async () => {
  const query = { account: "../../x?y=1#z/ä", currency: "USD" };
  const { target } = await recordOf("guide", ({ balance }) => balance(query, "t"));
  expect(target).toBe("/base/api/v1/beneficiaries/..%2F..%2Fx%3Fy%3D1%23z%2F%C3%A4/balances/USD");
});

test("the lookup is a GET by our reference", async () => {
  const request = await recordOf("openapi", ({ spendback }) => spendback.lookUp(orderOf(), "eyJ.a.b"));
  expect(request).toMatchObject({
    method: "GET",
    target: "/base/api/v1/Transaction/get?merchantReferenceId=spendback_001",
    body: "",
    headers: { accept: "application/json", authorization: "Bearer eyJ.a.b", "x-merchantid": merchantId },
  });
  expect(headerNamesOf(request)).toStrictEqual(documentedHeaders);
});

describe("a spendback in the guide's form", () => {
  test("is the guide's own request", async () => {
    const request = await recordOf("guide", ({ spendback }) => spendback.submit(orderOf(), "eyJ.a.b"));
    expect(request).toMatchObject({
      method: "POST",
      target: "/base/api/v1/payins/spendback",
      headers: {
        accept: "application/json",
        authorization: "Bearer eyJ.a.b",
        "content-type": "application/json",
        "x-merchantid": merchantId,
      },
      body: '{"amount":100.00,"currency":"USD","reference":"spendback_001"}',
    });
    expect(headerNamesOf(request)).toStrictEqual(["accept", "authorization", "content-type", "x-merchantid"]);
  });

  test.each([
    [1999, "USD", "19.99"],
    [1, "USD", "0.01"],
    [29, "USD", "0.29"],
    [10_000, "USD", "100.00"],
    [1999, "JPY", "1999"],
    [1234, "TND", "1.234"],
    [1_000_000_000_000, "USD", "10000000000.00"],
    [1_000_000_000_000, "JPY", "1000000000000"],
  ])("writes %d minor units of %s as %s", async (value, currency, digits) => {
    expect(await spendbackBodyOf("guide", { amount: amountOf(value, currency) })).toBe(
      `{"amount":${digits},"currency":"${currency}","reference":"spendback_001"}`,
    );
  });

  test("says nothing of the payer and of the description, for which the form has no place", async () => {
    const body = await spendbackBodyOf("guide", {
      description: "May",
      recipient: { id: "i", ref: "r", email: "e@e.e" },
    });
    expect(body).toBe('{"amount":100.00,"currency":"USD","reference":"spendback_001"}');
  });

  test("cannot be led astray by quotes in a reference", async () => {
    expect(await spendbackBodyOf("guide", { reference: 'x","amount":1,"y":"' })).toBe(
      '{"amount":100.00,"currency":"USD","reference":"x\\",\\"amount\\":1,\\"y\\":\\""}',
    );
  });
});

describe("a spendback in the contract file's form", () => {
  test("is the dossier's own request", async () => {
    const request = await recordOf("openapi", ({ spendback }) =>
      spendback.submit(orderOf({ recipient: { id: "ben-john", ref: "john_doe" } }), "eyJ.a.b"),
    );
    expect(request).toMatchObject({
      method: "POST",
      target: "/base/api/v1/payins/spendback",
      headers: { "content-type": "application/json", authorization: "Bearer eyJ.a.b", "x-merchantid": merchantId },
      body: '{"username":"john_doe","autoChargeAccount":true,"checkoutItems":[{"amount":100.00,"currencyCode":"USD","merchantReferenceId":"spendback_001","isSubscription":false}]}',
    });
    expect(headerNamesOf(request)).toStrictEqual(["accept", "authorization", "content-type", "x-merchantid"]);
  });

  test("carries the description as the item's", async () => {
    expect(await spendbackBodyOf("openapi", { description: 'Zoë\'s "May" fee' })).toBe(
      '{"username":"alice","autoChargeAccount":true,"checkoutItems":[{"amount":100.00,"currencyCode":"USD","merchantReferenceId":"spendback_001","isSubscription":false,"itemDescription":"Zoë\'s \\"May\\" fee"}]}',
    );
  });

  test.each([
    [1999, "USD", "19.99"],
    [1999, "JPY", "1999"],
    [1234, "TND", "1.234"],
  ])("writes %d minor units of %s as %s", async (value, currency, digits) => {
    expect(await spendbackBodyOf("openapi", { amount: amountOf(value, currency) })).toContain(
      `[{"amount":${digits},"currencyCode":"${currency}",`,
    );
  });
});

test("one spendback is one request, whatever is answered", async () => {
  for (const status of [200, 401, 429, 500, 503]) {
    const server = await startWireServer(answerJson("", status));
    await connect(httpClient, { baseUrl: server.url }).spendback.submit(orderOf(), "t");
    expect(server.requests.length).toBe(1);
  }
});
