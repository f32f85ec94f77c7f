/** Facts about getting a session: of many callers one logs in, and a rejected session is renewed once. */
import { describe, expect, test } from "vitest";
import { CredentialsRejectedError, ProviderUnavailableError } from "../../lib/domain/errors.ts";
import type { Reading } from "../../lib/domain/outcome.ts";
import type { Session } from "../../lib/domain/session.ts";
import { renewSession } from "../../lib/lambda/sessions.ts";
import type { Login } from "../../lib/providers/port.ts";
import { memorySessions } from "../../lib/store/memory-store.ts";
import type { SessionStore } from "../../lib/store/port.ts";
import { configured, scriptedConnector } from "../functions/scripted-connector.ts";
import { virtualClock } from "./virtual-clock.ts";

const unavailable = { kind: "unavailable", detail: "no answer within 15000 ms" } as const;
const refused = { kind: "refused", code: "credentials_rejected", message: "no" } as const;
const sessionId = "scripted#1";

/** A provider whose login takes a second and gives tokens t-1, t-2, …; `answers` come first, where there are any. */
function stage(answers: Reading<Login>[] = [], loginMs = 1_000) {
  const clock = virtualClock();
  const sessions = memorySessions();
  let logins = 0;
  const { connector } = scriptedConnector({
    authenticate: async () => {
      logins += 1;
      const token = `t-${logins}`;
      await clock.sleep(loginMs);
      return answers.shift() ?? { kind: "read", value: { token, lifetimeMs: 3_600_000 } };
    },
  });
  const connection = configured(connector);
  const renew = (rejected?: string, store: SessionStore = sessions) =>
    renewSession(connection, rejected, { sessions: store, ...clock });
  const saved = (members: Partial<Session> = {}): Session => ({
    token: "old",
    issuedAt: "2026-11-20T09:00:00.000Z",
    expiresAt: "2026-11-20T10:00:00.000Z",
    ...members,
  });
  return { clock, sessions, renew, saved, logins: () => logins };
}

describe("a session", () => {
  test("is made by a login where there is none, and saved", async () => {
    const { renew, sessions, logins } = stage();
    const session = await renew();
    expect(session).toEqual({
      token: "t-1",
      issuedAt: "2026-11-20T09:30:01.000Z",
      // An hour, less the two minutes that a call may be on its way.
      expiresAt: "2026-11-20T10:28:01.000Z",
    });
    expect(await sessions.get(sessionId)).toEqual(session);
    expect(logins()).toBe(1);
  });

  test("that is cached and fresh is used without a login", async () => {
    const { renew, sessions, saved, logins } = stage();
    await sessions.save(sessionId, saved());
    expect((await renew()).token).toBe("old");
    expect(logins()).toBe(0);
  });

  test("that has expired, even this very moment, is renewed", async () => {
    const { renew, sessions, saved, logins } = stage();
    await sessions.save(sessionId, saved({ expiresAt: "2026-11-20T09:30:00.000Z" }));
    expect((await renew()).token).toBe("t-1");
    expect(logins()).toBe(1);
  });

  test("that was rejected is renewed although it looks fresh", async () => {
    const { renew, sessions, saved, logins } = stage();
    await sessions.save(sessionId, saved());
    expect((await renew("2026-11-20T09:00:00.000Z")).token).toBe("t-1");
    expect(logins()).toBe(1);
  });

  test("that somebody else renewed since the rejection is used without another login", async () => {
    const { renew, sessions, saved, logins } = stage();
    await sessions.save(sessionId, saved({ token: "renewed", issuedAt: "2026-11-20T09:29:00.000Z" }));
    expect((await renew("2026-11-20T09:00:00.000Z")).token).toBe("renewed");
    expect(logins()).toBe(0);
  });

  test.each([
    ["without a session", undefined],
    ["with a rejected one", "2026-11-20T09:00:00.000Z"],
  ])("is made by one login for 40 callers at once %s", async (_name, rejected) => {
    const { renew, sessions, saved, logins } = stage();
    if (rejected) await sessions.save(sessionId, saved());
    const made = await Promise.all(Array.from({ length: 40 }, () => renew(rejected)));
    expect(new Set(made.map(({ token }) => token))).toEqual(new Set(["t-1"]));
    expect(logins()).toBe(1);
  });

  test("is not made a second time by a caller who looked before it was saved and got the lease after", async () => {
    const { renew, sessions, logins } = stage();
    let late = true;
    const slow: SessionStore = {
      ...sessions,
      get: async (id) => {
        const session = await sessions.get(id);
        if (late) {
          late = false;
          // Between this caller's look and its lease another one logs in, saves and gives the lease back.
          await renew();
        }
        return session;
      },
    };
    expect((await renew(undefined, slow)).token).toBe("t-1");
    expect(logins()).toBe(1);
    expect(await sessions.lease(sessionId, new Date("2026-11-20T09:31:00.000Z"), new Date())).toBeDefined();
  });
});

describe("a login", () => {
  test.each([
    ["is refused", refused, CredentialsRejectedError],
    ["gets no answer", unavailable, ProviderUnavailableError],
    ["is answered with a rejected session", { kind: "session-rejected", detail: "401" }, CredentialsRejectedError],
  ] as const)("that %s frees the lease, and the next caller logs in at once", async (_name, answer, error) => {
    const { renew, logins, clock } = stage([answer]);
    await expect(renew()).rejects.toThrow(error);
    const before = clock.now().getTime();
    expect((await renew()).token).toBe("t-2");
    expect(clock.now().getTime() - before).toBe(1_000);
    expect(logins()).toBe(2);
  });

  test("that fails for one of 40 callers is tried by the next, one at a time", async () => {
    const { renew, logins } = stage([unavailable]);
    const made = await Promise.allSettled(Array.from({ length: 40 }, () => renew()));
    expect(made.filter(({ status }) => status === "rejected")).toHaveLength(1);
    expect(logins()).toBe(2);
  });

  test("whose caller died is tried by another when the lease has ended", async () => {
    const { renew, sessions, clock, logins } = stage();
    await sessions.lease(sessionId, clock.now(), new Date(clock.now().getTime() + 26_000));
    await expect(renew()).rejects.toThrow(ProviderUnavailableError);
    expect(logins()).toBe(0);
    clock.advance(14_000);
    expect((await renew()).token).toBe("t-1");
  });

  test("of another caller is waited for twelve seconds, not longer", async () => {
    const { renew, sessions, clock } = stage();
    await sessions.lease(sessionId, clock.now(), new Date(clock.now().getTime() + 60_000));
    const before = clock.now().getTime();
    await expect(renew()).rejects.toThrow("another caller's login has not ended");
    expect(clock.now().getTime() - before).toBe(12_000);
  });
});
