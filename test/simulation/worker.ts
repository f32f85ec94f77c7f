/** Runs the seeds that it is given, block after block, in a thread of its own. */
import { parentPort } from "node:worker_threads";
import { simulateBlock } from "./pool.ts";

parentPort?.on("message", async ({ from, count }: { readonly from: number; readonly count: number }) => {
  parentPort?.postMessage(await simulateBlock(from, count));
});
