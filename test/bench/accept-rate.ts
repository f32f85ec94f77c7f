/** How many spendbacks a second are accepted, and how many brought to their end, against the emulator's own writes a second. */
import { type ClockedStack, startClockedStack } from "./clocked-stack.ts";
import { emulatorWrites, rateOf } from "./emulator-writes.ts";
import { post } from "./orders.ts";
import { median, noise, rounded } from "./statistics.ts";

const concurrencies = [1, 16, 64] as const;

/** Calls in each round, by concurrency: enough for a second or two. */
const callsOf = { 1: 60, 16: 240, 64: 320 } as const;

export interface AcceptRate {
  readonly concurrency: number;
  /** Transactions a second that are answered 202, their flows running beside. */
  readonly acceptedPerSecond: number;
  /** Transactions a second that reach their end, from the first call to the end of the last flow. */
  readonly finishedPerSecond: number;
  /** The emulator's own: single conditional writes a second at this concurrency. */
  readonly writesPerSecond: number;
  /** Accepted over written. Two writes and the start of a flow stand behind each accepted one. */
  readonly ratio: number;
  readonly noise: number;
}

export async function measureAcceptRate(rounds: number): Promise<readonly AcceptRate[]> {
  await using parts = new AsyncDisposableStack();
  const bench = await startClockedStack();
  parts.defer(() => bench.stop());
  const writes = emulatorWrites(bench.stack.dynamoDbEndpoint);
  parts.defer(() => writes.close());
  await finishedAndAccepted(bench, "warm up", 100, 16);
  await writes.rate(500, 16);

  const measured = new Map(
    concurrencies.map((one) => [one, [] as { accepted: number; finished: number; written: number }[]]),
  );
  for (let round = 0; round < rounds; round++) {
    for (const concurrency of concurrencies) {
      const calls = callsOf[concurrency];
      const written = await writes.rate(calls * 2, concurrency);
      const { accepted, finished } = await finishedAndAccepted(bench, `${round} ${concurrency}`, calls, concurrency);
      measured.get(concurrency)?.push({ accepted, finished, written });
    }
  }
  return [...measured].map(([concurrency, all]) => ({
    concurrency,
    acceptedPerSecond: rounded(median(all.map(({ accepted }) => accepted)), 0),
    finishedPerSecond: rounded(median(all.map(({ finished }) => finished)), 0),
    writesPerSecond: rounded(median(all.map(({ written }) => written)), 0),
    ratio: rounded(median(all.map(({ accepted, written }) => accepted / written))),
    noise: rounded(noise(all.map(({ accepted, written }) => accepted / written)), 3),
  }));
}

async function finishedAndAccepted(bench: ClockedStack, name: string, calls: number, concurrency: number) {
  const { apiUrl, flow } = bench.stack;
  const ended = bench.endings();
  const started = performance.now();
  const accepted = await rateOf(calls, concurrency, async (place) => {
    await post(apiUrl, { kind: "spendback", key: `${name} ${place}` });
  });
  await flow.idle();
  const finished = (bench.endings() - ended) / ((performance.now() - started) / 1_000);
  // What the streams tell afterwards is not the next round's.
  await Promise.all(bench.stack.streams.map((stream) => stream.idle()));
  bench.takeClocked();
  return { accepted, finished };
}
