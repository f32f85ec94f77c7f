/** `health` and `connections check` as a shell meets them, on a whole stack with a connection that cannot be used. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../local/stack.ts";
import { startSandbox } from "../../sandbox/server.ts";
import { moneyback } from "./command.ts";

interface Check {
  readonly id: string;
  readonly login: { readonly status: string; readonly detail?: string };
  readonly balance?: { readonly status: string; readonly available?: object };
  readonly usable: boolean;
}

let stack: Stack;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let folder: string;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  const entries = sandbox.connections as readonly { readonly id: string }[];
  const ipayout = entries.find(({ id }) => id === "ipayout");
  const connections = [
    ...entries,
    { ...ipayout, id: "wrong-password", password: "not this one" },
    { ...ipayout, id: "others", tenants: ["somebody-else"] },
    { id: "unfinished", provider: "ipayout" },
  ];
  stack = await startStack({
    ...{ port: 0, sandboxPort: 0, awsPort: 0, clock: false },
    connections: JSON.stringify(connections),
  });
  folder = await mkdtemp(join(tmpdir(), "moneyback-accounts-"));
});
afterAll(async () => {
  await stack.stop();
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => moneyback(args, { MONEYBACK_URL: stack.apiUrl });
const check = async (...args: string[]) => {
  const ended = await run("connections", "check", ...args, "--json");
  const { connections } = ended.json<{ connections: Check[] }>();
  return { ...ended, connections, of: (id: string) => connections.find((one) => one.id === id) };
};

describe("health", () => {
  test("shows each connection, and is not done while one cannot be used", async () => {
    const { code, out } = await run("health");
    expect(code).toBe(1);
    expect(out).toMatch(/^degraded \(database ok, secret ok\)\n/);
    expect(out).toMatch(/^ipayout +ipayout +configured +closed$/m);
    expect(out).toMatch(/^unfinished +– +unconfigured +– +\S/m);
    expect((await run("health", "--json")).json()).toMatchObject({
      status: "degraded",
      connections: expect.any(Array),
    });
  });

  test("needs no key, and is done where all is well", async () => {
    const well = await startStack({ port: 0, sandboxPort: 0, awsPort: 0, clock: false });
    const { code, out } = await moneyback(["health"], { MONEYBACK_URL: well.apiUrl, MONEYBACK_API_KEY: "mbk_nobody" });
    await well.stop();
    expect([code, out.split("\n")[0]]).toEqual([0, "ok (database ok, secret ok)"]);
  });
});

describe("connections check", () => {
  test("logs in with each, reads the balances that were named, and says what is wrong with which", async () => {
    const { code, of, connections } = await check(
      ...["--account", "ipayout=ben-alice USD", "--account", "paysafe=stl-100 USD"],
      ...["--account", "sipay=0153253257047385/1250386995 TRY"],
    );
    expect(code).toBe(1);
    expect(connections).toHaveLength(8);
    expect(of("ipayout")).toMatchObject({
      login: { status: "accepted" },
      balance: { status: "read", available: { value: 100_000, currency: "USD" } },
      usable: true,
    });
    expect(of("sipay")).toMatchObject({ balance: { available: { value: 100_000, currency: "TRY" } }, usable: true });
    expect(of("paysafe")).toMatchObject({ login: { status: "not-needed" }, balance: { status: "read" } });
    expect(of("mircate")).toMatchObject({ login: { status: "not-needed" }, usable: true });
    expect(of("mircate")).not.toHaveProperty("balance");
    expect(of("wrong-password")).toMatchObject({ login: { status: "refused" }, usable: false });
    expect(of("others")).toMatchObject({ login: { status: "unknown_connection" }, usable: false });
    expect(of("unfinished")).toMatchObject({ login: { status: "not tried" }, usable: false });
  });

  test("checks those that are named, and moves nothing", async () => {
    const { code, connections } = await check("ipayout", "nexio");
    expect(code).toBe(0);
    expect(connections.map(({ id }) => id)).toEqual(["ipayout", "nexio"]);
    const ledger = (await (await fetch(`${sandbox.url}/_sandbox/ledger`)).json()) as { movements: unknown[] };
    expect(ledger.movements).toEqual([]);
  });

  test("shows a row each", async () => {
    const { out } = await run(
      "connections",
      "check",
      "ipayout",
      "wrong-password",
      "--account",
      "ipayout=ben-alice USD",
    );
    expect(out).toMatch(/^ipayout +ipayout +configured +closed +accepted +1000\.00 USD +yes$/m);
    expect(out).toMatch(/^wrong-password +ipayout +configured +\S.* +refused +not asked +no +\S/m);
  });

  test("says why a balance cannot be read", async () => {
    const { code, of } = await check(
      "ipayout",
      "mircate",
      "--account",
      "ipayout=nobody USD",
      "--account",
      "mircate=a TRY",
    );
    expect(code).toBe(1);
    expect(of("ipayout")).toMatchObject({
      balance: { status: "not_found", detail: expect.any(String) },
      usable: false,
    });
    expect(of("mircate")).toMatchObject({ balance: { status: "unsupported_operation" }, usable: false });
  });

  test("takes the accounts from a file", async () => {
    const file = join(folder, "accounts.txt");
    await writeFile(file, "# whose balances we watch\r\n\r\nipayout = ben-bob USD\r\n");
    const { of } = await check("ipayout", "--accounts", file);
    expect(of("ipayout")).toMatchObject({ balance: { available: { value: 5_000, currency: "USD" } } });
    await writeFile(file, "ipayout=ben-bob USD\nnonsense\n");
    expect((await run("connections", "check", "--accounts", file)).error).toContain("line 2: write an account as");
  });

  test.each([
    [["--account", "ipayout"], "CONNECTION=ACCOUNT CURRENCY"],
    [["--account", "ipayout=ben-alice"], "CONNECTION=ACCOUNT CURRENCY"],
    [["--account", "ipayout=ben-alice XYZ"], "not an active ISO 4217"],
    [["--accounts", "/nowhere/accounts.txt"], "cannot be read"],
  ])("with %j is refused", async (args, why) => {
    const { code, out, problem } = await run("connections", "check", ...args, "--json");
    expect([code, out]).toEqual([1, ""]);
    expect(String(problem()["detail"]).toLowerCase()).toContain(why.toLowerCase());
  });

  test.each([[["nobody"]], [["--account", "nobody=a USD"]]])(
    "with a connection that is not there, %j, ends with 2",
    async (args) => {
      const { code, out, problem } = await run("connections", "check", ...args, "--json");
      expect([code, out]).toEqual([2, ""]);
      expect(problem()).toEqual({ code: "unknown_connection", detail: 'There is no connection "nobody".' });
    },
  );

  test("with a key that is not known ends with 2", async () => {
    const env = { MONEYBACK_URL: stack.apiUrl, MONEYBACK_API_KEY: "mbk_nobody" };
    const { code, problem } = await moneyback(["connections", "check", "--json"], env);
    expect([code, problem()["code"]]).toEqual([2, "unauthorized"]);
  });
});
