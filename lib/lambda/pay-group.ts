/** Pays one group of accruals in a run: gathers what waits into payouts, and carries them out one after the other. */
import type { CashbackRun, Totals } from "../domain/cashback-run.ts";
import { type DecidedPayout, membersMax, type Payout, payable, payoutId, sumOf } from "../domain/payout.ts";
import type { AccrualLists, AccrualStore, PayoutStore } from "../store/accruals.ts";
import { carryOut, type PayOutDependencies } from "./pay-out.ts";

export interface PayGroupDependencies extends PayOutDependencies {
  readonly accruals: PayOutDependencies["accruals"] & Pick<AccrualStore, "get"> & Pick<AccrualLists, "waiting">;
  readonly payouts: PayOutDependencies["payouts"] & Pick<PayoutStore, "get" | "create">;
}

const nothingPaid: Totals = { transactions: 0, accruals: 0, rolledOver: 0, amounts: {} };

/**
 * The same whenever and however often it is asked: a payout that is there already is gone on from, not made anew.
 * What a group comes to is a list, one entry a payout. Undefined where `isLate` says so before the end; then ask again.
 */
export async function payGroup(
  run: CashbackRun,
  group: string,
  { nextStart, isLate }: { readonly nextStart: () => Date; readonly isLate: () => boolean },
  dependencies: PayGroupDependencies,
): Promise<readonly Totals[] | undefined> {
  const paid: Totals[] = [];
  let after: string | undefined;
  for (let n = 0; ; n++) {
    if (isLate()) return undefined;
    const gathered = await gather(run, group, n, after, dependencies);
    if ("rolledOver" in gathered) return [...paid, { ...nothingPaid, rolledOver: gathered.rolledOver }];
    const { payout } = await carryOut(gathered, nextStart, dependencies);
    paid.push(totalsOf(payout));
    if (!payout.hasMore) return paid;
    after = payout.through;
  }
}

/** The group's `n`th payout in this run; or how many accruals are left waiting, because there is none. */
async function gather(
  run: CashbackRun,
  group: string,
  n: number,
  after: string | undefined,
  { accruals, payouts, now }: PayGroupDependencies,
): Promise<Payout | { readonly rolledOver: number }> {
  const { tenant, connection, provider, cutoff, minimumPayout = {}, description } = run;
  const id = payoutId(run.id, group, n);
  const present = await payouts.get(id);
  if (present) return present;

  const where = { tenant, connection, group, cutoff };
  const waiting = await accruals.waiting({ ...where, limit: membersMax + 1, ...(after !== undefined && { after }) });
  const members = payable(waiting.slice(0, membersMax));
  const last = waiting[members.length - 1];
  const first = waiting[0] && (await accruals.get(waiting[0].id));
  if (!last || !first) return { rolledOver: 0 };
  const { sender, receiver, amount } = first;
  const hasMore = members.length < waiting.length;
  // One that is full is paid whatever it comes to: it would be the first again with each run, and never more.
  const minimum = hasMore ? 1 : (minimumPayout[amount.currency] ?? 1);
  if (sumOf(members) < minimum) return { rolledOver: waiting.length };
  return payouts.create({
    id,
    tenant,
    connection,
    provider,
    run: run.id,
    group,
    ...(sender && { sender }),
    receiver,
    currency: amount.currency,
    minimum,
    ...(description !== undefined && { description }),
    members: members.map(({ id: accrual, value, revision }) => ({ id: accrual, value, revision })),
    through: last.at,
    hasMore,
    createdAt: now().toISOString(),
  });
}

function totalsOf({ decision: { kind, value, count }, currency }: DecidedPayout): Totals {
  switch (kind) {
    case "pay":
      return { transactions: 1, accruals: count, rolledOver: 0, amounts: { [currency]: value } };
    case "void":
      return { ...nothingPaid, rolledOver: count };
  }
}
