/** Follows rows whose transaction failed to the last try under their key: another batch may have tried again. */
import { type Chunk, rowTransactionId } from "../domain/batch-chunk.ts";
import { type ChunkState, generationOf, type Seen } from "../domain/chunk-state.ts";
import type { Transaction } from "../domain/transaction.ts";
import type { TransactionReader } from "../store/port.ts";

export interface Try {
  readonly transaction: Transaction;
  /** 0: the key's own; n: of the nth retry. */
  readonly generation: number;
}

/** The last try of each, at the price of a read for each that failed. `idOf`: of a try of that generation. */
export async function lastTries<Row>(
  first: ReadonlyMap<Row, Try>,
  idOf: (row: Row, generation: number) => string,
  transactions: Pick<TransactionReader, "many">,
): Promise<Map<Row, Try>> {
  const last = new Map(first);
  let asked: ReadonlyMap<Row, Try> = first;
  while (asked.size > 0) {
    const failed = [...asked].filter(([, { transaction }]) => transaction.status === "failed");
    const next = new Map(failed.map(([row, { generation }]) => [idOf(row, generation + 1), row]));
    const found = next.size > 0 ? await transactions.many([...next.keys()], "consistent") : new Map();
    asked = new Map(
      failed.flatMap(([row, { generation }]) => {
        const transaction = found.get(idOf(row, generation + 1));
        return transaction ? [[row, { transaction, generation: generation + 1 }] as const] : [];
      }),
    );
    for (const [row, one] of asked) last.set(row, one);
  }
  return last;
}

/** What is seen of a chunk's rows, by their places, and how often each was retried. */
export interface SeenRows {
  readonly seen: ReadonlyMap<number, Seen>;
  readonly generations: ChunkState["generations"];
}

/** The same, each at its last try. */
export async function withLastTries(
  { tenant, chunk }: { readonly tenant: string; readonly chunk: Chunk },
  rows: SeenRows,
  { transactions }: { readonly transactions: Pick<TransactionReader, "many"> },
): Promise<SeenRows> {
  const tries = new Map(
    [...rows.seen].flatMap(([place, found]) =>
      found === "reused" ? [] : [[place, { transaction: found, generation: generationOf(rows, place) }] as const],
    ),
  );
  const idOf = (place: number, generation: number): string => {
    const row = chunk.rows[place];
    if (!row) throw new Error(`the rows ${chunk.id} have no place ${place}`);
    return rowTransactionId(tenant, row, generation);
  };
  const seen = new Map(rows.seen);
  const generations = { ...rows.generations };
  for (const [place, { transaction, generation }] of await lastTries(tries, idOf, transactions)) {
    seen.set(place, transaction);
    if (generation > 0) generations[place] = generation;
  }
  return { seen, generations };
}
