/** Facts about idempotency claims, sessions and API keys. */
import { describe, expect, test } from "vitest";
import type { ApiKey, ApiKeyStore } from "../../lib/store/api-keys.ts";
import type { ClaimLookup, ClaimStore, SessionStore } from "../../lib/store/port.ts";

const now = new Date("2026-11-20T09:30:00.000Z");
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const thirtyDays = 30 * 86_400;

let names = 0;
function newName(): string {
  names += 1;
  return `name-${names}`;
}

export function claimContract(claims: () => ClaimStore & ClaimLookup): void {
  describe("a claim", () => {
    test("is the first caller's; a repeat learns the first request's fingerprint", async () => {
      const id = newName();
      expect(await claims().claim(id, "one", now)).toEqual({ claimed: true });
      expect(await claims().claim(id, "one", later(1))).toEqual({ claimed: false, fingerprint: "one" });
      expect(await claims().claim(id, "other", later(2))).toEqual({ claimed: false, fingerprint: "one" });
    });

    test("of 200 at once is one caller's, and all others learn that caller's fingerprint", async () => {
      const id = newName();
      const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => claims().claim(id, `print-${n}`, now)));
      const winners = answers.flatMap(({ claimed }, n) => (claimed ? [`print-${n}`] : []));
      expect(winners).toHaveLength(1);
      for (const answer of answers) if (!answer.claimed) expect(answer.fingerprint).toBe(winners[0]);
    });

    test("holds for thirty days and can then be claimed again, by one caller", async () => {
      const id = newName();
      await claims().claim(id, "one", now);
      expect((await claims().claim(id, "other", later(thirtyDays - 1))).claimed).toBe(false);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => claims().claim(id, "other", later(thirtyDays))),
      );
      expect(answers.filter(({ claimed }) => claimed)).toHaveLength(1);
      expect(await claims().claim(id, "one", later(thirtyDays + 1))).toEqual({ claimed: false, fingerprint: "other" });
    });

    test("can be looked at by others while it holds, and looking makes none", async () => {
      const id = newName();
      expect(await claims().find(id, now)).toBeUndefined();
      expect(await claims().claim(id, "one", now)).toEqual({ claimed: true });
      expect(await claims().find(id, later(thirtyDays - 1))).toBe("one");
      expect(await claims().find(id, later(thirtyDays))).toBeUndefined();
    });

    test("says nothing about another id", async () => {
      await claims().claim(newName(), "one", now);
      expect(await claims().claim(newName(), "one", now)).toEqual({ claimed: true });
    });
  });
}

export function sessionContract(sessions: () => SessionStore): void {
  const session = { token: "t-1", issuedAt: now.toISOString(), expiresAt: later(3_600).toISOString() };

  describe("a session", () => {
    test("is not there before it was saved, lease or not", async () => {
      const id = newName();
      expect(await sessions().get(id)).toBeUndefined();
      await sessions().lease(id, now, later(26));
      expect(await sessions().get(id)).toBeUndefined();
    });

    test("is the newest that was saved", async () => {
      const id = newName();
      const newer = { token: "t-2", issuedAt: later(60).toISOString(), expiresAt: later(3_660).toISOString() };
      await sessions().save(id, session);
      expect(await sessions().get(id)).toStrictEqual(session);
      await sessions().save(id, newer);
      expect(await sessions().get(id)).toStrictEqual(newer);
    });

    test("stays readable while somebody renews it", async () => {
      const id = newName();
      await sessions().save(id, session);
      await sessions().lease(id, now, later(26));
      expect(await sessions().get(id)).toStrictEqual(session);
    });
  });

  describe("a login's lease", () => {
    test("is given to one of 50 at once", async () => {
      const id = newName();
      const leases = await Promise.all(Array.from({ length: 50 }, () => sessions().lease(id, now, later(26))));
      expect(leases.filter(Boolean)).toHaveLength(1);
    });

    test("ends by itself, to the millisecond", async () => {
      const id = newName();
      expect(await sessions().lease(id, now, later(26))).toBeDefined();
      expect(await sessions().lease(id, later(25.999), later(60))).toBeUndefined();
      expect(await sessions().lease(id, later(26), later(60))).toBeDefined();
      expect(await sessions().lease(id, later(26), later(60))).toBeUndefined();
    });

    test("ends with the session that it was taken for", async () => {
      const id = newName();
      await sessions().lease(id, now, later(26));
      await sessions().save(id, session);
      expect(await sessions().lease(id, later(1), later(27))).toBeDefined();
    });

    test("ends when it is given back, and the old session stays", async () => {
      const id = newName();
      await sessions().save(id, session);
      await sessions().lease(id, now, later(26));
      await sessions().release(id);
      expect(await sessions().lease(id, later(1), later(27))).toBeDefined();
      expect(await sessions().get(id)).toStrictEqual(session);
    });

    test("comes with the newest session that was saved", async () => {
      const id = newName();
      expect(await sessions().lease(id, now, later(26))).toEqual({ session: undefined });
      await sessions().save(id, session);
      expect(await sessions().lease(id, later(1), later(27))).toEqual({ session });
    });

    test("may be given back by somebody who never had it", async () => {
      const id = newName();
      await sessions().release(id);
      expect(await sessions().get(id)).toBeUndefined();
      expect(await sessions().lease(id, now, later(26))).toBeDefined();
    });
  });
}

export function apiKeyContract(apiKeys: () => ApiKeyStore): void {
  const issued: ApiKey = {
    keyId: "key-1",
    tenant: "acme",
    scopes: ["transactions:read", "balances:read"],
    expiresAt: "2027-01-01T00:00:00.000Z",
  };

  describe("an API key", () => {
    test("is found by the key and by nothing else", async () => {
      const key = `mbk_${newName()}`;
      await apiKeys().put(key, issued);
      const found = await apiKeys().find(key);
      expect(found && { ...found, scopes: [...found.scopes].sort() }).toStrictEqual({
        keyId: "key-1",
        tenant: "acme",
        scopes: ["balances:read", "transactions:read"],
        expiresAt: "2027-01-01T00:00:00.000Z",
      });
      for (const other of [`${key}x`, key.slice(0, -1), key.toUpperCase(), ""]) {
        expect(await apiKeys().find(other)).toBeUndefined();
      }
    });

    test("may have no scope and no end", async () => {
      const key = `mbk_${newName()}`;
      await apiKeys().put(key, { keyId: "key-2", tenant: "acme", scopes: [] });
      expect(await apiKeys().find(key)).toStrictEqual({ keyId: "key-2", tenant: "acme", scopes: [] });
    });

    test("is what was put last", async () => {
      const key = `mbk_${newName()}`;
      await apiKeys().put(key, issued);
      await apiKeys().put(key, { keyId: "key-3", tenant: "other", scopes: ["transactions:write"] });
      expect(await apiKeys().find(key)).toStrictEqual({
        keyId: "key-3",
        tenant: "other",
        scopes: ["transactions:write"],
      });
    });
  });
}
