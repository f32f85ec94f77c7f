/** What the rest of the product asks of the store of batches: their records, their rows, and what was last seen of these. */
import type { Batch } from "../domain/batch.ts";
import type { Chunk } from "../domain/batch-chunk.ts";
import type { ChunkState } from "../domain/chunk-state.ts";

export interface BatchStore {
  /** Puts the batch unless its id exists. True for the call that did. */
  create(batch: Batch): Promise<boolean>;
  /** Consistent. */
  get(id: string): Promise<Batch | undefined>;
  /** Stores what was made of the batch that was read, with its revision one higher, unless another change came between. */
  replace(next: Batch): Promise<Batch | undefined>;
  /** One page of a tenant's batches, newest first. */
  list(query: BatchQuery): Promise<BatchPage>;
  /** Ids of batches about which something must be done, the longest overdue first; at most `limit` of them. */
  due(now: Date, limit: number): Promise<readonly string[]>;
}

export interface ChunkStore {
  /** Puts the chunk unless its id exists: rows never change. */
  createChunk(chunk: Chunk): Promise<void>;
  /** Consistent. */
  chunk(id: string): Promise<Chunk | undefined>;
  /** What was last seen of chunks, by their ids; absent where nothing was yet. */
  states(ids: readonly string[], consistency: "consistent" | "eventual"): Promise<ReadonlyMap<string, ChunkState>>;
  /**
   * Stores what was made of the state that was read, with its revision one higher, unless another change came between. A
   * state that is stored for the first time has the revision 0.
   */
  replaceState(next: ChunkState): Promise<ChunkState | undefined>;
}

export interface BatchQuery {
  readonly tenant: string;
  readonly limit: number;
  /** Where the page before ended. */
  readonly before?: string;
}

export interface BatchPage {
  readonly items: readonly Batch[];
  /** Where the next page begins. */
  readonly next?: string;
}

/** Time and id: a total order, so that a page can begin exactly where the last one ended. */
export function batchListedAt({ createdAt, id }: Pick<Batch, "createdAt" | "id">): string {
  return `${createdAt}#${id}`;
}
