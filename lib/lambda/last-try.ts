/** What a key stands for now: its transaction; or, where that failed and a batch's retry has tried again, the last try. */
import { tryId } from "../domain/ids.ts";
import type { Transaction } from "../domain/transaction.ts";
import type { TransactionStore } from "../store/port.ts";

export interface Keyed {
  readonly tenant: string;
  /** Scopes the key. */
  readonly operation: string;
  readonly key: string;
}

/** One read more for a transaction that failed, and one for each later try; none for any other. */
export async function lastTry(
  first: Transaction,
  { tenant, operation, key }: Keyed,
  { transactions }: { readonly transactions: Pick<TransactionStore, "get"> },
): Promise<Transaction> {
  let last = first;
  for (let generation = 1; last.status === "failed"; generation++) {
    const next = await transactions.get(tryId(tenant, operation, key, generation), "consistent");
    if (!next) return last;
    last = next;
  }
  return last;
}
