/** What was last seen of a chunk's rows. The truth of each is its transaction; this is what spares reading them all again. */
import * as z from "zod/mini";
import type { Chunk } from "./batch-chunk.ts";
import { type CostSum, costOf, plus } from "./batch-cost.ts";
import { AmountItem, type Status, type Transaction, updatedAt } from "./transaction.ts";

/**
 * A row in one letter. `u`: a retry is decided on, its transaction not made yet. `x`: the row's key stands for another
 * request, so it has no transaction.
 */
const statusOf = {
  p: "pending",
  u: "pending",
  r: "processing",
  s: "succeeded",
  f: "failed",
  x: "failed",
  c: "canceled",
  n: "needs_review",
} as const satisfies Record<string, Status>;
export type Letter = keyof typeof statusOf;

const letterOf: Readonly<Record<Status, Letter>> = {
  pending: "p",
  processing: "r",
  succeeded: "s",
  failed: "f",
  canceled: "c",
  needs_review: "n",
};

const count = z.int().check(z.minimum(0));

/** Places are those of rows in the chunk, from 0. */
export const ChunkState = z.object({
  /** The chunk's. */
  id: z.string(),
  first: count,
  /** A letter a row. */
  rows: z.string().check(z.regex(/^[purfxscn]*$/)),
  /** Rows whose transaction another door or another batch has made. */
  repeated: z.array(count),
  /** How often a row was retried, where it was. */
  generations: z.record(z.string(), count),
  /** Amounts that were not known beforehand: of refunds of "the rest". */
  learned: z.record(z.string(), AmountItem),
  /** When the chunk's first row at a connection starts, and how many milliseconds after it the next. */
  turns: z.record(z.string(), z.tuple([z.string(), z.number()])),
  /** Minor units by currency and letter. */
  amounts: z.record(z.string(), z.record(z.string(), count)),
  /** Of the transactions that came to rest. */
  cost: z.record(z.string(), z.number()),
  /** The last retry that was decided on here, counted from 1. */
  retried: count,
  /** Rows that the last retry left at rest: what came to rest since is told from them. */
  kept: z.exactOptional(count),
  /** When the last of its own rows that are at rest came there. */
  restAt: z.exactOptional(z.string()),
  /** The batch is canceled: no row begins any more. */
  closed: z.exactOptional(z.literal(true)),
  /** Looks in a row that found nothing new. */
  looks: count,
  /** When to look again. Absent: every row is at rest. */
  lookAt: z.exactOptional(z.string()),
  revision: count,
});
export type ChunkState = z.infer<typeof ChunkState>;

export function lettersOf({ rows }: Pick<ChunkState, "rows">): Letter[] {
  return [...rows] as Letter[];
}

/** The status that a letter stands for. */
export function statusIn(letter: Letter): Status {
  return statusOf[letter];
}

/** Whether something is still to come of a row without an operator. */
export function isMoving(letter: Letter): boolean {
  return letter === "p" || letter === "u" || letter === "r";
}

/** Rows that were carried out, whatever came of it, or that an operator must see: no canceled ones. */
export function carriedOut(letters: readonly Letter[]): number {
  return letters.filter((letter) => !isMoving(letter) && letter !== "c").length;
}

/** What was found of a row: its transaction; or that its key stands for another request. */
export type Seen = Transaction | "reused";

/** A chunk's state as it begins, all of its rows seen for the first time. */
export function firstState(
  chunk: Chunk,
  { turns, repeated, generations }: Pick<ChunkState, "turns" | "repeated" | "generations">,
  seen: ReadonlyMap<number, Seen>,
): ChunkState {
  const empty: ChunkState = {
    id: chunk.id,
    first: chunk.first,
    rows: "p".repeat(chunk.rows.length),
    repeated,
    generations,
    learned: {},
    turns,
    amounts: {},
    cost: {},
    retried: 0,
    looks: 0,
    revision: 0,
  };
  return withSeen(empty, chunk, seen);
}

/** The state after looking at some of its rows. */
export function withSeen(state: ChunkState, chunk: Chunk, seen: ReadonlyMap<number, Seen>): ChunkState {
  const letters = lettersOf(state);
  const learned = { ...state.learned };
  let cost: CostSum = state.cost;
  let { restAt } = state;
  for (const [place, found] of seen) {
    const letter = found === "reused" ? "x" : letterOf[found.status];
    const before = letters[place];
    letters[place] = letter;
    if (found === "reused") continue;
    if (found.amount && !chunk.rows[place]?.order.amount) learned[place] = found.amount;
    // Counted once, when it comes to rest (what an operator's word adds is next to nothing), and by the batch that made it.
    const comesToRest = !isMoving(letter) && (before === undefined || isMoving(before));
    if (!comesToRest || state.repeated.includes(place)) continue;
    cost = plus(cost, costOf(found));
    restAt = latest(restAt, updatedAt(found));
  }
  const amounts = amountsOf(chunk, letters, learned);
  return { ...state, rows: letters.join(""), learned, cost, amounts, ...(restAt !== undefined && { restAt }) };
}

/** The same with rows that are to be tried once more. */
export function withRetried(state: ChunkState, chunk: Chunk, places: readonly number[], retry: number): ChunkState {
  const letters = lettersOf(state);
  const generations = { ...state.generations };
  const learned = { ...state.learned };
  for (const place of places) {
    letters[place] = "u";
    generations[place] = generationOf(state, place) + 1;
    delete learned[place];
  }
  const amounts = amountsOf(chunk, letters, learned);
  const kept = carriedOut(letters);
  return { ...state, rows: letters.join(""), generations, learned, amounts, retried: retry, kept };
}

/** The later of two times, of which neither need be known. */
export function latest(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one > other ? one : other;
}

export function generationOf({ generations }: Pick<ChunkState, "generations">, place: number): number {
  return generations[place] ?? 0;
}

function amountsOf(
  { rows }: Chunk,
  letters: readonly Letter[],
  learned: ChunkState["learned"],
): Record<string, Record<string, number>> {
  const sums: Record<string, Record<string, number>> = {};
  for (const [place, letter] of letters.entries()) {
    const amount = learned[place] ?? rows[place]?.order.amount;
    if (!amount) continue;
    const ofCurrency = sums[amount.currency] ?? {};
    sums[amount.currency] = ofCurrency;
    ofCurrency[letter] = (ofCurrency[letter] ?? 0) + amount.value;
  }
  return sums;
}
