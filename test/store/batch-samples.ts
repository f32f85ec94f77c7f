/** Batches as tests put them into stores: plain data, so that nothing under test has made them. */
import type { Batch } from "../../lib/domain/batch.ts";
import type { Chunk } from "../../lib/domain/batch-chunk.ts";
import type { ChunkState } from "../../lib/domain/chunk-state.ts";
import type { MinorUnits } from "../../lib/domain/money.ts";

/** Members that are always there. */
export function sampleBatch(tenant: string, n = 0, members: Partial<Batch> = {}): Batch {
  return {
    id: `bat_${tenant.replaceAll("-", "")}${n}`,
    tenant,
    status: "open",
    parts: [],
    amounts: {},
    fingerprint: `print-${n}`,
    createdAt: `2026-11-20T09:30:0${n}.000Z`,
    loaded: 0,
    swept: 0,
    turns: {},
    retries: [],
    retried: 0,
    retriedChunks: 0,
    revision: 0,
    ...members,
  };
}

export function sampleChunk(id: string, rows = 2): Chunk {
  return {
    id,
    first: 0,
    rows: Array.from({ length: rows }, (_, n) => ({
      key: `key-${n}`,
      fingerprint: `print-${n}`,
      order: {
        kind: "cashback",
        connection: "sipay",
        provider: "sipay",
        amount: { value: (100 + n) as MinorUnits, currency: "TRY" },
        receiver: { walletNumber: "637606074" },
        metadata: { order: `"${n}"`, empty: "" },
      },
    })),
  };
}

export function sampleState(id: string, members: Partial<ChunkState> = {}): ChunkState {
  return {
    id,
    first: 0,
    rows: "ps",
    repeated: [1],
    generations: { 0: 1 },
    learned: { 1: { value: 5 as MinorUnits, currency: "TRY" } },
    turns: { sipay: ["2026-11-20T09:30:00.000Z", 428.57] },
    amounts: { TRY: { p: 100, s: 5 } },
    cost: {},
    retried: 1,
    looks: 2,
    lookAt: "2026-11-20T09:31:00.000Z",
    revision: 0,
    ...members,
  };
}
