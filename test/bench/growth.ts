/** Whether a transaction takes longer where many are stored: the same orders on a small table and on a large one, in turns. */
import { localApiKey } from "../../local/stack.ts";
import { type ClockedStack, startClockedStack } from "./clocked-stack.ts";
import { runOne } from "./overhead.ts";
import { median, noiseOfRatio, rounded } from "./statistics.ts";
import { startWithTransactions } from "./stored-transactions.ts";

const warmUpRounds = 15;

export interface Growth {
  readonly stored: readonly [number, number];
  /** Our own milliseconds for a spendback, p50. */
  readonly overheadMsP50: readonly [number, number];
  /** Many over few: 1.1 is 10 % longer. */
  readonly ratio: number;
  readonly noise: number;
  /** The same of `GET /v1/transactions`, the first page. */
  readonly listRatio: number;
}

export async function measureGrowth(few: number, many: number, rounds: number): Promise<Growth> {
  await using parts = new AsyncDisposableStack();
  const open = async (stored: number) => {
    const { endpoint, stop } = await startWithTransactions(stored);
    parts.defer(stop);
    const bench = await startClockedStack({ dynamoDbEndpoint: endpoint });
    parts.defer(() => bench.stop());
    return { bench, ownMs: [] as number[], listMs: [] as number[] };
  };
  const small = await open(few);
  const large = await open(many);
  for (let round = -warmUpRounds; round < rounds; round++) {
    // Each goes first as often as the other.
    for (const one of round % 2 === 0 ? [small, large] : [large, small]) {
      const { ownMs } = await runOne(one.bench, { kind: "spendback", key: `bench ${round}` });
      const listMs = await timeList(one.bench);
      if (round < 0) continue;
      one.ownMs.push(ownMs);
      one.listMs.push(listMs);
    }
  }
  return {
    stored: [few, many],
    overheadMsP50: [rounded(median(small.ownMs)), rounded(median(large.ownMs))],
    ratio: rounded(median(large.ownMs) / median(small.ownMs), 3),
    noise: rounded(noiseOfRatio(large.ownMs, small.ownMs), 3),
    listRatio: rounded(median(large.listMs) / median(small.listMs), 3),
  };
}

async function timeList({ stack }: ClockedStack): Promise<number> {
  const started = performance.now();
  const response = await fetch(`${stack.apiUrl}/v1/transactions?limit=20`, {
    headers: { authorization: `Bearer ${localApiKey}` },
  });
  const { items } = (await response.json()) as { items: unknown[] };
  if (items.length !== 20) throw new Error(`the list has ${items.length} items`);
  return performance.now() - started;
}
