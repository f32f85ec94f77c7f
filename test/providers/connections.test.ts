/** The configured connections: each checked by itself, and no secret in what is said about a wrong one. */
import { describe, expect, test } from "vitest";
import { readConnections } from "../../lib/providers/connections.ts";
import type { Outside } from "../../lib/providers/port.ts";

/** Reading a configuration calls nobody. */
const outsideOf = (): Outside => ({
  http: () => Promise.reject(new Error("a provider was called")),
  now: () => new Date("2026-11-20T10:00:00Z"),
});

const secret = "hunter2-correct-horse";

const good = {
  id: "payouts-eu",
  provider: "ipayout",
  baseUrl: "https://merchantapi.example",
  username: "api-user",
  password: secret,
  merchantId: "5f0c2e4a-7f55-4b6e-9c43-2a1f6d0b7e11",
};

function parse(...entries: readonly unknown[]) {
  return readConnections(JSON.stringify(entries), outsideOf).all();
}

async function sessionIdOf(entry: object): Promise<string | undefined> {
  return (await parse(entry)).configured[0]?.sessionId;
}

describe("a connection", () => {
  test("is configured with its provider's defaults", async () => {
    const { configured, broken } = await parse(good);
    expect(broken).toStrictEqual([]);
    expect(configured.map(({ id, provider, config }) => ({ id, provider, config }))).toStrictEqual([
      {
        id: "payouts-eu",
        provider: "ipayout",
        config: { ...good, timeoutMs: 15_000, deadlineHours: 72, profile: "guide", webhookSignature: "hashed" },
      },
    ]);
  });

  test("may set what every connection may set", async () => {
    const options = {
      timeoutMs: 20_000,
      requestsPerSecond: 50,
      deadlineHours: 8_760,
      webhookSecret: "w",
      tenants: ["acme"],
      profile: "openapi",
    };
    expect((await parse({ ...good, ...options })).configured[0]?.config).toMatchObject(options);
  });

  test("has an address to which paths can be appended", async () => {
    const { configured } = await parse({ ...good, baseUrl: "http://127.0.0.1:4010/ipayout//" });
    expect(configured[0]?.config.baseUrl).toBe("http://127.0.0.1:4010/ipayout");
  });

  test("offers what its provider can do", async () => {
    const connector = (await parse(good)).configured[0]?.connector;
    expect(connector?.authenticate).toBeTypeOf("function");
    expect(connector?.balance).toBeTypeOf("function");
    expect(connector?.spendback).toBeTypeOf("object");
  });
});

