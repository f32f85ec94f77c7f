/** Many runs on several threads, which take the seeds in blocks. */
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { simulate } from "./simulate.ts";
import { addRun, addTally, emptyTally, type Tally } from "./tally.ts";

/** Small enough that no thread is idle for long at the end. */
const blockSize = 50;

/** A run leaves much behind and keeps nothing: with room for it, it is swept seldom. */
const resourceLimits = { maxYoungGenerationSizeMb: 128 };

export interface Batch {
  readonly from: number;
  readonly runs: number;
  readonly workers?: number;
}

export async function simulateMany({ from, runs, workers = availableParallelism() }: Batch): Promise<Tally> {
  // Where there is one, it is this thread: another would only have to load everything once more.
  if (workers === 1) return await simulateBlock(from, runs);
  const tally = emptyTally();
  let next = from;
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { resourceLimits });
    try {
      while (next < from + runs) {
        const count = Math.min(blockSize, from + runs - next);
        worker.postMessage({ from: next, count });
        next += count;
        const [done] = (await once(worker, "message")) as [Tally];
        addTally(tally, done);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  tally.violations.sort((one, other) => one.seed - other.seed);
  return tally;
}

/** These seeds, one after the other, in this thread. */
export async function simulateBlock(from: number, count: number): Promise<Tally> {
  const tally = emptyTally();
  for (let seed = from; seed < from + count; seed++) addRun(tally, await simulate(seed));
  return tally;
}
