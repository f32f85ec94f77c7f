/** Runs the seeds that it is given, block after block, in a thread of its own. */
import { parentPort } from "node:worker_threads";
import { simulate } from "./simulate.ts";
import { addRun, emptyTally } from "./tally.ts";

parentPort?.on("message", async ({ from, count }: { readonly from: number; readonly count: number }) => {
  const tally = emptyTally();
  for (let seed = from; seed < from + count; seed++) addRun(tally, await simulate(seed));
  parentPort?.postMessage(tally);
});