describe("a broken connection", () => {
  const broken = { ...good, id: "broken", password: "" };

  test("does not take the others with it, wherever it stands", async () => {
    for (const entries of [
      [broken, good],
      [good, broken],
      [null, good, 7],
      [[], good, "text", {}],
    ]) {
      const { configured, broken: refused } = await parse(...entries);
      expect(configured.map(({ id }) => id)).toStrictEqual(["payouts-eu"]);
      expect(refused.length).toBe(entries.length - 1);
    }
  });

  test.each<[string, Record<string, unknown>]>([
    ["password", { password: "" }],
    ["password", { password: undefined }],
    ["username", { username: 7 }],
    ["merchantId", { merchantId: null }],
    ["profile", { profile: "both" }],
    ["baseUrl", { baseUrl: "merchantapi.example" }],
    ["baseUrl", { baseUrl: "ftp://merchantapi.example" }],
    ["baseUrl", { baseUrl: `https://api-user:${secret}@merchantapi.example` }],
    ["baseUrl", { baseUrl: `https://merchantapi.example/?key=${secret}` }],
    ["baseUrl", { baseUrl: "https://merchantapi.example/#top" }],
    ["timeoutMs", { timeoutMs: 20_001 }],
    ["timeoutMs", { timeoutMs: 0 }],
    ["requestsPerSecond", { requestsPerSecond: 0 }],
    ["deadlineHours", { deadlineHours: -1 }],
    ["deadlineHours", { deadlineHours: 8_761 }],
    ["webhookSecret", { webhookSecret: "" }],
    ["tenants", { tenants: "acme" }],
    ["id", { id: "no spaces" }],
  ])("is told which member is wrong: %s, as in %j", async (name, wrong) => {
    const { configured, broken: refused } = await parse({ ...good, ...wrong });
    expect(configured).toStrictEqual([]);
    expect(refused[0]?.problem).toMatch(new RegExp(`^${name}\\b`));
  });

  test("with a member that nobody knows is told which one: a typo must not pass for a default", async () => {
    const { configured, broken: refused } = await parse({ ...good, timeoutMS: 5_000, profil: "openapi" });
    expect(configured).toStrictEqual([]);
    expect(refused[0]?.problem).toContain("timeoutMS");
    expect(refused[0]?.problem).toContain("profil");
  });

  test("is told of every wrong member at once", async () => {
    const { broken: refused } = await parse({ ...good, username: "", password: "", merchantId: "" });
    for (const name of ["username", "password", "merchantId"]) expect(refused[0]?.problem).toContain(name);
  });

  test("with an id that stands twice is refused, and the first one stays", async () => {
    const { configured, broken: refused } = await parse(good, { ...good, merchantId: "another" });
    expect(configured.map(({ config }) => config)).toMatchObject([{ merchantId: good.merchantId }]);
    expect(refused).toStrictEqual([{ id: "payouts-eu", problem: "the id stands twice" }]);
  });

  test("of a provider that nobody knows is told which ones there are", async () => {
    const { broken: refused } = await parse({ ...good, provider: "paypal" });
    expect(refused[0]).toStrictEqual({
      id: "payouts-eu",
      problem: expect.stringMatching(/^unknown provider; known are .*\bipayout\b/),
    });
  });

  test("without an id is named by its place", async () => {
    expect((await parse(good, { provider: "ipayout" })).broken[0]?.id).toBe("#1");
  });

  test("never has a secret in what is said about it", async () => {
    const wrong = [
      { ...good, password: [secret] },
      { ...good, password: { value: secret } },
      { ...good, merchantId: "", passwrod: secret },
      { ...good, baseUrl: `https://x:${secret}@merchantapi.example` },
      { ...good, baseUrl: `not an address ${secret}` },
      { ...good, profile: secret },
      { ...good, tenants: [secret, 7] },
      { ...good, provider: secret },
      { ...good, id: 7, password: secret },
      secret,
      [secret],
    ];
    const { configured, broken: refused } = await parse(...wrong);
    expect(configured).toStrictEqual([]);
    expect(refused.length).toBe(wrong.length);
    expect(JSON.stringify(refused)).not.toContain(secret);
  });
});

describe("the text of the connections", () => {
  test("that is not JSON is refused without quoting it", async () => {
    for (const text of [`[{"password":"${secret}"`, `${secret}`, `[{"password": ${secret}}]`]) {
      expect(() => readConnections(text, outsideOf)).toThrow(/^the connections are not JSON$/);
      expect(messagesOf(() => readConnections(text, outsideOf))).not.toContain(secret);
    }
  });

  test.each(['{"id":"a"}', '"text"', "null", "7"])("must be an array, not %s", async (text) => {
    expect(() => readConnections(text, outsideOf)).toThrow("the connections are not a JSON array");
  });

  test("may be an empty array", async () => {
    expect(await readConnections("[]", outsideOf).all()).toStrictEqual({ configured: [], broken: [] });
  });
});

describe("a session's name", () => {
  test("is the same for the same connection, whatever the order of its members", async () => {
    const shuffled = Object.fromEntries(Object.entries(good).reverse());
    expect(await sessionIdOf(shuffled)).toBe(await sessionIdOf({ ...good }));
  });

  test.each([
    ["password", { password: "rotated" }],
    ["username", { username: "another" }],
    ["merchant", { merchantId: "another" }],
    ["address", { baseUrl: "https://other.example" }],
    ["id", { id: "payouts-us" }],
  ])("is another with another %s, so that an old token never meets it", async (_, change) => {
    expect(await sessionIdOf({ ...good, ...change })).not.toBe(await sessionIdOf(good));
  });

  test("begins with the connection's id and shows no secret", async () => {
    expect(await sessionIdOf(good)).toMatch(/^payouts-eu#[\w-]{16}$/);
  });
});

/** Everything that an error says, its causes and its stack included. */
function messagesOf(act: () => unknown): string {
  try {
    act();
    return "";
  } catch (error) {
    const said: string[] = [];
    for (let one: unknown = error; one instanceof Error; one = one.cause) said.push(one.message, one.stack ?? "");
    return said.join("\n");
  }
}
