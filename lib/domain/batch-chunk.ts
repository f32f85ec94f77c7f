/** A batch's rows as they are stored: a hundred at a time, never changed. */
import * as z from "zod/mini";
import { tryId } from "./ids.ts";
import { Transaction } from "./transaction.ts";

/** Rows of one chunk at most. */
const chunkRowsMax = 100;

/** Bytes of input in one chunk at most, unless one row alone has more: with what is stored beside it, well below DynamoDB's 400 kB. */
const chunkBytesMax = 150_000;

/** What a row's transaction begins with, but for its id, its owner and its place. */
export const Order = z.pick(Transaction, {
  kind: true,
  connection: true,
  provider: true,
  amount: true,
  recipient: true,
  original: true,
  providerOriginal: true,
  originalAmount: true,
  splits: true,
  account: true,
  sender: true,
  receiver: true,
  description: true,
  metadata: true,
});
export type Order = z.infer<typeof Order>;

export const ChunkRow = z.object({
  /** The idempotency key of its kind: through every door it stands for the same transaction. */
  key: z.string(),
  /** Of the request, as its kind's POST takes it. */
  fingerprint: z.string(),
  order: Order,
});
export type ChunkRow = z.infer<typeof ChunkRow>;

export interface Chunk {
  readonly id: string;
  /** How many rows of its part come before its first. */
  readonly first: number;
  readonly rows: readonly ChunkRow[];
}

/** Which transaction a row stands for: the one of its key, or a later one where that failed and was retried. */
export function rowTransactionId(
  tenant: string,
  { key, order }: { readonly key: string; readonly order: Pick<Order, "kind"> },
  generation = 0,
): string {
  // Two batches that retry the same key share one transaction, too.
  return tryId(tenant, order.kind, key, generation);
}

/**
 * Cuts rows into chunks by their number and their size as they were sent: a repeated call cuts alike, whatever the check
 * has added to the rows since.
 */
export function cut<Row extends { readonly bytes: number }>(rows: readonly Row[]): { first: number; rows: Row[] }[] {
  const chunks: { first: number; rows: Row[] }[] = [];
  let bytes = 0;
  for (const [first, row] of rows.entries()) {
    const chunk = chunks.at(-1);
    bytes += row.bytes;
    if (chunk && chunk.rows.length < chunkRowsMax && bytes <= chunkBytesMax) chunk.rows.push(row);
    else {
      chunks.push({ first, rows: [row] });
      bytes = row.bytes;
    }
  }
  return chunks;
}
