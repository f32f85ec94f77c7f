/** A hot merchant: 64 callers at once for one tenant, one connection and one original, against as many originals as refunds. */
import { type ClockedStack, startClockedStack } from "./clocked-stack.ts";
import { rateOf } from "./emulator-writes.ts";
import { holdUnits } from "./hold-units.ts";
import { post } from "./orders.ts";
import { median, noise, rounded } from "./statistics.ts";

const callers = 64;

const holdsMeasured = [1, 10, 100, 1_000] as const;

export interface HotMerchant {
  readonly callers: number;
  /** Refunds of the one original, in all rounds together. */
  readonly refunds: number;
  /** Refunds a second from request to their end, all of one original. */
  readonly perSecond: number;
  /** The same, each of its own original. */
  readonly spreadPerSecond: number;
  /** Hot over spread: 1 is as fast. */
  readonly ratio: number;
  readonly noise: number;
  /** The hot rate of the last round over the first one's: below 1 it slows down with what went before. */
  readonly lastOverFirst: number;
  /** Write units of the nth hold on the one original. */
  readonly holdUnits: Readonly<Record<string, number>>;
}

export async function measureHotMerchant(rounds: number, refunds: number): Promise<HotMerchant> {
  await using parts = new AsyncDisposableStack();
  const bench = await startClockedStack();
  parts.defer(() => bench.stop());
  await refund(bench, "warm up", 64, () => "stl-warm");
  const hot: number[] = [];
  const spread: number[] = [];
  for (let round = 0; round < rounds; round++) {
    hot.push(await refund(bench, `hot ${round}`, refunds, () => "stl-hot"));
    spread.push(await refund(bench, `spread ${round}`, refunds, (place) => `stl-${round}-${place}`));
  }
  const ratios = hot.map((rate, round) => rate / (spread[round] ?? Number.NaN));
  return {
    callers,
    refunds: rounds * refunds,
    perSecond: rounded(median(hot), 0),
    spreadPerSecond: rounded(median(spread), 0),
    ratio: rounded(median(ratios)),
    noise: rounded(noise(ratios), 3),
    lastOverFirst: rounded((hot.at(-1) ?? Number.NaN) / (hot[0] ?? Number.NaN)),
    holdUnits: await holdUnits(holdsMeasured),
  };
}

/** Refunds a second, from the first request to the end of the last flow. @throws Error where one did not move */
async function refund(
  { stack, endings, takeClocked }: ClockedStack,
  name: string,
  count: number,
  originalOf: (place: number) => string,
) {
  const before = endings();
  const started = performance.now();
  await rateOf(count, callers, async (place) => {
    await post(stack.apiUrl, { kind: "refund", key: `${name} ${place}`, original: originalOf(place) });
  });
  await stack.flow.idle();
  const seconds = (performance.now() - started) / 1_000;
  await Promise.all(stack.streams.map((stream) => stream.idle()));
  takeClocked();
  // More, where a call was repeated.
  if (endings() - before < count) throw new Error(`${endings() - before} of ${count} flows ended`);
  return count / seconds;
}
