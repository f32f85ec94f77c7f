/** Adds up a batch: how many rows stand where, of how much money, at what cost. The sums are always those of all rows. */
import { type Batch, chunkPlaces, rowsOf } from "../domain/batch.ts";
import { type CostSum, plus } from "../domain/batch-cost.ts";
import { type ChunkState, carriedOut, type Letter, latest, lettersOf, statusIn } from "../domain/chunk-state.ts";
import { type Status, statuses } from "../domain/transaction.ts";
import type { ChunkStore } from "../store/batches.ts";
import { isActive, type LookDependencies, look } from "./batch-look.ts";
import { sideBySide } from "./side-by-side.ts";

export interface TotalsDependencies extends LookDependencies {
  readonly batches: Pick<ChunkStore, "chunk" | "states">;
}

export interface Totals {
  readonly rows: number;
  readonly repeated: number;
  readonly counts: Readonly<Record<Status, number>>;
  /** Minor units by currency. */
  readonly amounts: Readonly<Record<string, { readonly total: number } & Partial<Record<Status, number>>>>;
  readonly cost: CostSum;
  /** Rows that were carried out since it began, or began again after an end. */
  readonly carriedOut: number;
  /** When the last of its own rows that are at rest came there. */
  readonly restAt?: string;
}

/** States read at a time, so that memory stays flat however many rows a batch has. */
const pageSize = 100;

/**
 * Chunks whose transactions are read for one answer: 250 read units at most, where news is likeliest. The others are told as they were
 * last seen, a minute ago; whoever watches more rows than these looks often, and would pay more for it than for the rows.
 */
const liveMax = 5;

/** Nothing is written: whoever watches a batch costs reads only. */
export async function totalsOf(batch: Batch, dependencies: TotalsDependencies): Promise<Totals> {
  const sums = emptySums();
  const end = Math.max(batch.loaded, batch.swept);
  const live: Placed[] = [];
  for (let first = 0; first < end; first += pageSize) {
    const places = chunkPlaces(batch, first, Math.min(first + pageSize, end));
    const states = await dependencies.batches.states(
      places.map(({ id }) => id),
      "eventual",
    );
    for (const [index, { id }] of places.entries()) {
      const state = states.get(id);
      if (!state) continue;
      const placed = { state, chunk: first + index };
      if (isActive(state, dependencies.now())) live.push(placed);
      else add(sums, placed, batch);
    }
    live.sort(byLikelihood);
    for (const placed of live.splice(liveMax)) add(sums, placed, batch);
  }
  await sideBySide(live, liveMax, async ({ state, chunk }) => {
    const seen = (await look(batch.tenant, state, "eventual", dependencies)).state;
    add(sums, { state: seen, chunk }, batch);
  });
  return totals(batch, sums);
}

/** A state, and the number of its chunk in the batch, from 0. */
interface Placed {
  readonly state: ChunkState;
  readonly chunk: number;
}

/** First where the last look found news; of these first whose rows began last: the earlier ones have ended, or wait for a provider. */
function byLikelihood({ state: one }: Placed, { state: other }: Placed): number {
  return one.looks - other.looks || begunAt(other) - begunAt(one);
}

function begunAt({ turns }: ChunkState): number {
  return Math.max(0, ...Object.values(turns).map(([first]) => Date.parse(first)));
}

interface Sums {
  readonly letters: Map<Letter, number>;
  readonly amounts: Record<string, Record<string, number>>;
  readonly learned: Record<string, number>;
  rows: number;
  repeated: number;
  cost: CostSum;
  carriedOut: number;
  restAt: string | undefined;
}

function emptySums(): Sums {
  return {
    letters: new Map(),
    amounts: {},
    learned: {},
    rows: 0,
    repeated: 0,
    cost: {},
    carriedOut: 0,
    restAt: undefined,
  };
}

function add(sums: Sums, { state, chunk }: Placed, { resumed }: Batch): void {
  for (const letter of lettersOf(state)) sums.letters.set(letter, (sums.letters.get(letter) ?? 0) + 1);
  for (const [currency, byLetter] of Object.entries(state.amounts)) {
    sums.amounts[currency] = { ...plus(sums.amounts[currency] ?? {}, byLetter) };
  }
  for (const { currency, value } of Object.values(state.learned)) {
    sums.learned[currency] = (sums.learned[currency] ?? 0) + value;
  }
  sums.rows += state.rows.length;
  sums.repeated += state.repeated.length;
  sums.cost = plus(sums.cost, state.cost);
  sums.restAt = latest(sums.restAt, state.restAt);
  const all = carriedOut(lettersOf(state));
  // What was there before an end was carried out before it, but for rows that are tried again.
  const isNew = !resumed || chunk >= resumed.chunks;
  if (isNew) sums.carriedOut += all;
  else if (state.retried > resumed.retries) sums.carriedOut += Math.max(0, all - (state.kept ?? 0));
}

/** What was not seen yet has not begun: it is pending, or was canceled with its batch. */
function totals(batch: Batch, { letters, amounts: seen, learned, ...sums }: Sums): Totals {
  const rows = rowsOf(batch);
  const unseen: Status = batch.status === "canceled" ? "canceled" : "pending";
  const counts = Object.fromEntries(statuses.map((status) => [status, 0])) as Record<Status, number>;
  for (const [letter, count] of letters) counts[statusIn(letter)] += count;
  counts[unseen] += rows - sums.rows;

  const known = plus(learned, batch.amounts);
  const amounts = Object.fromEntries(
    Object.entries(known).map(([currency, total]) => [currency, byStatus(total, seen[currency] ?? {}, unseen)]),
  );
  const { repeated, cost, carriedOut: done, restAt } = sums;
  return { rows, repeated, counts, amounts, cost, carriedOut: done, ...(restAt !== undefined && { restAt }) };
}

/** The sums of one currency, in the order of the statuses; those that are zero left out. */
function byStatus(
  total: number,
  byLetter: Readonly<Record<string, number>>,
  unseen: Status,
): { total: number } & Partial<Record<Status, number>> {
  const sums: Partial<Record<Status, number>> = {};
  let left = total;
  for (const [letter, value] of Object.entries(byLetter)) {
    const status = statusIn(letter as Letter);
    sums[status] = (sums[status] ?? 0) + value;
    left -= value;
  }
  sums[unseen] = (sums[unseen] ?? 0) + left;
  const shown = statuses.flatMap((status) => (sums[status] ? [[status, sums[status]]] : []));
  return { total, ...(Object.fromEntries(shown) as typeof sums) };
}
