/** Tries once more what definitely failed: a new transaction a row, decided on before it is made. */
import type { Batch, ChunkPlace } from "../domain/batch.ts";
import { type ChunkState, generationOf, lettersOf, withRetried, withSeen } from "../domain/chunk-state.ts";
import { beginLater } from "../domain/new-transaction.ts";
import type { LoadDependencies } from "./batch-load.ts";
import { chunkOf, type LookDependencies, look, withNextLook } from "./batch-look.ts";
import { madeAtOnce, makeRow, turnsFrom } from "./batch-make.ts";
import { withLastTries } from "./batch-tries.ts";
import { sideBySide } from "./side-by-side.ts";

export type RetryDependencies = LoadDependencies & LookDependencies;

/**
 * Which rows are tried again is one conditional write; their transactions come after it. So two at once decide alike, and
 * whoever dies in between leaves rows of which the next one sees that their transactions are missing.
 *
 *   looked at ── decided: failed rows, one generation on ── made ── seen
 *                └ refused: looked at again                └ dies: made by whoever comes next
 */
export async function retryChunk(
  batch: Batch,
  place: ChunkPlace,
  retry: number,
  dependencies: RetryDependencies,
): Promise<Batch["turns"]> {
  const { batches } = dependencies;
  for (;;) {
    const before = (await batches.states([place.id], "consistent")).get(place.id);
    if (!before) throw new Error(`nothing was seen yet of the rows ${place.id}`);
    if (before.closed || before.retried >= retry) return makeMissing(batch, place, before, dependencies);
    const { chunk, state } = await look(batch.tenant, before, "consistent", dependencies);
    const failed = lettersOf(state).flatMap((letter, row) => (letter === "f" ? [row] : []));
    // Also where nothing has failed: what fails later was not there to be tried again.
    const decided = withNextLook(withRetried(state, chunk, failed, retry), chunk, dependencies.now());
    const stored = await batches.replaceState(decided);
    if (stored) return makeMissing(batch, place, stored, dependencies);
  }
}

/** Makes the transactions of rows for which a retry is decided on. Repeated by whoever finds such a row. */
export async function makeMissing(
  batch: Batch,
  { rowsBefore }: ChunkPlace,
  state: ChunkState,
  dependencies: RetryDependencies,
): Promise<Batch["turns"]> {
  const { batches, now } = dependencies;
  const missing = lettersOf(state).flatMap((letter, place) => (letter === "u" ? [place] : []));
  if (missing.length === 0) return batch.turns;
  const chunk = await chunkOf(state.id, batches);
  const rows = missing.flatMap((place) => chunk.rows[place] ?? []);
  const turns = await turnsFrom(
    batch.turns,
    rows.map(({ order }) => order.connection),
    dependencies,
  );
  const actor = { by: "batch", at: now() };
  const made = await sideBySide(rows, madeAtOnce, (row, index) => {
    const place = missing[index] ?? 0;
    const { at } = turns.next(row.order.connection);
    const of = { batch, row, number: rowsBefore + chunk.first + place + 1, generation: generationOf(state, place) };
    return makeRow(of, (request) => beginLater(request, at, actor), dependencies);
  });
  const seen = new Map(made.map((one, index) => [missing[index] ?? 0, one]));
  // Another batch may have made this very try before, and further ones.
  const last = await withLastTries({ tenant: batch.tenant, chunk }, { ...state, seen }, dependencies);
  const after = withSeen({ ...state, generations: last.generations }, chunk, last.seen);
  await batches.replaceState(withNextLook(after, chunk, now()));
  return turns.ends();
}
