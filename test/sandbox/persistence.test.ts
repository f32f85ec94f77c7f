/** The truth outlives the process: restarts, a kill without warning, a torn last line. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startSandbox } from "../../sandbox/server.ts";
import { Client, open } from "./client.ts";

let dataDir = "";

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "sandbox-"));
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const journal = (): string => join(dataDir, "sandbox.jsonl");

/** Runs `use` on a sandbox and closes it. */
const during = async <Result>(use: (client: Client) => Promise<Result>): Promise<Result> => {
  const sandbox = await startSandbox({ port: 0, dataDir });
  try {
    return await use(await new Client(sandbox.url, sandbox).logIn());
  } finally {
    await sandbox.close();
  }
};

test("movements, accounts and balances are there after a restart, and ids go on", async () => {
  await during(async (client) => {
    await client.spendBack("kept", 1);
    await client.api("POST", "/beneficiaries", {
      username: "dora",
      firstName: "D",
      lastName: "D",
      emailAddress: "d@example.com",
    });
  });
  await during(async (client) => {
    expect(await client.moved("kept")).toEqual(["debit ben-alice 100 USD settled"]);
    expect(await client.funds("ben-alice")).toBe(99_900);
    expect((await client.api("GET", "/customer/exists?userName=dora")).body.data.isCustomerExists).toBe(true);
    expect((await client.spendBackItem("next", 1)).body.data[0].logTransactionId).toBe(100_002);
  });
});

test("a pending movement goes on where it stood, and how it ended is kept", async () => {
  await during(async (client) => {
    await client.arm("spendback", "pending-then-settled", { lookups: 3 });
    await client.arm("spendback", "late-lookup");
    await client.spendBack("pending");
    await client.spendBack("late");
    for (const reference of ["pending", "late"]) await client.lookUp(reference);
  });
  await during(async (client) => {
    expect((await client.lookUp("pending")).body.data[0].tranStatus).toBe(0);
    expect((await client.lookUp("pending")).body.data[0].tranStatus).toBe(1);
    expect((await client.lookUp("late")).body.data).toEqual([]);
    expect((await client.lookUp("late")).body.data).toHaveLength(1);
  });
  await during(async (client) => {
    expect(await client.moved("pending")).toEqual(["debit ben-alice 10000 USD settled"]);
    expect((await client.lookUp("late")).body.data).toHaveLength(1);
  });
});

test("a kill right after the money moved keeps the movement, though nobody was answered", async () => {
  const server = JSON.stringify(new URL("../../sandbox/server.ts", import.meta.url).href);
  const script = `const { startSandbox } = await import(${server});
    const { url } = await startSandbox({ port: 0, dataDir: ${JSON.stringify(dataDir)} });
    console.log(url);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const client = await new Client(line.toString().trim()).logIn();
  await client.arm("spendback", "timeout-after");
  const lost = client.spendBack("killed").catch(() => "lost");
  await expect.poll(() => client.moved("killed")).toHaveLength(1);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await lost).toBe("lost");
  await during(async (again) => expect(await again.moved("killed")).toEqual(["debit ben-alice 10000 USD settled"]));
});

test.each([
  ["a line without its end", '{"movements":[{"id":"1000'],
  ["an unreadable last line", '{"movements":[{"id":"1000\n'],
])("%s is dropped, and later lines are whole", async (_what, torn) => {
  await during((client) => client.spendBack("whole", 1));
  appendFileSync(journal(), torn);
  await during(async (client) => {
    expect(await client.moved("whole")).toHaveLength(1);
    await client.spendBack("after", 1);
  });
  await during(async (client) => expect(await client.moved("after")).toHaveLength(1));
  for (const line of readFileSync(journal(), "utf8").trimEnd().split("\n")) JSON.parse(line);
});

test("an unreadable line in the middle stops the start instead of losing money silently", async () => {
  writeFileSync(journal(), 'nonsense\n{"movements":[]}\n');
  await expect(startSandbox({ port: 0, dataDir })).rejects.toThrow("unreadable line 1");
});

test("a reset is kept, too", async () => {
  await during(async (client) => {
    await client.spendBack("gone", 1);
    await client.call("POST", "/_sandbox/reset");
    await client.spendBack("new", 1);
  });
  await during(async (client) => {
    expect(await client.moved("gone")).toEqual([]);
    expect(await client.moved("new")).toHaveLength(1);
  });
});

test("a taken port is refused, and the data stays free", async () => {
  const client = await open({ dataDir });
  const port = Number(new URL(client.url).port);
  await expect(startSandbox({ port })).rejects.toThrow("EADDRINUSE");
});
