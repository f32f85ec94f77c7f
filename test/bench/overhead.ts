/** Our own time for one order, against handlers that do one conditional write: the same machine, thread, emulator and minute. */
import type { Kind } from "../../lib/domain/transaction.ts";
import { type ClockedStack, type Reference, references, startClockedStack } from "./clocked-stack.ts";
import type { Clocked } from "./lambda-clock.ts";
import { functionsOf, kinds, type Order, post } from "./orders.ts";
import { median, noiseOfRatio, percentile, rounded } from "./statistics.ts";

/** Rounds before anything is noted: the engine compiles, the connections open. */
const warmUpRounds = 20;

/** How much later than the flow its last line may come. */
const linesMsMax = 10_000;

export interface Overhead {
  /** From the request to the end of the flow, without the provider's time. */
  readonly overheadMsP50: number;
  readonly overheadMsP99: number;
  /** The same over what the bare handler takes, p50 over p50 and p99 over p99. */
  readonly overheadRatioP50: number;
  readonly overheadRatioP99: number;
  /** How far parts of the run disagree on the ratio at p50: 0.05 is ±5 %. */
  readonly noise: number;
  /** From the request to its 202. */
  readonly acceptedRatioP50: number;
  /** Where the time goes, in median milliseconds. */
  readonly phases: Phases;
}

/** `…Ms` of each Lambda without the provider's part; what is left is the gateway, the flow's steps and the way between threads. */
export type Phases = Readonly<
  Record<string, { readonly ownMs: number; readonly tablesMs: number; readonly tableCalls: number }>
>;

interface Run {
  readonly answeredMs: number;
  readonly ownMs: number;
  readonly calls: readonly Clocked[];
}

export interface Overheads {
  readonly kinds: Readonly<Record<Kind, Overhead>>;
  /** Milliseconds and ratios of what is compared with. */
  readonly references: Readonly<
    Record<Reference, { readonly msP50: number; readonly msP99: number; readonly ratioP50: number }>
  >;
}

export async function measureOverhead(rounds: number): Promise<Overheads> {
  await using parts = new AsyncDisposableStack();
  const bench = await startClockedStack();
  parts.defer(() => bench.stop());
  const runs: Record<Kind, Run[]> = { spendback: [], refund: [], cashback: [] };
  const times: Record<Reference, number[]> = { bare: [], middy: [], powertools: [] };
  for (let round = -warmUpRounds; round < rounds; round++) {
    for (const kind of kinds) {
      for (const name of references) {
        const ms = await timeReference(bench, name, `${kind} ${round}`);
        if (round >= 0) times[name].push(ms);
      }
      const run = await runOne(bench, { kind, key: `bench ${round}`, original: `stl-${round}` });
      if (round >= 0) runs[kind].push(run);
    }
  }
  return {
    kinds: {
      spendback: overheadOf(runs.spendback),
      refund: overheadOf(runs.refund),
      cashback: overheadOf(runs.cashback),
    },
    references: {
      bare: referenceOf(times.bare),
      middy: referenceOf(times.middy),
      powertools: referenceOf(times.powertools),
    },
  };

  function overheadOf(of: readonly Run[]): Overhead {
    const own = of.map(({ ownMs }) => ownMs);
    return {
      overheadMsP50: rounded(median(own)),
      overheadMsP99: rounded(percentile(own, 0.99)),
      overheadRatioP50: rounded(median(own) / median(times.bare)),
      overheadRatioP99: rounded(percentile(own, 0.99) / percentile(times.bare, 0.99)),
      noise: rounded(noiseOfRatio(own, times.bare), 3),
      acceptedRatioP50: rounded(median(of.map(({ answeredMs }) => answeredMs)) / median(times.bare)),
      phases: phasesOf(of),
    };
  }

  function referenceOf(ms: readonly number[]) {
    return {
      msP50: rounded(median(ms)),
      msP99: rounded(percentile(ms, 0.99)),
      ratioP50: rounded(median(ms) / median(times.bare)),
    };
  }
}

/** One order, from the request to the end of its flow. */
export async function runOne(bench: ClockedStack, order: Order): Promise<Run> {
  bench.takeClocked();
  const started = performance.now();
  const id = await post(bench.stack.apiUrl, order);
  const answeredMs = performance.now() - started;
  await bench.ended(id);
  const totalMs = performance.now() - started;
  const calls = await callsOf(bench, functionsOf(order.kind));
  const providerMs = calls.reduce((sum, call) => sum + call.providerMs, 0);
  return { answeredMs, ownMs: totalMs - providerMs, calls };
}

/** The lines come through a pipe of their own, perhaps a moment after the flow's end. @throws Error where the order went another way */
async function callsOf(bench: ClockedStack, names: readonly string[]): Promise<readonly Clocked[]> {
  const calls: Clocked[] = [];
  const until = performance.now() + linesMsMax;
  while (names.some((name) => !calls.some((call) => call.function === name))) {
    if (performance.now() > until)
      throw new Error("an order was not brought to its end at once: the machine is too busy");
    calls.push(...bench.takeClocked().filter((call) => names.includes(call.function)));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return calls;
}

async function timeReference({ referencesUrl }: ClockedStack, name: Reference, key: string): Promise<number> {
  const started = performance.now();
  const response = await fetch(`${referencesUrl}/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": `${name} ${key}` },
    body: JSON.stringify({ amount: { value: 1, currency: "USD" } }),
  });
  await response.text();
  if (response.status !== 202) throw new Error(`the reference ${name} was answered ${response.status}`);
  return performance.now() - started;
}

function phasesOf(runs: readonly Run[]): Phases {
  const names = runs[0]?.calls.map((call) => call.function) ?? [];
  const phase = (name: string) => {
    const calls = runs.flatMap((run) => run.calls.filter((call) => call.function === name));
    return {
      ownMs: rounded(median(calls.map((call) => call.ms - call.providerMs))),
      tablesMs: rounded(median(calls.map((call) => call.tablesMs))),
      tableCalls: median(calls.map((call) => call.tableCalls)),
    };
  };
  const between = runs.map((run) => run.ownMs - run.calls.reduce((sum, call) => sum + call.ms - call.providerMs, 0));
  return {
    ...Object.fromEntries(names.map((name) => [name, phase(name)])),
    "between them": { ownMs: rounded(median(between)), tablesMs: 0, tableCalls: 0 },
  };
}
