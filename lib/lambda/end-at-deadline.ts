/** What becomes of a transaction at its deadline: its last lookup, and an operator. */
import { deadlineOf, lastLookMs } from "../domain/due-times.ts";
import { stopSending } from "../domain/due-transitions.ts";
import { askForReview } from "../domain/operator-transitions.ts";
import type { Transaction } from "../domain/transaction.ts";
import type { Actor } from "../domain/transition.ts";
import type { TransactionStore } from "../store/port.ts";

export interface DeadlineDependencies {
  readonly transactions: Pick<TransactionStore, "advance">;
}

/**
 * No timer fails a transaction: at the deadline an operator is asked. One whose outcome is open is looked up once more at the deadline
 * (the lookup itself hands it over), and handed over from here where no lookup gets through.
 */
export async function endedByDeadline(
  transaction: Transaction,
  deadlineHours: number,
  actor: Actor,
  { transactions }: DeadlineDependencies,
): Promise<boolean> {
  const { id, tenant, status, attempt, attempts } = transaction;
  const overdueMs = actor.at.getTime() - deadlineOf(transaction, deadlineHours).getTime();
  if (overdueMs < (attempt === "open" ? lastLookMs : 0)) return false;
  const detail =
    attempt === "open"
      ? `no last word within ${deadlineHours} h, and the provider cannot be asked`
      : `could not be sent within ${deadlineHours} h; surely nothing was`;
  if (status === "pending" && !(await transactions.advance(id, stopSending(detail, actor))).advanced) return true;
  // Refused where a flow has claimed an attempt since: what it came to is on the way.
  await transactions.advance(id, askForReview({ tenant, detail, attempts }, actor));
  return true;
}

/** The deadline; or, past it, when the last lookup should be through. */
export function lastActionAt(transaction: Transaction, deadlineHours: number, now: Date): string {
  const deadline = deadlineOf(transaction, deadlineHours);
  return (deadline > now ? deadline : new Date(deadline.getTime() + lastLookMs)).toISOString();
}
