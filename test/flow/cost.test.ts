/** What a transaction says it consumed, against what a proxy before the database, the Lambda host and the flow runner counted. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoTransactions } from "../../lib/store/dynamodb-transactions.ts";
import { localDynamoDbClient, physicalName } from "../../local/create-tables.ts";
import { startDynamoDb } from "../../local/dynamodb.ts";
import { localApiKey, type Stack, startStack } from "../../local/stack.ts";
import { startMeteringProxy } from "../bench/metering-proxy.ts";
import { sample } from "../store/sample.ts";

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly cost: Readonly<Record<string, number>> & { readonly dollars: string; readonly pricesOf: string };
}

/** These run after the last write, for whoever listens. */
const listeners = new Set(["publish-events", "record-webhooks", "deliver-webhooks"]);

const usd = (value: number) => ({ value, currency: "USD" });
const alice = { connection: "ipayout", recipient: { id: "ben-alice" }, amount: usd(100) };
const ipayoutSpendback = { provider: "ipayout", operation: "spendback", times: 1 };

describe("on the whole stack, the cost of", () => {
  const parts = new AsyncDisposableStack();
  let stack: Stack;
  let proxy: Awaited<ReturnType<typeof startMeteringProxy>>;
  let keys = 0;

  beforeAll(async () => {
    const emulator = await startDynamoDb();
    parts.defer(() => emulator.stop());
    proxy = await startMeteringProxy(emulator.endpoint, "moneyback-local-");
    parts.defer(() => proxy.close());
    stack = await startStack({
      port: 0,
      sandboxPort: 0,
      awsPort: 0,
      dynamoDbEndpoint: proxy.url,
      clock: false,
      webhooks: false,
      onLog: () => {},
    });
    parts.defer(() => stack.stop());
    await post("spendbacks", alice);
    await stack.flow.idle();
  });
  afterAll(() => parts.disposeAsync());

  const headers = { authorization: `Bearer ${localApiKey}`, "content-type": "application/json" };
  const read = async (path: string) => (await fetch(`${stack.apiUrl}/v1/${path}`, { headers })).json();
  const post = async (path: string, body: object, key = `key-${++keys}`): Promise<Shown> => {
    const call = { method: "POST", headers: { ...headers, "idempotency-key": key }, body: JSON.stringify(body) };
    return (await (await fetch(`${stack.apiUrl}/v1/${path}`, call)).json()) as Shown;
  };

  /** What the outside saw of one order, and what the transaction says. */
  async function measured(path: string, body: object, fault?: object) {
    if (fault) await fetch(`${stack.sandboxUrl}/_sandbox/faults`, { method: "POST", body: JSON.stringify(fault) });
    return measuredOf(async () => (await post(path, body)).id);
  }

  /** The same, however the order comes in. */
  async function measuredOf(order: () => Promise<string>) {
    proxy.take();
    const callsBefore = callsOf(stack);
    const transitions = stack.flow.transitions();
    const id = await order();
    await stack.flow.idle();
    const units = Object.entries(proxy.take()).filter(([place]) => !place.startsWith("Webhooks"));
    const outside = {
      writeUnits: units.reduce((sum, [, { write }]) => sum + write, 0),
      readUnits: units.reduce((sum, [, one]) => sum + one.read, 0),
      lambdaCalls: callsOf(stack) - callsBefore,
      transitions: stack.flow.transitions() - transitions,
      apiCalls: 1,
      flows: 1,
    };
    const shown = (await read(`transactions/${id}`)) as Shown;
    return { outside, shown };
  }

  const cases: Readonly<Record<string, readonly [path: string, body: object, status: string, fault?: object]>> = {
    "a spendback": ["spendbacks", alice, "succeeded"],
    "one that is answered late": [
      "spendbacks",
      { connection: "nexio", recipient: { id: "137241" }, amount: usd(100) },
      "succeeded",
    ],
    "one whose answer was lost": ["spendbacks", alice, "succeeded", { ...ipayoutSpendback, fault: "reset-after" }],
    "one that was refused for its rate, and tried again": [
      "spendbacks",
      alice,
      "succeeded",
      { ...ipayoutSpendback, fault: "rate-limit" },
    ],
    "one that is not covered": [
      "spendbacks",
      { ...alice, recipient: { id: "ben-bob" }, amount: usd(9_000_000) },
      "failed",
    ],
    "one whose item has more than a kilobyte": [
      "spendbacks",
      { ...alice, description: "d".repeat(200), metadata: { a: "a".repeat(200), b: "b".repeat(200) } },
      "succeeded",
    ],
    "a refund": ["refunds", { connection: "paysafe", original: "stl-100", amount: usd(100) }, "succeeded"],
    "a refund of the rest": ["refunds", { connection: "paysafe", original: "stl-5500" }, "succeeded"],
    "a cashback": [
      "cashbacks",
      {
        connection: "sipay",
        receiver: { walletNumber: "637606074" },
        amount: { value: 100, currency: "TRY" },
      },
      "succeeded",
    ],
  };

  test.each(Object.entries(cases))("%s is what was counted outside", async (_name, [path, body, status, fault]) => {
    const { outside, shown } = await measured(path, body, fault);
    expect(shown.status).toBe(status);
    expect(shown.cost).toMatchObject(outside);
    // A meter that counts nothing at either end would agree, too.
    expect(outside.writeUnits).toBeGreaterThan(4);
    expect(Number(shown.cost.dollars)).toBeGreaterThan(0.000_006);
    expect(Number(shown.cost.dollars)).toBeLessThan(0.001);
    expect(shown.cost["lambdaMs"]).toBeGreaterThan(0);
    expect(shown.cost["flowMs"]).toBeGreaterThan(0);
  });

  test("a refund where one is made at a time is less by the unit that passes the turn on, after the last write", async () => {
    const account = { accountNumber: "alice-try" };
    const order = { connection: "mircate", original: "spent-100", account, amount: { value: 100, currency: "TRY" } };
    const { outside, shown } = await measured("refunds", order);
    expect(shown.status).toBe("succeeded");
    expect(shown.cost).toMatchObject({ ...outside, writeUnits: outside.writeUnits - 1 });
  });

  test("an order that an event asks for has everything but the call", async () => {
    const { outside, shown } = await measuredOf(async () => {
      const detail = { tenant: "local", key: "by-event", ...alice };
      const event = { id: "e-1", source: "shop", "detail-type": "spendback.requested", detail };
      const accepted = await stack.host.invoke("accept-event", event);
      return (accepted as { transactionId: string }).transactionId;
    });
    expect(shown.status).toBe("succeeded");
    expect(shown.cost).toMatchObject({ ...outside, apiCalls: 0 });
  });

  test("what follow-up takes up has its changes and its flow, but not the schedule's run, which is for all", async () => {
    const client = localDynamoDbClient(proxy.url);
    const begun = sample("local", 0, { recipient: { id: "ben-alice" }, createdAt: new Date().toISOString() });
    await dynamoTransactions(client, physicalName("Transactions")).create(begun);
    client.destroy();
    const { outside, shown } = await measuredOf(async () => {
      await stack.host.invoke("follow-up", {});
      return begun.id;
    });
    expect(shown.status).toBe("succeeded");
    const { writeUnits, transitions, flows } = outside;
    expect(shown.cost).toMatchObject({
      writeUnits,
      transitions,
      flows,
      lambdaCalls: outside.lambdaCalls - 1,
      apiCalls: 0,
    });
    // The transaction itself; and then the claim's and the breaker's reads of the flow, whose session is remembered.
    expect(shown.cost["readUnits"]).toBeGreaterThan(2);
    expect(shown.cost["readUnits"]).toBeLessThan(outside.readUnits);
  });

  test("a transaction is not raised by a repeat, nor by reading it", async () => {
    const first = await post("spendbacks", alice, "repeated");
    await stack.flow.idle();
    const { cost } = (await read(`transactions/${first.id}`)) as Shown;
    await post("spendbacks", alice, "repeated");
    await read(`transactions/${first.id}`);
    await stack.flow.idle();
    expect(((await read(`transactions/${first.id}`)) as Shown).cost).toEqual(cost);
  });

  test("a lookup that waits is the flow's time, too", async () => {
    const { shown } = await measured("spendbacks", alice, { ...ipayoutSpendback, fault: "reset-after" });
    expect(shown.cost["flowMs"]).toBeGreaterThanOrEqual(1_000);
  });

  test("a month is that of its transactions", async () => {
    const { items } = (await read("transactions?limit=100")) as { items: (Shown & { createdAt: string })[] };
    const month = items[0]?.createdAt.slice(0, 7) ?? "";
    const usage = (await read(`usage?month=${month}`)) as {
      transactions: Record<string, number>;
      byStatus: Record<string, number>;
      moved: Record<string, number>;
      cost: Record<string, unknown>;
    };
    expect(items.length).toBeGreaterThan(10);
    expect(Object.values(usage.transactions).reduce((sum, one) => sum + one, 0)).toBe(items.length);
    expect(usage.byStatus).toMatchObject({
      succeeded: items.filter(({ status }) => status === "succeeded").length,
      failed: items.filter(({ status }) => status === "failed").length,
    });
    expect(usage.cost).toMatchObject({
      writeUnits: items.reduce((sum, { cost }) => sum + (cost["writeUnits"] ?? 0), 0),
      readUnits: items.reduce((sum, { cost }) => sum + (cost["readUnits"] ?? 0), 0),
      lambdaCalls: items.reduce((sum, { cost }) => sum + (cost["lambdaCalls"] ?? 0), 0),
    });
  });
});

function callsOf({ host }: Stack): number {
  return Object.entries(host.invocations())
    .filter(([name]) => !listeners.has(name))
    .reduce((sum, [, count]) => sum + count, 0);
}
