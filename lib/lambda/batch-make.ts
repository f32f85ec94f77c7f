/** Makes the transactions of a batch's rows, each once: under the id of its key, in its connection's turn. */
import type { Batch } from "../domain/batch.ts";
import { type ChunkRow, rowTransactionId } from "../domain/batch-chunk.ts";
import type { Seen } from "../domain/chunk-state.ts";
import type { NewTransaction } from "../domain/new-transaction.ts";
import type { Transaction } from "../domain/transaction.ts";
import type { TransactionStore } from "../store/port.ts";
import type { ConnectionBook } from "./connection-book.ts";
import { paceMs } from "./lanes.ts";

/** Transactions made at a time. */
export const madeAtOnce = 25;

export interface MakeDependencies {
  readonly transactions: Pick<TransactionStore, "create">;
}

export interface BatchRow {
  readonly batch: Pick<Batch, "id" | "tenant">;
  readonly row: ChunkRow;
  /** Counted from 1 over the whole batch. */
  readonly number: number;
  /** How often it was retried. */
  readonly generation: number;
}

/**
 * Puts the transaction, unless there is one under its id: made by this row before (somebody died, or another is as fast),
 * or by another door with the same key. A key that stands for an accrual stands for another request.
 */
export async function makeRow(
  { batch, row, number, generation }: BatchRow,
  begun: (request: NewTransaction) => Transaction,
  { transactions }: MakeDependencies,
): Promise<Seen> {
  const { tenant } = batch;
  const { fingerprint, order } = row;
  const id = rowTransactionId(tenant, row, generation);
  const request = { ...order, id, tenant, fingerprint, batch: batch.id, batchRow: number };
  const { transaction } = await transactions.create(begun(request));
  return transaction?.fingerprint === fingerprint ? transaction : "reused";
}

/** Whether this row has made the transaction, and not another door. */
export function isOurs(seen: Seen, { batch, number }: Pick<BatchRow, "batch" | "number">): seen is Transaction {
  return seen !== "reused" && seen.batch === batch.id && seen.batchRow === number;
}

/** Hands out turns at connections, each behind the last one at the pace that the connection allows. */
export interface Turns {
  /** When the next row at this connection starts, and how far behind it the one after it. */
  next(connection: string): { readonly at: Date; readonly paceMs: number };
  /** Where each connection's queue ends now. */
  ends(): Batch["turns"];
}

/** Looks up the pace of each connection that is named. One that is missing is waited for at the usual pace. */
export async function turnsFrom(
  ends: Batch["turns"],
  named: readonly string[],
  { connections, now }: { readonly connections: Pick<ConnectionBook, "get">; readonly now: () => Date },
): Promise<Turns> {
  const paces = new Map<string, number>();
  const free = new Map(Object.entries(ends).map(([connection, at]) => [connection, Date.parse(at)]));
  for (const connection of new Set(named)) {
    paces.set(connection, paceMs((await connections.get(connection))?.config ?? {}));
    // Time that nobody used is not saved up.
    free.set(connection, Math.max(free.get(connection) ?? 0, now().getTime()));
  }
  return {
    next(connection) {
      const at = free.get(connection) ?? 0;
      const pace = paces.get(connection) ?? 0;
      free.set(connection, at + pace);
      return { at: new Date(at), paceMs: pace };
    },
    ends: () =>
      Object.fromEntries([...free].map(([connection, at]) => [connection, new Date(Math.ceil(at)).toISOString()])),
  };
}
