/** `npm start` as a person meets it: a child process that gets ready, speaks, and ends without leaving anything behind. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ping } from "../../local/dynamodb-wire.ts";

const script = new URL("../../local/start.ts", import.meta.url).pathname;
const anyPorts = { PORT: "0", SANDBOX_PORT: "0", AWS_PORT: "0" };

let child: ChildProcess | undefined;
afterEach(() => void child?.kill("SIGKILL"));

function start(env: Record<string, string> = {}) {
  const started = spawn(process.execPath, [script], {
    env: { PATH: process.env["PATH"], ...anyPorts, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child = started;
  const output = { out: "", error: "" };
  started.stdout.setEncoding("utf8").on("data", (text: string) => (output.out += text));
  started.stderr.setEncoding("utf8").on("data", (text: string) => (output.error += text));
  const exit = once(started, "exit") as Promise<[number | null, string | null]>;
  const ready = () => vi.waitFor(() => expect(output.out).toContain("curl -s"), { timeout: 15_000, interval: 20 });
  const addressOf = (what: string) => new RegExp(`${what} +(http://127\\.0\\.0\\.1:\\d+)`).exec(output.out)?.[1] ?? "";
  return { started, output, exit, ready, addressOf };
}

describe("npm start", () => {
  test("gets ready, and the call that it prints works", async () => {
    const { output, ready, exit, started } = start();
    await ready();
    expect(output.out).toContain("mbk_local");
    expect(output.out).toContain("gone when it stops");
    const command = /^ +(curl .*)$/m.exec(output.out)?.[1] ?? "";
    const { stdout } = await promisify(execFile)("sh", ["-c", command]);
    expect(JSON.parse(stdout)).toMatchObject({ kind: "spendback", status: "succeeded" });
    await vi.waitFor(() => expect(output.out).toContain('"event":"task"'));
    started.kill("SIGINT");
    await exit;
  });

  test.each(["SIGINT", "SIGTERM"] as const)("stops everything on %s", async (signal) => {
    const { output, ready, exit, started, addressOf } = start();
    await ready();
    const children = await childrenOf(started.pid);
    expect(children.length).toBeGreaterThan(0);
    const dynamoDb = addressOf("DynamoDB");
    expect(await ping(dynamoDb)).toBe(true);
    started.kill(signal);
    expect(await exit).toEqual([0, null]);
    expect(output.error).toBe("");
    expect(await ping(dynamoDb)).toBe(false);
    await vi.waitFor(() => expect(children.filter(isAlive)).toEqual([]));
  });

  test("leaves nothing behind when it is killed outright", async () => {
    const { ready, exit, started, addressOf } = start();
    await ready();
    const dynamoDb = addressOf("DynamoDB");
    started.kill("SIGKILL");
    await exit;
    await vi.waitFor(async () => expect(await ping(dynamoDb)).toBe(false), { timeout: 15_000 });
  });

  test("takes a Ctrl-C that npm passes on a second time as one", async () => {
    const { output, ready, exit, started } = start();
    await ready();
    started.kill("SIGINT");
    started.kill("SIGINT");
    expect(await exit).toEqual([0, null]);
    expect(output.out).toContain("Stopping.");
  });

  test("may be stopped while it starts", async () => {
    const { exit, started } = start();
    await new Promise((resolve) => setTimeout(resolve, 150));
    started.kill("SIGINT");
    await exit;
    expect(await childrenOf(started.pid)).toEqual([]);
  });

  test.each([
    [{ PORT: "abc" }, /^PORT=abc is no port: .+\n$/],
    [{ MONEYBACK_CONNECTIONS: "{" }, /^MONEYBACK_CONNECTIONS is not valid JSON: .+\n$/],
    [{ DYNAMODB_ENDPOINT: "http://127.0.0.1:1" }, /^No DynamoDB answers at DYNAMODB_ENDPOINT=.+\n$/],
    [
      { MONEYBACK_DATA_DIR: "/dev/null/x" },
      /^MONEYBACK_DATA_DIR=\/dev\/null\/x cannot be used \(it is a file\): .+\n$/,
    ],
  ])("says in one line what is wrong with %j", async (env, line) => {
    const { output, exit } = start(env);
    expect(await exit).toEqual([1, null]);
    expect(output.error).toMatch(line);
    expect(output.out).toBe("");
  });

  test("says in one line that a port is taken, and leaves nothing running", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as { port: number };
    const { output, exit, started } = start({ PORT: String(port) });
    expect(await exit).toEqual([1, null]);
    expect(output.error).toBe(
      `Port ${port} is in use, so the API cannot start: stop what uses it, or set PORT to another port (0 takes any free one).\n`,
    );
    expect(await childrenOf(started.pid)).toEqual([]);
    await new Promise((resolve) => taken.close(resolve));
  });
});

async function childrenOf(pid: number | undefined): Promise<number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-eo", "pid=,ppid="]);
  const rows = stdout
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/).map(Number));
  return rows.filter(([, parent]) => parent === pid).map(([own]) => own ?? 0);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
