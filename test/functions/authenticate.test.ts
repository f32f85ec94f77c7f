/** Facts about the task `Authenticate`: it renews what was rejected, once, and sees a rotated secret. */
import { describe, expect, test } from "vitest";
import { run } from "../../functions/authenticate.ts";
import { CredentialsRejectedError, ProviderUnavailableError } from "../../lib/domain/errors.ts";
import type { Reading } from "../../lib/domain/outcome.ts";
import type { Login } from "../../lib/providers/port.ts";
import { memorySessions } from "../../lib/store/memory-store.ts";
import { virtualClock } from "../lambda/virtual-clock.ts";
import { bookOf, configured, type ScriptedConnector, scriptedConnector } from "./scripted-connector.ts";
import { session } from "./stage.ts";

const input = { transactionId: "txn_1", connection: "scripted", kind: "spendback" } as const;
const login = (token: string): Reading<Login> => ({ kind: "read", value: { token, lifetimeMs: 3_600_000 } });
const refused: Reading<Login> = { kind: "refused", code: "credentials_rejected", message: "no" };

/** As Step Functions puts it into the state when a task threw SessionRejectedError. */
const rejected = (issuedAt: string, renewals?: number) => ({
  ...input,
  session: {
    ...(renewals !== undefined && { renewals }),
    rejected: {
      Error: "SessionRejectedError",
      Cause: JSON.stringify({ errorType: "SessionRejectedError", errorMessage: issuedAt, trace: [] }),
    },
  },
});

const withLogin = (answer: Reading<Login>): ScriptedConnector =>
  scriptedConnector({ authenticate: async () => answer });

/** The connection as configured, and as it is after the secret was read again. */
function stage(current: ScriptedConnector, rotated?: ScriptedConnector) {
  const sessions = memorySessions();
  const before = configured(current.connector);
  const connections = bookOf([before], [rotated ? configured(rotated.connector, { sessionId: "scripted#2" }) : before]);
  return { connections, sessions, ...virtualClock() };
}

describe("a connection without sessions", () => {
  test("needs no login", async () => {
    const dependencies = stage(scriptedConnector());
    expect(await run(input, dependencies)).toEqual({ renewals: 0 });
    expect(await dependencies.sessions.get("scripted#1")).toBeUndefined();
  });

  test("whose credentials are rejected is given what the secret says now, twice, and then cannot be helped", async () => {
    const dependencies = stage(scriptedConnector());
    expect(await run(rejected("none"), dependencies)).toEqual({ renewals: 1 });
    expect(await run(rejected("none", 1), dependencies)).toEqual({ renewals: 2 });
    expect(dependencies.connections.refreshes()).toBe(2);
    await expect(run(rejected("none", 2), dependencies)).rejects.toThrow(CredentialsRejectedError);
  });
});

describe("a connection with sessions", () => {
  test("is logged in where nothing is cached", async () => {
    const scripted = withLogin(login("token-2"));
    const dependencies = stage(scripted);
    expect(await run(input, dependencies)).toEqual({ renewals: 0 });
    expect((await dependencies.sessions.get("scripted#1"))?.token).toBe("token-2");
  });

  test("is not logged in where a session is cached", async () => {
    const scripted = withLogin(login("token-2"));
    const dependencies = stage(scripted);
    await dependencies.sessions.save("scripted#1", session);
    expect(await run(input, dependencies)).toEqual({ renewals: 0 });
    expect(scripted.count("authenticate")).toBe(0);
  });

  test("hands out ids and decisions only: no token, no expiry", async () => {
    const result = await run(input, stage(withLogin(login("token-2"))));
    expect(Object.keys(result)).toEqual(["renewals"]);
  });

  test("whose session is rejected is logged in anew, and that is counted", async () => {
    const scripted = withLogin(login("token-2"));
    const dependencies = stage(scripted);
    await dependencies.sessions.save("scripted#1", session);
    expect(await run(rejected(session.issuedAt), dependencies)).toEqual({ renewals: 1 });
    expect((await dependencies.sessions.get("scripted#1"))?.token).toBe("token-2");
    expect(scripted.count("authenticate")).toBe(1);
  });

  test("whose session somebody else renewed since is not logged in again", async () => {
    const scripted = withLogin(login("token-3"));
    const dependencies = stage(scripted);
    await dependencies.sessions.save("scripted#1", {
      ...session,
      token: "token-2",
      issuedAt: "2026-11-20T09:29:59.000Z",
    });
    expect(await run(rejected(session.issuedAt), dependencies)).toEqual({ renewals: 1 });
    expect(scripted.count("authenticate")).toBe(0);
  });

  test("whose renewed session is rejected, too, is left to a later flow, without another login: its credentials are good", async () => {
    const scripted = withLogin(login("token-3"));
    const dependencies = stage(scripted);
    const again = run(rejected(session.issuedAt, 1), dependencies);
    await expect(again).rejects.toMatchObject({ name: "SessionsRejectedError" });
    expect(scripted.count("authenticate")).toBe(0);
  });

  test("is logged in for a task that found no session at all", async () => {
    const scripted = withLogin(login("token-2"));
    expect(await run(rejected("none"), stage(scripted))).toEqual({ renewals: 1 });
    expect(scripted.count("authenticate")).toBe(1);
  });

  test("that does not answer is tried again by the flow; the secret is not read for it", async () => {
    const dependencies = stage(withLogin({ kind: "unavailable", detail: "HTTP 503" }));
    await expect(run(input, dependencies)).rejects.toThrow(ProviderUnavailableError);
    expect(dependencies.connections.refreshes()).toBe(0);
  });

  test("that is no longer configured is an error", async () => {
    const dependencies = stage(withLogin(login("token-2")));
    await expect(run({ ...input, connection: "gone" }, dependencies)).rejects.toThrow("gone");
  });
});

describe("refused credentials", () => {
  test("are read again once, and rotated ones are used under a session of their own", async () => {
    const old = withLogin(refused);
    const rotated = withLogin(login("token-new"));
    const dependencies = stage(old, rotated);
    expect(await run(input, dependencies)).toEqual({ renewals: 0 });
    expect([old.count("authenticate"), rotated.count("authenticate")]).toEqual([1, 1]);
    expect(dependencies.connections.refreshes()).toBe(1);
    expect((await dependencies.sessions.get("scripted#2"))?.token).toBe("token-new");
    expect(await dependencies.sessions.get("scripted#1")).toBeUndefined();
  });

  test("that are the same after another look are not tried again", async () => {
    const scripted = withLogin(refused);
    const dependencies = stage(scripted);
    await expect(run(input, dependencies)).rejects.toThrow(CredentialsRejectedError);
    expect(scripted.count("authenticate")).toBe(1);
    expect(dependencies.connections.refreshes()).toBe(1);
  });

  test("that are refused in their rotated form, too, end it", async () => {
    const rotated = withLogin(refused);
    const dependencies = stage(withLogin(refused), rotated);
    await expect(run(input, dependencies)).rejects.toThrow(CredentialsRejectedError);
    expect(rotated.count("authenticate")).toBe(1);
    expect(dependencies.connections.refreshes()).toBe(1);
  });

  test("show neither token nor credential in the error", async () => {
    const error: unknown = await run(input, stage(withLogin(refused))).catch((thrown: unknown) => thrown);
    expect(String(error)).toBe("CredentialsRejectedError: the provider refuses the credentials");
  });
});
