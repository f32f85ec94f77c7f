/** Facts about `GET /v1/balances`: it asks the provider now, and never touches the flow's sessions. */
import { describe, expect, test } from "vitest";
import { run } from "../../functions/get-balance.ts";
import { VisibleError } from "../../lib/domain/errors.ts";
import type { Balance, MinorUnits } from "../../lib/domain/money.ts";
import type { Reading } from "../../lib/domain/outcome.ts";
import type { Session } from "../../lib/domain/session.ts";
import type { Login } from "../../lib/providers/port.ts";
import { virtualClock } from "../lambda/virtual-clock.ts";
import { bookOf, configured, type Script, scriptedConnector } from "./scripted-connector.ts";
import { session } from "./stage.ts";

const input = { connection: "scripted", account: "wallet-1", currency: "USD" };
const call = { tenant: "acme", keyId: "key-1", requestId: "r-1", idempotencyKey: "", headers: {} };
const read: Reading<Balance> = { kind: "read", value: { value: 12_345 as MinorUnits, currency: "USD" } };
const rejected: Reading<Balance> = { kind: "session-rejected", detail: "401" };
const login = (token: string): Reading<Login> => ({ kind: "read", value: { token, lifetimeMs: 3_600_000 } });

/** A provider that takes the tokens in `good` only, and gives own-1, own-2, … */
function stage({
  cached,
  good = ["token-1", "own-1", "own-2"],
  ...script
}: Script & { cached?: Session; good?: string[] } = {}) {
  let logins = 0;
  const { connector, calls, count } = scriptedConnector({
    authenticate: async () => login(`own-${++logins}`),
    balance: async (_query, token) => (good.includes(token ?? "") ? read : rejected),
    ...script,
  });
  const clock = virtualClock();
  // Only a get: whoever wrote a session here would fail.
  const sessions = { get: async () => cached };
  const connections = bookOf([
    configured(connector),
    configured(connector, { id: "others", config: { ...configured(connector).config, tenants: ["somebody-else"] } }),
  ]);
  const own = new Map<string, Session>();
  const get = (members: Partial<typeof input> = {}) =>
    run({ ...input, ...members }, { connections, sessions, own, ...clock }, call);
  return { get, calls, count, own, clock };
}

async function refusal(answer: Promise<unknown>): Promise<VisibleError> {
  const error: unknown = await answer.catch((thrown: unknown) => thrown);
  if (error instanceof VisibleError) return error;
  throw new Error("it was not refused", { cause: error });
}

describe("a balance", () => {
  test("is the provider's, now, asked with the cached session", async () => {
    const { get, calls } = stage({ cached: session });
    expect(await get()).toEqual({
      status: 200,
      body: {
        connection: "scripted",
        account: "wallet-1",
        available: { value: 12_345, currency: "USD" },
        at: "2026-11-20T09:30:00.000Z",
      },
    });
    expect(calls).toEqual([{ name: "balance", asked: { account: "wallet-1", currency: "USD" }, token: "token-1" }]);
  });

  test("is asked with an own login where no session is cached; it is kept in this process only", async () => {
    const { get, count, own } = stage();
    await get();
    await get();
    expect(count("authenticate")).toBe(1);
    expect([...own.values()].map(({ token }) => token)).toEqual(["own-1"]);
  });

  test("is asked with a new login where the cached session has expired", async () => {
    const { get, calls } = stage({ cached: { ...session, expiresAt: "2026-11-20T09:30:00.000Z" } });
    expect((await get()).status).toBe(200);
    expect(calls.map(({ name, token }) => [name, token])).toEqual([
      ["authenticate", undefined],
      ["balance", "own-1"],
    ]);
  });

  test("is asked once more with an own login where the session is rejected, and that login is used from then on", async () => {
    const { get, calls } = stage({ cached: session, good: ["own-1"] });
    await get();
    await get();
    expect(calls.map(({ name, token }) => [name, token])).toEqual([
      ["balance", "token-1"],
      ["authenticate", undefined],
      ["balance", "own-1"],
      ["balance", "own-1"],
    ]);
  });

  test("is asked with the flow's session again once that is the newer one", async () => {
    const { get, calls, own } = stage({ cached: session });
    own.set("scripted#1", { ...session, token: "own-0", issuedAt: "2026-11-20T08:00:00.000Z" });
    await get();
    expect(calls.map(({ token }) => token)).toEqual(["token-1"]);
  });

  test("is refused where a new session is rejected, too; there is no third try", async () => {
    const { get, count } = stage({ cached: session, good: [] });
    expect((await refusal(get())).code).toBe("provider_refused");
    expect([count("authenticate"), count("balance")]).toEqual([1, 2]);
  });

  test("needs no session where credentials go with every call", async () => {
    const { connector, calls } = scriptedConnector({ balance: async () => read });
    const dependencies = {
      connections: bookOf([configured(connector)]),
      sessions: { get: async () => session },
      own: new Map<string, Session>(),
      ...virtualClock(),
    };
    expect((await run(input, dependencies, call)).status).toBe(200);
    expect(calls).toEqual([{ name: "balance", asked: { account: "wallet-1", currency: "USD" } }]);
  });

  test("of a connection that tells none is refused without a login", async () => {
    const { get, calls } = stage({ noBalance: true });
    expect((await refusal(get())).code).toBe("unsupported_operation");
    expect(calls).toEqual([]);
  });

  test.each(["unknown", "others"])("of the connection %j, unknown to this tenant, is refused", async (connection) => {
    const { get, calls } = stage({ cached: session });
    expect((await refusal(get({ connection }))).code).toBe("unknown_connection");
    expect(calls).toEqual([]);
  });

  test.each([
    ["not_found", { kind: "refused", code: "recipient_not_found", message: "no" }],
    ["not_found", { kind: "refused", code: "account_not_found", message: "no" }],
    ["provider_refused", { kind: "refused", code: "provider_rejected_request", message: "no" }],
    ["provider_unavailable", { kind: "unavailable", detail: "HTTP 503" }],
  ] as const)("is answered with %s where the provider says %j", async (code, reading) => {
    const { get } = stage({ cached: session, balance: async () => reading });
    expect((await refusal(get())).code).toBe(code);
  });

  test.each([
    ["provider_refused", { kind: "refused", code: "credentials_rejected", message: "no" }],
    ["provider_unavailable", { kind: "unavailable", detail: "no answer within 15000 ms" }],
  ] as const)("is answered with %s where the login says %j", async (code, answer) => {
    const { get, own } = stage({ authenticate: async () => answer });
    const error = await refusal(get());
    expect(error.code).toBe(code);
    expect(error.headers).toEqual(code === "provider_unavailable" ? { "retry-after": "5" } : {});
    expect(own.size).toBe(0);
  });
});
