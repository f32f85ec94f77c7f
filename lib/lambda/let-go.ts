/** Frees an accrual from a payout that was left before it came to a transaction. */
import type { Accrual } from "../domain/accrual.ts";
import { beginCanceled } from "../domain/new-transaction.ts";
import { isAbandoned, isDecided, type Payout, transactionOf, voided } from "../domain/payout.ts";
import type { Actor } from "../domain/transition.ts";
import type { AccrualStore, PayoutStore } from "../store/accruals.ts";
import type { TransactionStore } from "../store/port.ts";

export interface LetGoDependencies {
  readonly accruals: Pick<AccrualStore, "release">;
  readonly payouts: Pick<PayoutStore, "get" | "decide">;
  readonly transactions: Pick<TransactionStore, "create">;
}

/**
 * A run that died is gone on with, and a payout that failed for a lasting reason is settled by the next run; where the schedule was
 * deleted there is none. Whatever is written here is the write that a run would be refused by, so one that lives after all pays nothing:
 *
 *   not decided ── decided: void ── let go           (the first decision counts)
 *   void ───────────────────────── let go           (a runner that is about to does the same)
 *   to be paid ── its transaction made, canceled    (the first one that is made counts)
 *
 * True where something changed: ask again how the accrual stands. The payout itself stays open, for the next run, if there is one.
 */
export async function letGo(
  { id, payout: of = "" }: Accrual,
  actor: Actor,
  dependencies: LetGoDependencies,
): Promise<boolean> {
  const { accruals, payouts, transactions } = dependencies;
  const found = await payouts.get(of);
  const payout = found && (await decidedIn(found, actor, payouts));
  if (!payout) return false;
  switch (payout.decision.kind) {
    case "void":
      await accruals.release(id, payout);
      return true;
    case "pay":
      if (!isAbandoned(payout, actor.at)) return false;
      await transactions.create(beginCanceled(transactionOf(payout), actor));
      return true;
  }
}

async function decidedIn(payout: Payout, { at }: Actor, payouts: LetGoDependencies["payouts"]) {
  if (isDecided(payout)) return payout;
  return isAbandoned(payout, at) ? payouts.decide(payout, voided(payout)) : undefined;
}
