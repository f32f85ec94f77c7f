/** Follows a batch until it is over, and shows how far it is. */
import type { Context } from "../context.ts";
import { type Batch, readBatch } from "./api.ts";
import { isOver } from "./batch-state.ts";
import { patiently } from "./patience.ts";
import { progressOf } from "./progress.ts";

/** Waits between looks: a small batch is done within a second, a large one takes hours. */
const firstLookMs = 250;
const lookMsMax = 2_000;
const slowdown = 1.5;

export interface BatchFollowing {
  readonly id: string;
  /** What is known of it already. */
  readonly known?: Batch;
  /** Ends at this time, over or not; absent: only when it is over. */
  readonly until?: Date;
}

/** The batch as it was seen last. @throws CommandError where it cannot be read for longer than a minute */
export async function followBatch({ id, known, until }: BatchFollowing, context: Context): Promise<Batch> {
  const { terminal, now, sleep, partWith } = context;
  const progress = progressOf(context);
  let batch = known ?? (await readBatch(id, context));
  partWith(`The batch goes on: moneyback batch watch ${id}`);
  for (let pauseMs = firstLookMs; ; pauseMs = Math.min(pauseMs * slowdown, lookMsMax)) {
    progress.show(batch);
    const leftMs = until ? until.getTime() - now().getTime() : Number.POSITIVE_INFINITY;
    if (isOver(batch) || leftMs <= 0 || terminal.isClosed()) return batch;
    await sleep(Math.min(pauseMs, leftMs));
    batch = await patiently(() => readBatch(id, context), context);
  }
}
