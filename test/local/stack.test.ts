/** The whole stack: a spendback through every part of it, crashes and restarts included. */
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type Stack, type StackOptions, startStack } from "../../local/stack.ts";

let stack: Stack | undefined;
afterEach(() => stack?.stop());

const anyPorts = { port: 0, sandboxPort: 0, awsPort: 0 };

async function start(options: StackOptions = {}): Promise<Stack> {
  stack = await startStack({ ...anyPorts, clock: false, ...options });
  return stack;
}

async function spendBack({ apiUrl }: Stack, key: string): Promise<{ id: string; status: string }> {
  const response = await fetch(`${apiUrl}/v1/spendbacks`, {
    method: "POST",
    headers: {
      authorization: "Bearer mbk_local",
      "idempotency-key": key,
      prefer: "wait=10",
      "content-type": "application/json",
    },
    body: JSON.stringify({
      connection: "ipayout",
      recipient: { id: "ben-alice" },
      amount: { value: 10_000, currency: "USD" },
    }),
  });
  return (await response.json()) as { id: string; status: string };
}

describe("the stack", () => {
  test("sends money back, by the same flow, functions and tables as in AWS", async () => {
    const running = await start();
    const transaction = await spendBack(running, "one");
    expect(transaction.status).toBe("succeeded");
    await running.flow.idle();
    expect(running.flow.executions()).toMatchObject([{ status: "SUCCEEDED" }]);
    expect(running.host.invocations()).toMatchObject({ authorize: 1, "create-spendback": 1, "submit-spendback": 1 });
    expect(running.dynamoDbKind).toBeTruthy();
  });

  test("hands each change to the stream's function", async () => {
    const running = await start();
    await spendBack(running, "one");
    for (const reader of running.streams) await reader.idle();
    expect(running.host.invocations()["publish-events"]).toBeGreaterThan(0);
  });

  test("works on after its Lambdas crashed", async () => {
    const running = await start();
    await running.host.crash();
    expect((await spendBack(running, "one")).status).toBe("succeeded");
  });

  test("fires its schedules on demand", async () => {
    const running = await start();
    expect(await running.clock.fire("follow-up")).toBe(true);
    expect(running.host.invocations()["follow-up"]).toBe(1);
  });

  test("knows a transaction again after a restart on the same data", async () => {
    const dataDir = join(await mkdtemp(join(tmpdir(), "moneyback-stack-")), "new");
    const first = await startStack({ ...anyPorts, clock: false, dataDir });
    const { id } = await spendBack(first, "one");
    await first.stop();
    const second = await start({ dataDir });
    expect(await spendBack(second, "one")).toMatchObject({ id, status: "succeeded" });
    expect(second.flow.executions()).toEqual([]);
  });
});

describe("a start that fails", () => {
  test.each([
    ["port", "the API", "PORT"],
    ["sandboxPort", "the sandbox", "SANDBOX_PORT"],
    ["awsPort", "the AWS endpoint", "AWS_PORT"],
  ] as const)("for a taken %s says so in one line", async (option, what, variable) => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const address = taken.address();
    const port = typeof address === "object" && address ? address.port : 0;
    await expect(start({ [option]: port })).rejects.toThrow(
      `Port ${port} is in use, so ${what} cannot start: stop what uses it, or set ${variable} to another port (0 takes any free one).`,
    );
    await new Promise((resolve) => taken.close(resolve));
  });

  test("for a folder that another run holds says so", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "moneyback-stack-"));
    await start({ dataDir });
    await expect(startStack({ ...anyPorts, dataDir })).rejects.toThrow(
      `The data in ${dataDir} is in use by process ${process.pid}: stop it, or set MONEYBACK_DATA_DIR elsewhere.`,
    );
  });

  test("for malformed connections says so before anything runs", async () => {
    await expect(start({ connections: "{" })).rejects.toThrow("MONEYBACK_CONNECTIONS is not valid JSON");
  });
});
