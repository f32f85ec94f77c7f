/** The rows of a batch one by one, each with its transaction as it stands now. */
import { type Batch, type ChunkPlace, chunkPlaces, chunksOf } from "../domain/batch.ts";
import { type Chunk, rowTransactionId } from "../domain/batch-chunk.ts";
import { type ChunkState, generationOf, isMoving, type Letter, lettersOf, statusIn } from "../domain/chunk-state.ts";
import type { Status, Transaction } from "../domain/transaction.ts";
import type { ChunkStore } from "../store/batches.ts";
import type { TransactionReader } from "../store/port.ts";
import { chunkOf } from "./batch-look.ts";
import { presentTransaction } from "./present.ts";
import type { ShownBatchItem } from "./shown-batch.ts";

export interface ItemsDependencies {
  readonly batches: Pick<ChunkStore, "chunk" | "states">;
  readonly transactions: TransactionReader;
}

/** Where a page begins or ends: a chunk, and a row of it, both from 0. */
export interface Position {
  readonly chunk: number;
  readonly row: number;
}

export interface ItemsQuery {
  readonly from: Position;
  readonly limit: number;
  readonly status: Status | undefined;
}

/** Chunks whose rows are read for one page: a status that is rare makes a page short, or empty, with more behind it. */
const chunksMax = 10;

/** States looked at for one page, to pass over chunks that surely have no such row. */
const statesMax = 1_000;

const reusedKey = {
  code: "idempotency_key_reused",
  message: "The key of this row stood for another request when the row's turn came. Nothing was sent.",
};

export async function itemsPage(
  batch: Batch,
  { from, limit, status }: ItemsQuery,
  dependencies: ItemsDependencies,
): Promise<{ items: ShownBatchItem[]; next?: Position }> {
  const end = chunksOf(batch);
  const items: ShownBatchItem[] = [];
  let read = 0;
  let chunk = from.chunk;
  const lookedAtEnd = Math.min(end, from.chunk + statesMax);
  const places = chunkPlaces(batch, from.chunk, lookedAtEnd);
  for (let first = 0; first < places.length; first += chunksMax) {
    const some = places.slice(first, first + chunksMax);
    const states = await dependencies.batches.states(
      some.map(({ id }) => id),
      "consistent",
    );
    for (const place of some) {
      const state = states.get(place.id);
      if (mayHave(state, status, batch)) {
        if (read++ >= chunksMax) return { items, next: { chunk, row: 0 } };
        const rows = await rowsOfChunk(batch, place, state, dependencies);
        const firstRow = chunk === from.chunk ? from.row : 0;
        for (const [row, item] of rows.entries()) {
          if (row < firstRow || (status !== undefined && item.status !== status)) continue;
          // One more than the page holds tells that there is a next one.
          if (items.length === limit) return { items, next: { chunk, row } };
          items.push(item);
        }
      }
      chunk += 1;
    }
  }
  return { items, ...(lookedAtEnd < end && { next: { chunk: lookedAtEnd, row: 0 } }) };
}

/** What is not at rest may have become anything since it was seen. */
function mayHave(state: ChunkState | undefined, status: Status | undefined, batch: Batch): boolean {
  if (status === undefined) return true;
  if (!state) return status === unseenStatus(batch) || batch.status === "running" || batch.status === "canceling";
  return lettersOf(state).some((letter) => statusIn(letter) === status || isMoving(letter) || letter === "n");
}

async function rowsOfChunk(
  batch: Batch,
  { id, rowsBefore }: ChunkPlace,
  state: ChunkState | undefined,
  { batches, transactions }: ItemsDependencies,
): Promise<ShownBatchItem[]> {
  const chunk: Chunk = await chunkOf(id, batches);
  const letters = state && lettersOf(state);
  const ids = chunk.rows.map((row, place) =>
    rowTransactionId(batch.tenant, row, state ? generationOf(state, place) : 0),
  );
  const found = await transactions.many(
    ids.filter((_, place) => letters?.[place] !== "x"),
    "consistent",
  );
  return chunk.rows.map((row, place): ShownBatchItem => {
    const letter = letters?.[place];
    const made = found.get(ids[place] ?? "");
    // Before a row is loaded its key may stand for something else already: that is told when its turn comes.
    const transaction = made?.fingerprint === row.fingerprint && (letter || isOfBatch(made, batch)) ? made : undefined;
    return {
      row: rowsBefore + chunk.first + place + 1,
      kind: row.order.kind,
      key: row.key,
      status: transaction?.status ?? statusWithout(letter, batch),
      ...(state?.repeated.includes(place) && { repeated: true as const }),
      ...(letter === "x" ? { failure: reusedKey } : transaction?.failure && { failure: transaction.failure }),
      ...(transaction && { transaction: presentTransaction(transaction) }),
    };
  });
}

function isOfBatch(transaction: Transaction, batch: Batch): boolean {
  return transaction.batch === batch.id;
}

function statusWithout(letter: Letter | undefined, batch: Batch): Status {
  return letter ? statusIn(letter) : unseenStatus(batch);
}

/** Of a row that has no transaction: it is yet to begin, or was canceled before anything began. */
function unseenStatus({ status }: Batch): Status {
  return status === "canceled" ? "canceled" : "pending";
}
