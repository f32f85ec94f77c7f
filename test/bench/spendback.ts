/** Runs spendbacks on a metered stack and counts what each consumes. */
import { startDynamoDb } from "../../local/dynamodb.ts";
import { localApiKey, type Stack, startStack } from "../../local/stack.ts";
import { startMeteringProxy, type UnitsByPlace } from "./metering-proxy.ts";

/** What one call from request to outcome consumed. */
export interface Consumption {
  readonly units: UnitsByPlace;
  readonly transitions: number;
  readonly lambdaCalls: Readonly<Record<string, number>>;
  readonly logBytes: number;
  readonly events: number;
}

export interface SpendbackCounts {
  /** The very first one: it logs in. */
  readonly first: Consumption;
  /** Every later one of the same day. */
  readonly later: Consumption;
  /** The later one's call repeated. */
  readonly replay: Consumption;
}

export async function countSpendback(): Promise<SpendbackCounts> {
  const emulator = await startDynamoDb();
  const proxy = await startMeteringProxy(emulator.endpoint, "moneyback-local-");
  let logBytes = 0;
  const stack = await startStack({
    port: 0,
    sandboxPort: 0,
    awsPort: 0,
    dynamoDbEndpoint: proxy.url,
    clock: false,
    // What a provider sends by itself is counted by nobody here.
    webhooks: false,
    // The line of a whole flow is the local stack's own; Lambdas print the others.
    onLog: (line) => {
      if (!line.includes('"event":"flow"')) logBytes += Buffer.byteLength(line) + 1;
    },
  });
  const connection = await firstConnection(stack);
  const counted = async (key: string): Promise<Consumption> => {
    proxy.take();
    const before = { ...stack.host.invocations() };
    const transitions = stack.flow.transitions();
    const events = stack.bus.recent().length;
    const bytes = logBytes;
    await spendback(stack, connection, key);
    await stack.flow.idle();
    const units = proxy.take();
    await settled(() => stack.bus.recent().length);
    return {
      units,
      transitions: stack.flow.transitions() - transitions,
      lambdaCalls: difference(stack.host.invocations(), before),
      logBytes: logBytes - bytes,
      events: stack.bus.recent().length - events,
    };
  };
  try {
    return { first: await counted("first"), later: await counted("later"), replay: await counted("later") };
  } finally {
    await stack.stop();
    await proxy.close();
    await emulator.stop();
  }
}

/** What moving the money consumed: the events out read whom they are for, once for each batch of the stream. */
export function movingUnits({ units }: Consumption): UnitsByPlace {
  return Object.fromEntries(Object.entries(units).filter(([place]) => !place.startsWith("Webhooks")));
}

/** Sums over all tables and indexes. */
export function total(units: UnitsByPlace): { write: number; read: number } {
  return Object.values(units).reduce((sum, { write, read }) => ({ write: sum.write + write, read: sum.read + read }), {
    write: 0,
    read: 0,
  });
}

/** Without `Prefer: wait`, whose reads are the caller's choice. */
async function spendback({ apiUrl }: Stack, connection: string, key: string): Promise<void> {
  const response = await fetch(`${apiUrl}/v1/spendbacks`, {
    method: "POST",
    headers: { authorization: `Bearer ${localApiKey}`, "idempotency-key": key, "content-type": "application/json" },
    body: JSON.stringify({
      connection,
      recipient: { id: "ben-alice", email: "alice@example.com" },
      amount: { value: 1_000, currency: "USD" },
      description: "Commission of October, taken back",
      metadata: { order: "A-2026-1007", reason: "returned" },
    }),
  });
  if (response.status !== 202) throw new Error(`the spendback was answered ${response.status}`);
}

async function firstConnection({ apiUrl }: Stack): Promise<string> {
  const { connections } = (await (await fetch(`${apiUrl}/v1/health`)).json()) as { connections: { id: string }[] };
  if (!connections[0]) throw new Error("the local stack has no connection");
  return connections[0].id;
}

/** Waits until a count has stopped growing: the stream delivers a moment later. */
async function settled(count: () => number): Promise<void> {
  for (let last = -1, same = 0; same < 4; ) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    same = count() === last ? same + 1 : 0;
    last = count();
  }
}

function difference(after: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>) {
  return Object.fromEntries(
    Object.entries(after)
      .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
}
