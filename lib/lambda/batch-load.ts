/** Loads a chunk of a batch: each row becomes a transaction, to start when its turn comes. */
import type { Batch, ChunkPlace } from "../domain/batch.ts";
import type { Chunk } from "../domain/batch-chunk.ts";
import { type ChunkState, firstState, type Seen } from "../domain/chunk-state.ts";
import { beginLater } from "../domain/new-transaction.ts";
import type { ChunkStore } from "../store/batches.ts";
import type { TransactionReader } from "../store/port.ts";
import { chunkOf, withNextLook } from "./batch-look.ts";
import { isOurs, type MakeDependencies, madeAtOnce, makeRow, turnsFrom } from "./batch-make.ts";
import { withLastTries } from "./batch-tries.ts";
import type { ConnectionBook } from "./connection-book.ts";
import { sideBySide } from "./side-by-side.ts";

export interface LoadDependencies extends MakeDependencies {
  readonly transactions: MakeDependencies["transactions"] & TransactionReader;
  readonly batches: ChunkStore;
  readonly connections: Pick<ConnectionBook, "get">;
  readonly now: () => Date;
}

/** Where the connections' queues end after it. Loading twice, also at once, makes nothing twice. */
export async function loadChunk(
  batch: Batch,
  { id, rowsBefore }: ChunkPlace,
  dependencies: LoadDependencies,
): Promise<Batch["turns"]> {
  const { batches, now } = dependencies;
  const loaded = (await batches.states([id], "consistent")).get(id);
  const chunk = await chunkOf(id, batches);
  if (loaded) return endsBehind(loaded, chunk, batch.turns);
  const turns = await turnsFrom(
    batch.turns,
    chunk.rows.map(({ order }) => order.connection),
    dependencies,
  );
  // No plain object: a connection may be called as one of its members is.
  const firsts = new Map<string, [string, number]>();
  const actor = { by: "batch", at: now() };
  const made = await sideBySide(
    chunk.rows.map((row) => ({ row, turn: turns.next(row.order.connection) })),
    madeAtOnce,
    async ({ row, turn }, place): Promise<Seen> => {
      const { connection } = row.order;
      if (!firsts.has(connection)) firsts.set(connection, [turn.at.toISOString(), turn.paceMs]);
      const of = { batch, row, number: rowsBefore + chunk.first + place + 1, generation: 0 };
      return makeRow(of, (request) => beginLater(request, turn.at, actor), dependencies);
    },
  );

  const { tenant } = batch;
  const rows = await withLastTries({ tenant, chunk }, { seen: new Map(made.entries()), generations: {} }, dependencies);
  const repeated = [...rows.seen].flatMap(([place, seen]) => {
    const number = rowsBefore + chunk.first + place + 1;
    return seen === "reused" || isOurs(seen, { batch, number }) ? [] : [place];
  });
  const state = firstState(
    chunk,
    { turns: Object.fromEntries(firsts), repeated, generations: rows.generations },
    rows.seen,
  );
  // Refused where another one has loaded it meanwhile, and seen the same.
  await batches.replaceState(withNextLook(state, chunk, now()));
  return turns.ends();
}

/** Where the queues end with a chunk that was loaded before: who did so may have died before noting it, and the next rows come behind. */
function endsBehind({ turns }: ChunkState, { rows }: Chunk, before: Batch["turns"]): Batch["turns"] {
  const ends = new Map(Object.entries(before));
  for (const [connection, [first, paceMs]] of Object.entries(turns)) {
    const count = rows.filter(({ order }) => order.connection === connection).length;
    const end = new Date(Math.ceil(Date.parse(first) + count * paceMs)).toISOString();
    if (end > (ends.get(connection) ?? "")) ends.set(connection, end);
  }
  return Object.fromEntries(ends);
}
