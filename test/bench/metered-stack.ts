/** The local stack with the sandbox, behind a meter: what it consumes while something is done. */
import { startDynamoDb } from "../../local/dynamodb.ts";
import { type Stack, startStack } from "../../local/stack.ts";
import { startMeteringProxy, type UnitsByPlace } from "./metering-proxy.ts";

export interface Consumption {
  readonly apiCalls: number;
  readonly units: UnitsByPlace;
  readonly flows: number;
  readonly transitions: number;
  readonly lambdaCalls: Readonly<Record<string, number>>;
  readonly logBytes: number;
  readonly events: number;
}

export interface MeteredStack {
  readonly stack: Stack;
  /** What is consumed until everything that `run` set going has ended, the streams' consumers included. */
  consumed(apiCalls: number, run: () => Promise<void>): Promise<Consumption>;
  stop(): Promise<void>;
}

export async function startMeteredStack(): Promise<MeteredStack> {
  await using starting = new AsyncDisposableStack();
  const emulator = await startDynamoDb();
  starting.defer(() => emulator.stop());
  const proxy = await startMeteringProxy(emulator.endpoint, "moneyback-local-");
  starting.defer(() => proxy.close());
  let logBytes = 0;
  let flows = 0;
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
      if (line.includes('"event":"flow"')) flows += 1;
      else logBytes += Buffer.byteLength(line) + 1;
    },
  });
  starting.defer(() => stack.stop());
  const now = () => ({
    calls: { ...stack.host.invocations() },
    transitions: stack.flow.transitions(),
    events: stack.bus.recent().length,
    logBytes,
    flows,
  });
  const started = starting.move();
  return {
    stack,
    async consumed(apiCalls, run) {
      proxy.take();
      const before = now();
      await run();
      await stack.flow.idle();
      await Promise.all(stack.streams.map((stream) => stream.idle()));
      const after = now();
      return {
        apiCalls,
        units: proxy.take(),
        flows: after.flows - before.flows,
        transitions: after.transitions - before.transitions,
        lambdaCalls: difference(after.calls, before.calls),
        logBytes: after.logBytes - before.logBytes,
        events: after.events - before.events,
      };
    },
    stop: () => started.disposeAsync(),
  };
}

/** What moving the money consumed: the events out read whom they are for, once for each batch of the stream. */
export function movingUnits({ units }: Pick<Consumption, "units">): UnitsByPlace {
  return Object.fromEntries(Object.entries(units).filter(([place]) => !place.startsWith("Webhooks")));
}

/** Sums over all tables and indexes. */
export function total(units: UnitsByPlace): { write: number; read: number } {
  return Object.values(units).reduce((sum, { write, read }) => ({ write: sum.write + write, read: sum.read + read }), {
    write: 0,
    read: 0,
  });
}

function difference(after: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>) {
  return Object.fromEntries(
    Object.entries(after)
      .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
}
