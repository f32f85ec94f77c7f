/** Facts about opening a connection: how long a process relies on the session that it read. */
import { describe, expect, test } from "vitest";
import { run as authenticate } from "../../functions/authenticate.ts";
import { openConnection } from "../../lib/lambda/open-connection.ts";
import { session, taskStage } from "../functions/stage.ts";

const input = { transactionId: "txn_1", connection: "scripted", kind: "spendback" } as const;
const renewed = { ...input, session: { renewals: 1 } };

/** A session store that counts how often it was read. */
async function stage() {
  const given = await taskStage();
  let reads = 0;
  const get = (id: string) => {
    reads += 1;
    return given.sessions.get(id);
  };
  return { ...given, sessions: { ...given.sessions, get }, reads: () => reads };
}

const newer = { ...session, token: "token-2", issuedAt: "2026-11-20T09:30:00.000Z" };

describe("a session", () => {
  test("is read once a minute, however many tasks need it", async () => {
    const given = await stage();
    for (let task = 0; task < 5; task++) await openConnection(input, given);
    expect(given.reads()).toBe(1);
    given.clock.advance(60_000);
    await openConnection(input, given);
    expect(given.reads()).toBe(2);
  });

  test("that others renewed is used from the next reading on", async () => {
    const given = await stage();
    await openConnection(input, given);
    await given.sessions.save(given.connection.sessionId, newer);
    expect((await openConnection(input, given)).session?.token).toBe("token-1");
    given.clock.advance(60_000);
    expect((await openConnection(input, given)).session?.token).toBe("token-2");
  });

  test("is read in a flow that was refused, and known to the later ones", async () => {
    const given = await stage();
    await openConnection(input, given);
    await given.sessions.save(given.connection.sessionId, newer);
    expect((await openConnection(renewed, given)).session?.token).toBe("token-2");
    expect((await openConnection(input, given)).session?.token).toBe("token-2");
    expect(given.reads()).toBe(2);
  });

  test("that expires meanwhile is read again", async () => {
    const given = await stage();
    const soon = new Date(given.now().getTime() + 1_000).toISOString();
    await given.sessions.save(given.connection.sessionId, { ...session, expiresAt: soon });
    await openConnection(input, given);
    given.clock.advance(1_000);
    await openConnection(input, given);
    expect(given.reads()).toBe(2);
  });

  test("is forgotten with the connection: one that was read anew begins without", async () => {
    const given = await stage();
    await openConnection(input, given);
    const other = { ...given.connections, get: async () => ({ ...given.connection }) };
    await openConnection(input, { ...given, connections: other });
    expect(given.reads()).toBe(2);
  });

  test("that is not there is not remembered as missing", async () => {
    const given = await stage();
    const none = { ...given, sessions: { get: async () => undefined } };
    await expect(openConnection(input, none)).rejects.toThrow("none");
    expect((await openConnection(input, given)).session?.token).toBe("token-1");
  });

  test("is made sure of once a minute by Authenticate, and after a refusal at once", async () => {
    const given = await stage();
    for (let flow = 0; flow < 5; flow++) expect(await authenticate(input, given)).toEqual({ renewals: 0 });
    expect(given.reads()).toBe(1);
    await given.sessions.save(given.connection.sessionId, newer);
    const cause = JSON.stringify({ errorMessage: session.issuedAt });
    const refused = { ...input, session: { rejected: { Cause: cause } } };
    expect(await authenticate(refused, given)).toEqual({ renewals: 1 });
    expect(given.reads()).toBe(2);
  });
});
