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
  stack = await startStack({ ...anyPorts, clock: false, webhooks: false, ...options });
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
    const first = await startStack({ ...anyPorts, clock: false, webhooks: false, dataDir });
    const { id } = await spendBack(first, "one");
    await first.stop();
    const second = await start({ dataDir });
    expect(await spendBack(second, "one")).toMatchObject({ id, status: "succeeded" });
    expect(second.flow.executions()).toEqual([]);
  });
});

describe("the sandbox's webhooks", () => {
  const webhooks = async ({ sandboxUrl }: Stack) => {
    const response = await fetch(`${sandboxUrl}/_sandbox/webhooks`);
    return (await response.json()) as { receivers: { provider: string }[]; deliveries: { provider: string }[] };
  };

  test("come to the API, one address for each connection, and their signatures hold there", async () => {
    const running = await start({ webhooks: true });
    const { receivers } = await webhooks(running);
    expect(receivers).toContainEqual({
      provider: "ipayout",
      url: `${running.apiUrl}/v1/webhooks/ipayout`,
      isSigned: true,
    });
    const senders = new Set(receivers.map(({ provider }) => provider));
    for (const { provider, kind, body } of running.sandbox.tour.filter((stop) => senders.has(stop.provider))) {
      await fetch(`${running.apiUrl}/v1/${kind}s`, {
        method: "POST",
        headers: { authorization: "Bearer mbk_local", "idempotency-key": provider, prefer: "wait=10" },
        body: JSON.stringify({ connection: provider, ...body }),
      });
    }
    await expect
      .poll(async () => {
        const { deliveries } = await webhooks(running);
        return new Set(deliveries.map(({ provider }) => provider));
      })
      .toEqual(senders);
    await expect
      .poll(async () => (await webhooks(running)).deliveries)
      .not.toContainEqual(expect.objectContaining({ status: "sending" }));
    for (const delivery of (await webhooks(running)).deliveries) {
      expect(delivery).toMatchObject({ attempts: 1, status: "delivered", answer: 200 });
    }
  });

  test("are not sent where they are switched off, or the connections are somebody's own", async () => {
    expect(await webhooks(await start())).toEqual({ receivers: [], deliveries: [] });
    await stack?.stop();
    expect(await webhooks(await start({ webhooks: true, connections: "[]" }))).toEqual({
      receivers: [],
      deliveries: [],
    });
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
