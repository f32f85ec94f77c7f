/** Carries a payout out: assigns its accruals, decides what is paid, and makes the one transaction that pays it. */
import { beginLater } from "../domain/new-transaction.ts";
import {
  type DecidedPayout,
  decisionOf,
  isDecided,
  type Payout,
  paidMembers,
  transactionOf,
} from "../domain/payout.ts";
import type { Transaction } from "../domain/transaction.ts";
import type { Actor } from "../domain/transition.ts";
import type { AccrualStore, PayoutStore } from "../store/accruals.ts";
import type { TransactionStore } from "../store/port.ts";
import { sideBySide } from "./side-by-side.ts";

export interface PayOutDependencies {
  readonly accruals: Pick<AccrualStore, "assign" | "release">;
  readonly payouts: Pick<PayoutStore, "decide" | "close">;
  readonly transactions: Pick<TransactionStore, "get" | "create">;
  readonly now: () => Date;
}

export interface CarriedOut {
  readonly payout: DecidedPayout;
  /** Absent where nothing is paid. */
  readonly transaction?: Transaction;
}

/** How many accruals are written side by side. */
const atOnce = 20;

/**
 * Each step may be done again, by a runner that died here or by two at once, and comes to the same:
 *
 *   payout stored ── assign each ── decide ──┬─ pay ── transaction
 *                    │              │        └─ void ── let each wait again ── closed
 *                    │              └ the first decision counts. Until it, nothing that was assigned leaves the payout, and what could
 *                    │                not be assigned never can be: it was canceled, taken, or has a higher revision since
 *                    └ what was assigned before is assigned
 *
 * `nextStart` is asked once where a transaction is made: when it may start.
 */
export async function carryOut(
  payout: Payout,
  nextStart: () => Date,
  dependencies: PayOutDependencies,
): Promise<CarriedOut> {
  const decided = isDecided(payout) ? payout : await decide(payout, dependencies);
  switch (decided.decision.kind) {
    case "void":
      // Whoever has just assigned some lets them go, also where it was closed meanwhile.
      if (!decided.closed || !isDecided(payout)) await letWaitAgain(decided, dependencies);
      return { payout: decided };
    case "pay": {
      const { transactions, now } = dependencies;
      const request = transactionOf(decided);
      // Decided just now, it has none yet, unless somebody else was as fast.
      const present = isDecided(payout) ? await transactions.get(request.id, "consistent") : undefined;
      if (present) return { payout: decided, transaction: present };
      const actor: Actor = { by: "schedule", at: now() };
      const { transaction } = await transactions.create(beginLater(request, nextStart(), actor));
      return { payout: decided, ...(transaction && { transaction }) };
    }
  }
}

/** Brings a payout of an earlier run to its end, where its transaction has come to one. What failed waits again, for this run. */
export async function settle(payout: Payout, nextStart: () => Date, dependencies: PayOutDependencies): Promise<void> {
  if (payout.closed) return;
  const { payout: decided, transaction } = await carryOut(payout, nextStart, dependencies);
  switch (transaction?.status) {
    case "succeeded":
      return dependencies.payouts.close(payout.id);
    case "failed":
    case "canceled":
      return letWaitAgain(decided, dependencies);
    case undefined:
    case "pending":
    case "processing":
    case "needs_review":
      return;
  }
}

async function decide(payout: Payout, { accruals, payouts }: PayOutDependencies): Promise<DecidedPayout> {
  const tried = await sideBySide(payout.members, atOnce, async (member) => ({
    id: member.id,
    isOurs: await accruals.assign(member, payout),
  }));
  const assigned = new Set(tried.filter(({ isOurs }) => isOurs).map(({ id }) => id));
  return payouts.decide(payout, decisionOf(payout, assigned));
}

/** Closed last: one that dies before is found open, and lets the rest go. */
async function letWaitAgain(payout: DecidedPayout, { accruals, payouts }: PayOutDependencies): Promise<void> {
  await sideBySide(paidMembers(payout), atOnce, ({ id }) => accruals.release(id, payout));
  await payouts.close(payout.id);
}
