/** Looks at the rows of a chunk from which news may come. */
import { type Chunk, rowTransactionId } from "../domain/batch-chunk.ts";
import { type ChunkState, generationOf, isMoving, type Letter, lettersOf, withSeen } from "../domain/chunk-state.ts";
import type { Transaction } from "../domain/transaction.ts";
import type { ChunkStore } from "../store/batches.ts";
import type { TransactionReader } from "../store/port.ts";
import { withLastTries } from "./batch-tries.ts";

export interface LookDependencies {
  readonly batches: Pick<ChunkStore, "chunk">;
  readonly transactions: TransactionReader;
  readonly now: () => Date;
}

/** Waits between looks that find nothing new; the last one repeats. */
const lookAfterSeconds = [10, 20, 40, 80, 160, 320, 640, 900] as const;

/** What is seen now of the rows that were not at rest; nothing is stored. What an operator had to decide may be decided since. */
export async function look(
  tenant: string,
  state: ChunkState,
  consistency: "consistent" | "eventual",
  dependencies: LookDependencies,
): Promise<{ readonly chunk: Chunk; readonly state: ChunkState }> {
  const chunk = await chunkOf(state.id, dependencies.batches);
  const turns = turnsIn(state, chunk);
  const now = dependencies.now().getTime();
  const places = new Map(
    lettersOf(state).flatMap((letter, place) => {
      const row = chunk.rows[place];
      const isAsked = letter === "n" || (isMoving(letter) && (turns[place] ?? 0) <= now);
      return row && isAsked ? [[rowTransactionId(tenant, row, generationOf(state, place)), place] as const] : [];
    }),
  );
  const found = await dependencies.transactions.many([...places.keys()], consistency);
  const seen = new Map<number, Transaction>();
  for (const [id, transaction] of found) seen.set(places.get(id) ?? 0, transaction);
  const rows = await withLastTries({ tenant, chunk }, { seen, generations: state.generations }, dependencies);
  return { chunk, state: withSeen({ ...state, generations: rows.generations }, chunk, rows.seen) };
}

/** @throws Error where a chunk is missing that its batch names: it was written before it was named */
export async function chunkOf(id: string, batches: Pick<ChunkStore, "chunk">): Promise<Chunk> {
  const chunk = await batches.chunk(id);
  if (!chunk) throw new Error(`the rows ${id} are missing`);
  return chunk;
}

/** The state with the time of the next look: soon after news, and ever later while there are none. */
export function withNextLook(state: ChunkState, chunk: Chunk, now: Date, before?: ChunkState): ChunkState {
  const { lookAt: _seen, ...rest } = state;
  const turns = turnsIn(state, chunk);
  const moving = lettersOf(state).flatMap((letter, place) => (isMoving(letter) ? [turns[place] ?? 0] : []));
  if (moving.length === 0) return { ...rest, looks: 0 };
  const isAwaited = moving.some((turn) => turn <= now.getTime());
  const looks = isAwaited && before?.rows === state.rows ? before.looks + 1 : 0;
  const seconds = lookAfterSeconds[Math.min(looks, lookAfterSeconds.length - 1)] ?? 900;
  const inVain = isAwaited ? now.getTime() + seconds * 1_000 : Number.POSITIVE_INFINITY;
  const nextTurn = Math.min(...moving.filter((turn) => turn > now.getTime()));
  // Not for each row's turn: those that come one after the other are looked at together.
  const soonest = now.getTime() + lookAfterSeconds[0] * 1_000;
  return { ...rest, looks, lookAt: new Date(Math.max(Math.min(inVain, nextTurn), soonest)).toISOString() };
}

/** When each row's transaction starts, in milliseconds; 0 where it may have started already. */
function turnsIn(state: ChunkState, { rows }: Chunk): number[] {
  const places = new Map<string, number>();
  const firsts = new Map(Object.entries(state.turns));
  return rows.map(({ order: { connection } }, place) => {
    const before = places.get(connection) ?? 0;
    places.set(connection, before + 1);
    const [first, paceMs] = firsts.get(connection) ?? ["", 0];
    const isOthers = generationOf(state, place) > 0 || state.repeated.includes(place);
    return isOthers || first === "" ? 0 : Date.parse(first) + before * paceMs;
  });
}

/** Whether news may come of a chunk now, as far as can be told without its rows. */
export function isActive(state: ChunkState, now: Date): boolean {
  const letters = lettersOf(state);
  if (letters.includes("n")) return true;
  const at = now.toISOString();
  const hasBegun = Object.values(state.turns).some(([first]) => first <= at);
  return letters.some(isMoving) && (hasBegun || state.repeated.length > 0 || isRetried(letters, state));
}

function isRetried(letters: readonly Letter[], state: ChunkState): boolean {
  return letters.some((letter, place) => isMoving(letter) && generationOf(state, place) > 0);
}
