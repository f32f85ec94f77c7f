/** `batch show`, `watch`, `start`, `cancel`, `retry`: what is done with one batch. */
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { type Batch, type BatchChange, changeBatch, readBatch } from "./api.ts";
import { batchExit, isOver } from "./batch-state.ts";
import { batchText } from "./batch-text.ts";
import { followBatch } from "./follow-batch.ts";

export async function showBatch({ id }: { readonly id: string }, context: Context): Promise<number> {
  show(await readBatch(id, context), context);
  return exitCodes.done;
}

export interface WatchOptions {
  readonly id: string;
  /** Absent: until it is over, however long that takes. */
  readonly waitSeconds: number | undefined;
}

export async function watchBatch({ id, waitSeconds }: WatchOptions, context: Context): Promise<number> {
  const until = waitSeconds === undefined ? {} : { until: new Date(context.now().getTime() + waitSeconds * 1000) };
  const batch = await followBatch({ id, ...until }, context);
  show(batch, context);
  return batchExit(batch);
}

/** Each of these calls is harmless to repeat; its key only has to be there. */
export async function change(id: string, what: BatchChange, context: Context): Promise<number> {
  const batch = await changeBatch(id, what, `cli-${context.newId()}`, context);
  show(batch, context);
  if (!isOver(batch)) context.terminal.note(`To follow it: moneyback batch watch ${batch.id}`);
  return exitCodes.done;
}

function show(batch: Batch, { terminal }: Context): void {
  terminal.show(batch, () => batchText(batch, terminal));
}
