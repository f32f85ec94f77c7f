/** Batches in memory, for tests: the same port, the same conditions, nothing on disk. */
import type { Batch } from "../domain/batch.ts";
import type { Chunk } from "../domain/batch-chunk.ts";
import type { ChunkState } from "../domain/chunk-state.ts";
import { type BatchStore, batchListedAt, type ChunkStore } from "./batches.ts";

export function memoryBatches(): BatchStore & ChunkStore {
  const batches = new Map<string, Batch>();
  const chunks = new Map<string, Chunk>();
  const states = new Map<string, ChunkState>();
  return {
    async create(batch) {
      if (batches.has(batch.id)) return false;
      batches.set(batch.id, structuredClone(batch));
      return true;
    },
    async get(id) {
      return structuredClone(batches.get(id));
    },
    async replace(next) {
      if (batches.get(next.id)?.revision !== next.revision) return undefined;
      const changed = structuredClone({ ...next, revision: next.revision + 1 });
      batches.set(next.id, changed);
      return structuredClone(changed);
    },
    async list({ tenant, limit, before }) {
      const matching = [...batches.values()]
        .filter((one) => one.tenant === tenant)
        .filter((one) => before === undefined || batchListedAt(one) < before)
        .sort((one, other) => (batchListedAt(one) < batchListedAt(other) ? 1 : -1));
      const items = structuredClone(matching.slice(0, limit));
      const last = items.at(-1);
      return { items, ...(last && matching.length > limit && { next: batchListedAt(last) }) };
    },
    async due(now, limit) {
      return [...batches.values()]
        .filter(({ dueAt }) => dueAt !== undefined && dueAt <= now.toISOString())
        .sort((one, other) => ((one.dueAt ?? "") < (other.dueAt ?? "") ? -1 : 1))
        .slice(0, limit)
        .map(({ id }) => id);
    },

    async createChunk(chunk) {
      if (!chunks.has(chunk.id)) chunks.set(chunk.id, structuredClone(chunk));
    },
    async chunk(id) {
      return structuredClone(chunks.get(id));
    },
    async states(ids) {
      const found = ids.flatMap((id) => states.get(id) ?? []);
      return new Map(structuredClone(found).map((state) => [state.id, state]));
    },
    async replaceState(next) {
      if ((states.get(next.id)?.revision ?? 0) !== next.revision) return undefined;
      const changed = structuredClone({ ...next, revision: next.revision + 1 });
      states.set(next.id, changed);
      return structuredClone(changed);
    },
  };
}
