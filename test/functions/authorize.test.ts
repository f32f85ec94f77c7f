/** Facts about the Lambda authorizer: which keys it knows, and how long it remembers them. */
import { describe, expect, test } from "vitest";
import { cachedKeys, run } from "../../functions/authorize.ts";
import type { ApiKeyStore } from "../../lib/store/api-keys.ts";
import { memoryApiKeys } from "../../lib/store/memory-store.ts";
import { virtualClock } from "../lambda/virtual-clock.ts";

const key = "mbk_0123456789abcdef";
const nobody = { isAuthorized: true, context: {} };
const somebody = {
  isAuthorized: true,
  context: { tenant: "acme", keyId: "key-1", scopes: "transactions:read balances:read" },
};

async function stage() {
  const clock = virtualClock();
  const store = memoryApiKeys();
  await store.put(key, { keyId: "key-1", tenant: "acme", scopes: ["transactions:read", "balances:read"] });
  let reads = 0;
  const revoked = new Set<string>();
  const table: ApiKeyStore = {
    put: store.put,
    async find(given) {
      reads += 1;
      return revoked.has(given) ? undefined : store.find(given);
    },
  };
  const apiKeys = cachedKeys(table, clock.now);
  const ask = (header: string | undefined = `Bearer ${key}`) => run(header, { apiKeys, now: clock.now });
  return { ...clock, store, ask, revoked, apiKeys, reads: () => reads };
}

describe("an API key", () => {
  test("that is known is its tenant with its scopes", async () => {
    expect(await (await stage()).ask()).toEqual(somebody);
  });

  test.each([`bearer ${key}`, `BEARER   ${key}`, `  Bearer ${key}  `])("is read from %j", async (header) => {
    expect(await (await stage()).ask(header)).toEqual(somebody);
  });

  test.each([
    undefined,
    "",
    "Bearer",
    "Bearer ",
    key,
    `Basic ${key}`,
    `Bearer ${key} ${key}`,
    "Bearer mbk_",
    `Bearer mbk_${"x".repeat(201)}`,
    "Bearer eyJhbGciOiJIUzI1NiJ9.e30.x",
    "Bearer mbk_schlüssel",
  ])("is nobody's in %j, and the table is not asked for what cannot be a key", async (header) => {
    const { ask, reads } = await stage();
    expect(await ask(header ?? "")).toEqual(nobody);
    expect(reads()).toBe(0);
  });

  test("that is unknown is nobody's, and asked for each time", async () => {
    const { ask, reads } = await stage();
    expect(await ask("Bearer mbk_unknown")).toEqual(nobody);
    expect(await ask("Bearer mbk_unknown")).toEqual(nobody);
    expect(await ask(`Bearer ${key.toUpperCase()}`)).toEqual(nobody);
    expect(reads()).toBe(3);
  });

  test("works until it expires, also while it is remembered", async () => {
    const { ask, store, advance } = await stage();
    await store.put(key, {
      keyId: "key-1",
      tenant: "acme",
      scopes: ["transactions:read", "balances:read"],
      expiresAt: "2026-11-20T09:30:30.000Z",
    });
    expect(await ask()).toEqual(somebody);
    advance(29_999);
    expect(await ask()).toEqual(somebody);
    advance(1);
    expect(await ask()).toEqual(nobody);
  });

  test("is read from the table once a minute", async () => {
    const { ask, advance, reads } = await stage();
    for (let call = 0; call < 10; call++) await ask();
    expect(reads()).toBe(1);
    advance(59_999);
    await ask();
    expect(reads()).toBe(1);
    advance(1);
    await ask();
    expect(reads()).toBe(2);
  });

  test("that is revoked stops working within a minute", async () => {
    const { ask, advance, revoked } = await stage();
    await ask();
    revoked.add(key);
    advance(59_999);
    expect(await ask()).toEqual(somebody);
    advance(1);
    expect(await ask()).toEqual(nobody);
    expect(await ask()).toEqual(nobody);
  });

  test("that is issued works at once, though it was asked for before", async () => {
    const { ask, store } = await stage();
    const header = "Bearer mbk_late";
    expect(await ask(header)).toEqual(nobody);
    await store.put("mbk_late", { keyId: "key-2", tenant: "acme", scopes: [] });
    expect(await ask(header)).toEqual({ isAuthorized: true, context: { tenant: "acme", keyId: "key-2", scopes: "" } });
  });

  test("is remembered among at most a thousand", async () => {
    const { apiKeys, store, ask, reads } = await stage();
    for (let n = 0; n < 1_000; n++) {
      await store.put(`mbk_${n}`, { keyId: `key-${n}`, tenant: "acme", scopes: [] });
      await apiKeys.find(`mbk_${n}`);
    }
    expect(reads()).toBe(1_000);
    await ask();
    await apiKeys.find("mbk_0");
    expect(reads()).toBe(1_002);
  });

  test("that cannot be looked up is no verdict", async () => {
    const { now } = await stage();
    const apiKeys: ApiKeyStore = {
      put: async () => {},
      find: async () => {
        throw new Error("the database is not available");
      },
    };
    await expect(run(`Bearer ${key}`, { apiKeys, now })).rejects.toThrow();
  });
});
