/** A transaction as the API shows it. */
import { presentCost } from "../domain/cost.ts";
import { type Transaction, updatedAt } from "../domain/transaction.ts";
import type { ShownTransaction } from "./shown-transaction.ts";

/** Leaves out what is ours alone: the tenant, the fingerprint, the state of the attempt and what belongs to it. */
export function presentTransaction(transaction: Transaction) {
  const {
    tenant: _tenant,
    fingerprint: _fingerprint,
    attempt: _attempt,
    attemptId: _attemptId,
    snapshot: _snapshot,
    owed: _owed,
    providerOriginal: _providerOriginal,
    cost,
    log,
    createdAt,
    nextActionAt,
    ...shown
  } = transaction;
  return {
    ...shown,
    ...(cost && { cost: presentCost(cost, createdAt) }),
    createdAt,
    updatedAt: updatedAt(transaction),
    ...(nextActionAt && { nextActionAt }),
    log,
  } satisfies ShownTransaction;
}
