/** Accruals as the API shows and names them. That one is paid, or is being paid, its transaction tells. */
import type { Accrual, AccrualStatus } from "../domain/accrual.ts";
import { VisibleError } from "../domain/errors.ts";
import { payoutTransactionId } from "../domain/ids.ts";
import type { Transaction } from "../domain/transaction.ts";
import type { AccrualStore } from "../store/accruals.ts";
import type { TransactionStore } from "../store/port.ts";
import type { ShownAccrual } from "./shown-accrual.ts";
import { sideBySide } from "./side-by-side.ts";

/** How many transactions are read side by side. */
const atOnce = 25;

/** Each with its transaction. Several have the same one, which is read once. */
export async function showAccruals(
  accruals: readonly Accrual[],
  { transactions }: { readonly transactions: Pick<TransactionStore, "get"> },
  consistency: "consistent" | "eventual" = "eventual",
): Promise<ShownAccrual[]> {
  const ids = [...new Set(accruals.flatMap((accrual) => transactionIdOf(accrual) ?? []))];
  const read = await sideBySide(ids, atOnce, (id) => transactions.get(id, consistency));
  const byId = new Map(read.map((transaction) => [transaction?.id, transaction]));
  return accruals.map((accrual) => presentAccrual(accrual, byId.get(transactionIdOf(accrual))));
}

/** The tenant's accrual. @throws VisibleError not_found, for another tenant's, too */
export async function ownAccrual(
  tenant: string,
  id: string,
  { accruals }: { readonly accruals: Pick<AccrualStore, "get"> },
): Promise<Accrual> {
  const accrual = await accruals.get(id);
  if (accrual?.tenant !== tenant) throw new VisibleError("not_found", `There is no accrual "${id}".`);
  return accrual;
}

/** The transaction that pays it, or was to; it may not be there yet. */
export function transactionIdOf({ tenant, payout }: Accrual): string | undefined {
  return payout === undefined ? undefined : payoutTransactionId(tenant, payout);
}

export function accrualStatusOf({ state }: Accrual, transaction: Transaction | undefined): AccrualStatus {
  switch (state) {
    case "waiting":
      return "waiting";
    case "canceled":
      return "canceled";
    case "assigned":
      return assignedStatusOf(transaction);
  }
}

function assignedStatusOf(transaction: Transaction | undefined): AccrualStatus {
  switch (transaction?.status) {
    case "succeeded":
      return "paid";
    case "failed":
    case "canceled":
      return "waiting";
    case undefined:
    case "pending":
    case "processing":
    case "needs_review":
      return "paying";
  }
}

export function presentAccrual(accrual: Accrual, transaction?: Transaction) {
  const { id, connection, sender, receiver, amount, description, metadata, createdAt, canceled } = accrual;
  return {
    id,
    status: accrualStatusOf(accrual, transaction),
    connection,
    ...(sender && { sender }),
    receiver,
    amount,
    ...(description !== undefined && { description }),
    ...(metadata && { metadata }),
    createdAt,
    ...(canceled && { canceledAt: canceled.at }),
    ...(transaction && { transaction: { id: transaction.id, status: transaction.status } }),
  } satisfies ShownAccrual;
}
