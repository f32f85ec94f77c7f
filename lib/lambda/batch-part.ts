/** Stores the rows of one call, so that one write on the batch's record makes them its rows. */
import {
  type Batch,
  type Brought,
  batchRowsMax,
  callId,
  chunkId,
  type Part,
  partsMax,
  rowsOf,
} from "../domain/batch.ts";
import { cut } from "../domain/batch-chunk.ts";
import type { ChunkStore } from "../store/batches.ts";
import { reused } from "./accept.ts";
import type { CheckedRow } from "./batch-rows.ts";
import { invalid } from "./input.ts";
import { sideBySide } from "./side-by-side.ts";

/** Chunks that are written at a time. */
const atOnce = 10;

/** A call that brings rows: which batch it is for, and what it is known by. */
export interface RowsCall {
  readonly batch: string;
  /** Scopes the key. */
  readonly operation: "create" | "add";
  readonly key: string;
  /** Of the call's body. */
  readonly fingerprint: string;
}

/** What the part of a call is known by. */
function partNameOf({ batch, operation, key, fingerprint }: RowsCall): Pick<Part, "id" | "print"> {
  return { id: callId(batch, operation, key), print: fingerprint.replaceAll(/[^A-Za-z0-9]/g, "").slice(0, 16) };
}

/** The part that an earlier call with this key brought. @throws VisibleError idempotency_key_reused where it brought other rows */
export function partOf({ parts }: Pick<Batch, "parts">, call: RowsCall): Part | undefined {
  const { id, print } = partNameOf(call);
  const part = parts.find((one) => one.id === id);
  if (part && part.print !== print) throw reused();
  return part;
}

/**
 * Writes the rows. They belong to nothing until the part is in the batch's record: a call that dies before that has done
 * nothing, and its repeat writes the same.
 */
export async function storePart(rows: readonly CheckedRow[], call: RowsCall, chunks: ChunkStore): Promise<Brought> {
  const name = partNameOf(call);
  const pieces = cut(rows);
  await sideBySide(pieces, atOnce, (piece, number) =>
    chunks.createChunk({
      id: chunkId(call.batch, name, number),
      first: piece.first,
      rows: piece.rows.map(({ key, fingerprint, order }) => ({ key, fingerprint, order })),
    }),
  );
  return { part: { ...name, rows: rows.length, chunks: pieces.length }, amounts: sumsOf(rows) };
}

function sumsOf(rows: readonly CheckedRow[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { order } of rows) {
    if (order.amount) sums[order.amount.currency] = (sums[order.amount.currency] ?? 0) + order.amount.value;
  }
  return sums;
}

/** @throws VisibleError validation_failed where the batch would grow beyond what can be kept, or added up exactly */
export function assertFits(batch: Pick<Batch, "parts" | "amounts">, { part, amounts }: Brought): void {
  if (batch.parts.length >= partsMax) {
    throw invalid([{ path: "items", message: `come in at most ${partsMax} calls a batch: make another batch` }]);
  }
  const before = rowsOf(batch);
  if (before + part.rows > batchRowsMax) {
    const message = `must not be more than ${batchRowsMax} rows in one batch, which has ${before}: make another batch`;
    throw invalid([{ path: "items", message }]);
  }
  for (const [currency, sum] of Object.entries(amounts)) {
    if (Number.isSafeInteger(sum + (batch.amounts[currency] ?? 0))) continue;
    const message = `must not add up to more than ${Number.MAX_SAFE_INTEGER} of ${currency} (minor units) in one batch`;
    throw invalid([{ path: "items", message }]);
  }
}
