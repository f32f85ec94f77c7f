/** Facts about `GET /v1/health`: it tells what cannot be called, what is down, and no more. */
import { describe, expect, test } from "vitest";
import { type Dependencies, run } from "../../functions/get-health.ts";
import { memoryConnectionStates } from "../../lib/store/memory-connection-states.ts";
import { configured, scriptedConnector } from "./scripted-connector.ts";

const now = new Date("2026-11-20T09:30:00.000Z");
const fails = async (): Promise<never> => {
  throw new Error("it cannot be read");
};

function stage(members: Partial<Dependencies> = {}) {
  const states = memoryConnectionStates();
  const { connector } = scriptedConnector();
  const healthy: Dependencies = {
    connections: {
      all: async () => ({ configured: [configured(connector), configured(connector, { id: "other" })], broken: [] }),
    },
    transactions: { get: async () => undefined },
    states,
    now: () => now,
  };
  return { states, get: () => run({}, { ...healthy, ...members }) };
}

const shown = (id: string, breaker?: object) => ({
  id,
  provider: "scripted",
  status: "configured",
  ...(breaker && { breaker }),
});

describe("the service's health", () => {
  test("is ok where everything can be read and no provider is down", async () => {
    expect(await stage().get()).toEqual({
      status: 200,
      body: {
        status: "ok",
        database: "ok",
        secret: "ok",
        connections: [shown("scripted", { state: "closed" }), shown("other", { state: "closed" })],
      },
    });
  });

  test("stays ok while a provider fails that is still called, and tells since when", async () => {
    const { get, states } = stage();
    await states.fail("other", new Date("2026-11-20T09:29:58.000Z"));
    await states.fail("other", now);
    expect((await get()).body).toMatchObject({
      status: "ok",
      connections: [
        { breaker: { state: "closed" } },
        { breaker: { state: "closed", failures: 2, since: "2026-11-20T09:29:58.000Z" } },
      ],
    });
  });

  test.each([
    ["open", "2026-11-20T09:30:00.001Z"],
    ["half-open", "2026-11-20T09:30:00.000Z"],
  ])("is degraded where a breaker is %s, as long as nobody has seen the provider back", async (state, retryAt) => {
    const { get, states } = stage();
    const since = "2026-11-20T09:29:40.000Z";
    await states.open("scripted", await states.fail("scripted", new Date(since)), new Date(retryAt));
    expect(await get()).toMatchObject({
      status: 200,
      body: {
        status: "degraded",
        database: "ok",
        connections: [shown("scripted", { state, failures: 1, since, retryAt }), shown("other", { state: "closed" })],
      },
    });
    await states.recover("scripted");
    expect((await get()).body).toMatchObject({ status: "ok" });
  });

  test("is degraded where a connection is not configured", async () => {
    const all = async () => ({ configured: [], broken: [{ id: "wrong", problem: "baseUrl: Invalid input" }] });
    expect(await stage({ connections: { all } }).get()).toEqual({
      status: 200,
      body: {
        status: "degraded",
        database: "ok",
        secret: "ok",
        connections: [{ id: "wrong", status: "unconfigured", problem: "baseUrl: Invalid input" }],
      },
    });
  });

  test.each<[string, Partial<Dependencies>, object]>([
    ["the transactions", { transactions: { get: fails } }, { database: "down", secret: "ok" }],
    ["the connections' states", { states: { get: fails } }, { database: "down", secret: "ok" }],
    ["the secret", { connections: { all: fails } }, { database: "ok", secret: "down", connections: [] }],
  ])("is down where %s cannot be read", async (_name, members, body) => {
    expect(await stage(members).get()).toMatchObject({ status: 503, body: { status: "down", ...body } });
  });

  test("shows no breaker where its state cannot be read", async () => {
    expect((await stage({ states: { get: fails } }).get()).body).toMatchObject({
      connections: [shown("scripted"), shown("other")],
    });
    expect(JSON.stringify((await stage({ states: { get: fails } }).get()).body)).not.toContain("breaker");
  });
});
