/** Somebody's own provider in place of the sandbox: what it sees, and what the logs never say. */
import { afterEach, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../local/stack.ts";
import { apiClient, until } from "./api-client.ts";
import { secrets, startRecordingProvider } from "./recording-provider.ts";

const parts: { stop: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const { stop } of parts.splice(0).reverse()) await stop();
});

async function startWith(spendbackAnswer?: { status: number; body: string }) {
  const provider = await startRecordingProvider(spendbackAnswer);
  parts.push({ stop: provider.close });
  const logged: string[] = [];
  const stack: Stack = await startStack({
    port: 0,
    sandboxPort: 0,
    awsPort: 0,
    clock: false,
    connections: provider.connections,
    onLog: (line) => logged.push(line),
  });
  parts.push(stack);
  return { provider, stack, api: apiClient(stack), logged };
}

const order = {
  connection: "own",
  recipient: { id: "ben-1", email: "anna.payee@example.com" },
  amount: { value: 10_000, currency: "USD" },
  description: "a description that is nobody's business",
};

describe("a stranger's provider", () => {
  test("sees exactly login, balance and spendback, in that order", async () => {
    const { provider, api } = await startWith();
    const { body } = await api.spendback("one", order);
    expect(body.status).toBe("succeeded");
    expect(provider.calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET /api/v1/authentication/login",
      "GET /api/v1/beneficiaries/ben-1/balances/USD",
      "POST /api/v1/payins/spendback",
    ]);
    expect(provider.calls[2]?.body).toBe(`{"amount":100.00,"currency":"USD","reference":"${body.id}"}`);
  });

  test("gets no header that is not documented, but what HTTP itself needs", async () => {
    const { provider, api } = await startWith();
    await api.spendback("one", order);
    const documented = ["accept", "authorization", "content-type", "x-merchantid"];
    const http = [
      "accept-encoding",
      "accept-language",
      "connection",
      "content-length",
      "host",
      "sec-fetch-mode",
      "user-agent",
    ];
    const sent = new Set(provider.calls.flatMap(({ headers }) => Object.keys(headers)));
    expect([...sent].filter((name) => !documented.includes(name) && !http.includes(name))).toEqual([]);
    const [login, balance] = provider.calls;
    expect(login?.headers["authorization"]).toBe(
      `Basic ${Buffer.from(`${secrets.username}:${secrets.password}`).toString("base64")}`,
    );
    expect(balance?.headers["authorization"]).toBe(`Bearer ${secrets.token}`);
  });

  test("is found unconfigured by the health call when a member is missing, without a secret in the answer", async () => {
    const stack = await startStack({
      port: 0,
      sandboxPort: 0,
      awsPort: 0,
      clock: false,
      connections: JSON.stringify([
        { id: "half", provider: "ipayout", baseUrl: "http://127.0.0.1:1", password: "hush" },
      ]),
    });
    parts.push(stack);
    const { status, body } = await apiClient(stack).get<{ connections: object[] }>("/v1/health");
    expect([status, body]).toMatchObject([
      200,
      { status: "degraded", connections: [{ id: "half", status: "unconfigured" }] },
    ]);
    expect(JSON.stringify(body)).not.toContain("hush");
  });
});

describe("the logs of a whole run", () => {
  test.each([
    ["success", undefined],
    [
      "a refusal that quotes the order",
      {
        status: 200,
        body: `{"IsSuccess":false,"Message":"${order.description} ${order.recipient.email}","StatusCode":-72}`,
      },
    ],
    ["an unreadable answer", { status: 200, body: `<html>${secrets.token} ${order.recipient.email}</html>` }],
  ])("hold no password, token, API key or e-mail address: %s", async (_name, answer) => {
    const { api, stack, logged } = await startWith(answer);
    await api.spendback("one", order, { prefer: "wait=2" });
    await api.spendback("two", { ...order, amount: { value: "much" } });
    await api.post("/v1/spendbacks", `not json ${order.recipient.email}`, { "idempotency-key": "three" });
    await api.get(`/v1/balances?connection=own&account=ben-1&currency=USD`);
    await api.get("/v1/transactions", { authorization: "Bearer mbk_wrong-key-of-somebody" });
    await stack.clock.fire("follow-up");
    const everything = logged.join("\n");
    expect(logged.length).toBeGreaterThan(5);
    const hidden = [
      ...Object.values(secrets),
      Buffer.from(`${secrets.username}:${secrets.password}`).toString("base64"),
      "mbk_local",
      "mbk_wrong-key-of-somebody",
      order.description,
    ];
    for (const secret of hidden) expect(everything).not.toContain(secret);
    expect(everything).not.toMatch(/[\w.]+@[\w.]+\.\w+/);
  });

  test("name the request in every line that a Lambda writes", async () => {
    const { api, logged } = await startWith();
    const { headers } = await api.spendback("one", order);
    // A line may come after the answer that it is about.
    const fromLambdas = await until(
      async () =>
        logged
          .map((line) => JSON.parse(line) as { event: string; requestId?: string; function?: string })
          .filter((line) => line.function !== undefined),
      (lines) => lines.length >= 4,
    );
    expect(fromLambdas.filter((line) => !line.requestId)).toEqual([]);
    expect(fromLambdas.some((line) => line.requestId === headers.get("x-request-id"))).toBe(true);
  });
});
