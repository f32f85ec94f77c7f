/** Goes through a chunk of a batch that is canceled: what was not sent ends, and what was not made is made as canceled. */
import type { Batch, ChunkPlace } from "../domain/batch.ts";
import { type Chunk, rowTransactionId } from "../domain/batch-chunk.ts";
import {
  type ChunkState,
  firstState,
  generationOf,
  isMoving,
  lettersOf,
  type Seen,
  withSeen,
} from "../domain/chunk-state.ts";
import { beginCanceled } from "../domain/new-transaction.ts";
import { cancelUnsent } from "../domain/operator-transitions.ts";
import type { Transaction } from "../domain/transaction.ts";
import type { ChunkStore } from "../store/batches.ts";
import type { TransactionReader } from "../store/port.ts";
import { chunkOf, withNextLook } from "./batch-look.ts";
import { type BatchRow, isOurs, type MakeDependencies, madeAtOnce, makeRow } from "./batch-make.ts";
import { withLastTries } from "./batch-tries.ts";
import { type FinishDependencies, finish } from "./finish.ts";
import { sideBySide } from "./side-by-side.ts";

export interface SweepDependencies extends FinishDependencies {
  readonly batches: ChunkStore;
  readonly transactions: FinishDependencies["transactions"] & MakeDependencies["transactions"] & TransactionReader;
  readonly now: () => Date;
}

/**
 * A row without a transaction gets one that is over: somebody who is slow, and still loads or retries the batch, finds it
 * under the same id, so that nothing begins any more after this.
 */
export async function sweepChunk(batch: Batch, place: ChunkPlace, dependencies: SweepDependencies): Promise<void> {
  const { batches, now } = dependencies;
  for (;;) {
    const before = (await batches.states([place.id], "consistent")).get(place.id);
    if (before?.closed) return;
    const chunk = await chunkOf(place.id, batches);
    const swept = await sweepRows(batch, place, { chunk, before }, dependencies);
    const { seen, generations } = await withLastTries(
      { tenant: batch.tenant, chunk },
      { seen: swept.seen, generations: before?.generations ?? {} },
      dependencies,
    );
    const first = { turns: {}, repeated: swept.repeated, generations };
    const state = before ? withSeen({ ...before, generations }, chunk, seen) : firstState(chunk, first, seen);
    // Closed in the same write: a retry that is being decided on elsewhere is refused from now on.
    if (await batches.replaceState({ ...withNextLook(state, chunk, now()), closed: true })) return;
  }
}

interface Rows {
  readonly chunk: Chunk;
  /** Absent: not loaded, or not to its end. */
  readonly before: ChunkState | undefined;
}

async function sweepRows(
  batch: Batch,
  { rowsBefore }: ChunkPlace,
  { chunk, before }: Rows,
  dependencies: SweepDependencies,
): Promise<{ seen: Map<number, Seen>; repeated: number[] }> {
  const letters = before && lettersOf(before);
  const open = chunk.rows.flatMap((row, place) => {
    const letter = letters?.[place];
    if (letter !== undefined && !isMoving(letter)) return [];
    const generation = before ? generationOf(before, place) : 0;
    return [{ place, isMade: letter === "p" || letter === "r", row, generation }];
  });
  const ids = open.flatMap(({ isMade, row, generation }) =>
    isMade ? [rowTransactionId(batch.tenant, row, generation)] : [],
  );
  const made = await dependencies.transactions.many(ids, "consistent");
  const repeated: number[] = [];
  const seen = new Map<number, Seen>();
  await sideBySide(open, madeAtOnce, async ({ place, row, generation }) => {
    const of = { batch, row, generation, number: rowsBefore + chunk.first + place + 1 };
    const found = made.get(rowTransactionId(batch.tenant, row, generation)) ?? (await makeOver(of, dependencies));
    if (found !== "reused" && !isOurs(found, of)) repeated.push(place);
    seen.set(place, isOurs(found, of) ? await cancel(found, dependencies) : found);
  });
  return { seen, repeated: repeated.sort((one, other) => one - other) };
}

function makeOver(of: BatchRow, { transactions, now }: SweepDependencies): Promise<Seen> {
  return makeRow(of, (request) => beginCanceled(request, { by: "batch", at: now() }), { transactions });
}

/** As it stands afterwards: canceled, or on its way. */
async function cancel(transaction: Transaction, dependencies: SweepDependencies): Promise<Transaction> {
  const { status, attempt } = transaction;
  if (status !== "pending" && attempt !== "not-sent") return transaction;
  const actor = { by: "batch", at: dependencies.now() };
  const { transaction: after } = await finish(transaction, cancelUnsent(actor), undefined, actor, dependencies);
  return after ?? transaction;
}
