/** The calls that order something of a whole batch: its start, its end, another try. */
import type { Change } from "../domain/batch-changes.ts";
import type { BatchStore, ChunkStore } from "../store/batches.ts";
import { changeOwnBatch } from "./batch-change.ts";
import { batchAnswer } from "./batch-present.ts";
import type { TotalsDependencies } from "./batch-totals.ts";
import { type WakeDependencies, wakeBatch } from "./batch-wake.ts";
import { batchStore, chunkStore, clock, transactionReader } from "./dependencies.ts";
import type { Answer, Call } from "./endpoint.ts";
import { eventBridgePublisher } from "./event-bridge.ts";

export interface OrderDependencies extends TotalsDependencies, WakeDependencies {
  readonly batches: BatchStore & ChunkStore;
}

/** What is ordered already is answered with the batch as it is. @throws VisibleError not_found, and what the change throws */
export async function orderOfBatch(
  id: string,
  change: Change,
  dependencies: OrderDependencies,
  { tenant }: Pick<Call, "tenant">,
): Promise<Answer> {
  const { batch, changed } = await changeOwnBatch({ id, tenant }, change, dependencies.batches);
  if (changed && batch.dueAt) await wakeBatch(id, dependencies);
  return batchAnswer(202, batch, dependencies);
}

export const orderDependencies = (): OrderDependencies => ({
  batches: { ...batchStore(), ...chunkStore() },
  transactions: transactionReader(),
  events: eventBridgePublisher(),
  now: clock.now,
});
