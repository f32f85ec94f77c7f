/** Finds the provider's id of a refund's original, where the caller named one of our transactions. */
import type { Amount } from "../domain/money.ts";
import type { TransactionStore } from "../store/port.ts";
import { invalid } from "./input.ts";

/**
 * For an id of ours: the provider's id of that payment, and what it moved. For any other: nothing, it is the provider's own.
 * @throws VisibleError validation_failed for a transaction that cannot be refunded here
 */
export async function refundedOriginal(
  { original, connection }: { readonly original: string; readonly connection: string },
  tenant: string,
  transactions: Pick<TransactionStore, "get">,
): Promise<{ providerOriginal?: string; ownAmount?: Amount }> {
  if (!original.startsWith("txn_")) return {};
  const transaction = await transactions.get(original, "consistent");
  const refuse = (message: string) => invalid([{ path: "original", message }]);
  if (transaction?.tenant !== tenant) throw refuse("is no transaction of yours");
  if (transaction.kind === "refund") throw refuse("is a refund itself");
  if (transaction.connection !== connection)
    throw refuse(`was moved through the connection "${transaction.connection}"`);
  if (transaction.status !== "succeeded" || !transaction.providerTransactionId || !transaction.amount) {
    throw refuse(`is ${transaction.status}: only what succeeded can be refunded`);
  }
  return { providerOriginal: transaction.providerTransactionId, ownAmount: transaction.amount };
}
