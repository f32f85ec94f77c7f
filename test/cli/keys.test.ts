/** `keys create|list|revoke` as a shell meets them, against the table of a whole stack. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { physicalName } from "../../local/create-tables.ts";
import { type Stack, startStack } from "../../local/stack.ts";
import { moneyback, start } from "./command.ts";

interface Created {
  readonly key: string;
  readonly keyId: string;
}

let stack: Stack;
let table: string[];
let tenants = 0;
beforeAll(async () => {
  stack = await startStack({ port: 0, sandboxPort: 0, awsPort: 0, clock: false });
  table = ["--table", physicalName("ApiKeys"), "--endpoint", stack.dynamoDbEndpoint];
});
afterAll(() => stack.stop());

const keys = (...args: string[]) => moneyback(["keys", ...args, ...table]);
const create = async (tenant: string, ...args: string[]) =>
  (await keys("create", "--tenant", tenant, ...args, "--json")).json<Created>();
const newTenant = () => `cli-tenant-${tenants++}`;
const statusWith = async (key: string) =>
  (await fetch(`${stack.apiUrl}/v1/transactions`, { headers: { authorization: `Bearer ${key}` } })).status;

describe("keys create", () => {
  test("issues a key that works at once, and shows it", async () => {
    const tenant = newTenant();
    const { code, out, error } = await keys("create", "--tenant", tenant, "--scopes", "transactions:read");
    expect([code, error]).toEqual([0, ""]);
    const [key = "", sentence = ""] = out.split("\n");
    expect(key).toMatch(/^mbk_[\w-]{43}$/);
    expect(sentence).toMatch(new RegExp(`^key_\\S+ of ${tenant} may transactions:read\\.$`));
    expect(await statusWith(key)).toBe(200);
    expect(await statusWith(`${key}x`)).toBe(401);
  });

  test("gives the scopes that were named, or all, and an end", async () => {
    const some = await keys(
      ...["create", "--tenant", newTenant(), "--scopes", "balances:read,transactions:write"],
      ...["--expires", "2099-01-31T09:30:00+02:00", "--json"],
    );
    expect(some.json()).toMatchObject({
      scopes: ["transactions:write", "balances:read"],
      expiresAt: "2099-01-31T07:30:00.000Z",
    });
    const all = await keys("create", "--tenant", newTenant(), "--scopes", "all", "--json");
    expect(all.json()["scopes"]).toContain("transactions:resolve");
    expect(all.json()).not.toHaveProperty("expiresAt");
    expect(await statusWith((await create(newTenant(), "--scopes", "balances:read")).key)).toBe(403);
  });

  test("draws another key and id each time", async () => {
    const tenant = newTenant();
    const [one, other] = [await create(tenant, "--scopes", "all"), await create(tenant, "--scopes", "all")];
    expect(one.key).not.toBe(other.key);
    expect(one.keyId).not.toBe(other.keyId);
  });

  test.each([
    [["--tenant", "a", "--scopes", "everything"], '"everything" is no scope: choose from transactions:read'],
    [["--tenant", "a", "--scopes", ","], "A key needs a scope"],
    [["--tenant", "a"], "--scopes"],
    [["--scopes", "all"], "--tenant"],
    [["--tenant", "a", "--scopes", "all", "--expires", "tomorrow"], "is no time"],
    [["--tenant", "a", "--scopes", "all", "--expires", "2027-02-30"], "is no time"],
    [["--tenant", "a", "--scopes", "all", "--expires", "2027-01-31T09:30:00"], "is no time"],
    [["--tenant", "a", "--scopes", "all", "--expires", "99999d"], "is no time"],
    [["--tenant", "a", "--scopes", "all", "--expires", "2020-01-31"], "is over already"],
    [["--tenant", "a", "--scopes", "all", "--expires", "0d"], "is over already"],
  ])("with %j is refused, and issues nothing", async (args, why) => {
    const { code, out, error } = await keys("create", ...args);
    expect([code, out]).toEqual([1, ""]);
    expect(error).toContain(why);
    expect((await keys("list", "--tenant", "a", "--json")).json()).toEqual({ items: [] });
  });
});

describe("keys list", () => {
  test("shows a tenant's keys without a secret, and all tenants' when none is named", async () => {
    const tenant = newTenant();
    const { key, keyId } = await create(tenant, "--scopes", "balances:read", "--expires", "90d");
    const { code, out } = await keys("list", "--tenant", tenant);
    expect(code).toBe(0);
    expect(out.split("\n")[1]).toMatch(new RegExp(`^${keyId} +${tenant} +\\d{4}-\\S+Z +balances:read$`));
    const all = await keys("list", "--json");
    const ids = all.json<{ items: Created[] }>().items.map((one) => one.keyId);
    expect(ids).toEqual(expect.arrayContaining([keyId, "key_local"]));
    for (const secret of [key, key.slice(4)]) expect(out + all.out).not.toContain(secret);
    expect((await keys("list", "--tenant", newTenant())).out).toBe("There are none.\n");
  });
});

describe("keys revoke", () => {
  test("ends the tenant's key", async () => {
    const tenant = newTenant();
    const { key, keyId } = await create(tenant, "--scopes", "all");
    const { code, out } = await keys("revoke", keyId, "--tenant", tenant);
    expect([code, out]).toEqual([0, `${keyId} is revoked; it stops working within a minute.\n`]);
    // The authorizer had never seen it, so its minute does not matter here.
    expect(await statusWith(key)).toBe(401);
  });

  test("of another tenant's key, or of none, says so and ends nothing", async () => {
    const { key, keyId } = await create(newTenant(), "--scopes", "all");
    const { code, out, problem } = await keys("revoke", keyId, "--tenant", newTenant(), "--json");
    expect([code, out, problem()["code"]]).toEqual([1, "", "not_found"]);
    expect(await statusWith(key)).toBe(200);
    expect((await keys("revoke", keyId)).error).toContain("--tenant");
  });
});

describe("the table of keys", () => {
  const list = ["keys", "list", "--json"];
  test.each([
    [[], {}, 1, "Name the table"],
    [["--table", "x", "--endpoint", "nowhere"], {}, 1, "is no URL"],
    [["--table", "x", "--endpoint", "http://127.0.0.1:9"], {}, 6, "cannot be reached: ECONNREFUSED"],
  ])("with %j cannot be used", async (args, env, code, why) => {
    const ended = await moneyback([...list, ...args], env);
    expect([ended.code, ended.out]).toEqual([code, ""]);
    expect(ended.problem()["detail"]).toContain(why);
  });

  test("that is not there is named", async () => {
    const { code, problem } = await moneyback([...list, "--table", "x", "--endpoint", stack.dynamoDbEndpoint]);
    expect([code, problem()["code"]]).toEqual([1, "no_such_table"]);
  });

  test("is found by the usual environment", async () => {
    // The SDK reads it from the process.
    const { code, json } = await start(list, {
      API_KEYS_TABLE: physicalName("ApiKeys"),
      AWS_ENDPOINT_URL_DYNAMODB: stack.dynamoDbEndpoint,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    }).ended;
    expect(code).toBe(0);
    expect(json()).toHaveProperty("items");
  });
});
