/** Runs each kind on a metered stack with the sandbox, and counts what it consumes. */
import type { Kind } from "../../lib/domain/transaction.ts";
import { startDynamoDb } from "../../local/dynamodb.ts";
import { type Stack, startStack } from "../../local/stack.ts";
import { startMeteringProxy, type UnitsByPlace } from "./metering-proxy.ts";
import { kinds, type Order, post } from "./orders.ts";

/** What one call from request to outcome consumed. */
export interface Consumption {
  readonly units: UnitsByPlace;
  readonly transitions: number;
  readonly lambdaCalls: Readonly<Record<string, number>>;
  readonly logBytes: number;
  readonly events: number;
}

export interface KindCounts {
  /** The very first one: it logs in, and reads the API key. */
  readonly first: Consumption;
  /** Every later one of the same day; of refunds, the first of its original. */
  readonly later: Consumption;
  /** One more refund of an original of which a part was refunded before. */
  readonly again?: Consumption;
  /** The later one's call repeated. */
  readonly replay: Consumption;
}

export type Counts = Readonly<Record<Kind, KindCounts>>;

export async function countKinds(): Promise<Counts> {
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
  const counted = async (order: Order): Promise<Consumption> => {
    proxy.take();
    const before = { ...stack.host.invocations() };
    const transitions = stack.flow.transitions();
    const events = stack.bus.recent().length;
    const bytes = logBytes;
    await post(stack.apiUrl, order);
    await stack.flow.idle();
    await Promise.all(stack.streams.map((stream) => stream.idle()));
    return {
      units: proxy.take(),
      transitions: stack.flow.transitions() - transitions,
      lambdaCalls: difference(stack.host.invocations(), before),
      logBytes: logBytes - bytes,
      events: stack.bus.recent().length - events,
    };
  };
  try {
    const counts: Partial<Record<Kind, KindCounts>> = {};
    for (const kind of kinds) {
      const first = await counted({ kind, key: `${kind} 1`, original: "stl-big" });
      const later = await counted({ kind, key: `${kind} 2`, original: "stl-100" });
      const again = kind === "refund" && (await counted({ kind, key: `${kind} 3`, original: "stl-100" }));
      const replay = await counted({ kind, key: `${kind} 2`, original: "stl-100" });
      counts[kind] = { first, later, ...(again && { again }), replay };
    }
    await expectAllMoved(stack);
    return counts as Counts;
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

/** A transaction that failed early would be cheap. */
async function expectAllMoved({ bus }: Stack): Promise<void> {
  const types = bus.recent().map((event) => event["detail-type"]);
  const ended = types.filter((type) => /\.(failed|needs_review)$/.test(type));
  if (ended.length > 0) throw new Error(`not every order succeeded: ${ended.join(", ")}`);
}

function difference(after: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>) {
  return Object.fromEntries(
    Object.entries(after)
      .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
}
