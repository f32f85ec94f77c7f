/** Facts about `POST /v1/connections/{id}/check`: it logs in anew, keeps no session, and moves nothing. */
import { describe, expect, test } from "vitest";
import { run } from "../../functions/check-connection.ts";
import { VisibleError } from "../../lib/domain/errors.ts";
import type { Reading } from "../../lib/domain/outcome.ts";
import type { Login } from "../../lib/providers/port.ts";
import { virtualClock } from "../lambda/virtual-clock.ts";
import { bookOf, configured, type Script, scriptedConnector } from "./scripted-connector.ts";

const call = { tenant: "acme", keyId: "key-1", requestId: "r-1", idempotencyKey: "", headers: {} };
const login: Reading<Login> = { kind: "read", value: { token: "token-new", lifetimeMs: 3_600_000 } };

function stage(script: Script = {}) {
  const { connector, calls } = scriptedConnector(script);
  const others = { ...configured(connector).config, tenants: ["somebody-else"] };
  const connections = bookOf([configured(connector), configured(connector, { id: "others", config: others })]);
  const check = (id = "scripted") => run({ id }, { connections, ...virtualClock() }, call);
  return { check, calls, connections };
}

describe("a connection's check", () => {
  test("logs in, and says when", async () => {
    const { check, calls } = stage({ authenticate: async () => login });
    expect(await check()).toEqual({
      status: 200,
      body: {
        connection: "scripted",
        provider: "scripted",
        login: { status: "accepted" },
        at: "2026-11-20T09:30:00.000Z",
      },
    });
    expect(calls).toEqual([{ name: "authenticate" }]);
  });

  test.each([
    ["refused", { kind: "refused", code: "credentials_rejected", message: "no" }],
    ["unavailable", { kind: "unavailable", detail: "no answer within 15000 ms" }],
  ] as const)("says %s where the login does", async (status, reading) => {
    const { check } = stage({ authenticate: async () => reading });
    expect((await check()).body).toMatchObject({ login: { status, detail: expect.any(String) } });
  });

  test("calls nobody where credentials go with every call", async () => {
    const { check, calls } = stage();
    expect((await check()).body).toMatchObject({ login: { status: "not-needed" } });
    expect(calls).toEqual([]);
  });

  test("reads the secret again: it has often just been changed", async () => {
    const { check, connections } = stage({ authenticate: async () => login });
    await check();
    expect(connections.refreshes()).toBe(1);
  });

  test.each(["unknown", "others"])("of the connection %j, unknown to this tenant, is refused", async (id) => {
    const { check, calls } = stage({ authenticate: async () => login });
    const error: unknown = await check(id).catch((thrown: unknown) => thrown);
    expect(error instanceof VisibleError && error.code).toBe("unknown_connection");
    expect(calls).toEqual([]);
  });
});
