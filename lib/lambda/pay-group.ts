/** Pays one group of accruals in a run: gathers what waits into payouts, and carries them out one after the other. */
import { groupOf } from "../domain/accrual.ts";
import type { CashbackRun, Totals } from "../domain/cashback-run.ts";
import { type DecidedPayout, membersMax, type Payout, payable, payoutId, sumOf } from "../domain/payout.ts";
import type { Sender } from "../providers/port.ts";
import type { AccrualLists, AccrualStore, PayoutStore, Waiting } from "../store/accruals.ts";
import type { ConnectionBook } from "./connection-book.ts";
import { carryOut, type PayOutDependencies } from "./pay-out.ts";

export interface PayGroupDependencies extends PayOutDependencies {
  readonly accruals: PayOutDependencies["accruals"] & Pick<AccrualStore, "get"> & Pick<AccrualLists, "waiting">;
  readonly payouts: PayOutDependencies["payouts"] & Pick<PayoutStore, "get" | "create">;
  readonly connections: Pick<ConnectionBook, "get">;
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
  const pair = await pairOf(run, group, dependencies);
  if (pair === "paid with another") return [];
  const paid: Totals[] = [];
  let after: string | undefined;
  for (let n = 0; ; n++) {
    if (isLate()) return undefined;
    const gathered = await gather(run, pair, n, after, dependencies);
    if ("rolledOver" in gathered) return [...paid, { ...nothingPaid, rolledOver: gathered.rolledOver }];
    const { payout } = await carryOut(gathered, nextStart, dependencies);
    paid.push(totalsOf(payout));
    if (!payout.hasMore) return paid;
    after = payout.through;
  }
}

/** A group, and the one that is paid together with it. */
interface Pair {
  readonly group: string;
  readonly second?: { readonly group: string; readonly sender: Sender };
}

/**
 * Accruals that name the connection's own sender are a group, and those that leave it out are another, as the connection may get
 * another sender before they are paid. Where both are the same account when the run comes to them, they are paid as one: by the
 * group that names none, while that has anything to pay.
 */
async function pairOf(
  run: CashbackRun,
  group: string,
  dependencies: PayGroupDependencies,
): Promise<Pair | "paid with another"> {
  const { accruals, payouts, connections } = dependencies;
  const sender = (await connections.get(run.connection))?.connector.cashback?.ownSender;
  const present = sender ? await payouts.get(payoutId(run.id, group, 0)) : undefined;
  const first = sender && !present ? await firstOf(run, group, accruals) : undefined;
  const receiver = present?.receiver ?? first?.receiver;
  const currency = present?.currency ?? first?.amount.currency;
  if (!sender || !receiver || currency === undefined) return { group };

  const unnamed = groupOf({ receiver, amount: { currency } });
  const named = groupOf({ sender, receiver, amount: { currency } });
  if (group === unnamed) return { group, second: { group: named, sender } };
  if (group !== named || present) return { group };
  // In this order: what the index shows no longer waiting is in a payout, which a consistent read finds.
  const isPaidWithIt = (await firstOf(run, unnamed, accruals)) ?? (await payouts.get(payoutId(run.id, unnamed, 0)));
  return isPaidWithIt ? "paid with another" : { group };
}

async function firstOf(run: CashbackRun, group: string, accruals: PayGroupDependencies["accruals"]) {
  const { tenant, connection, cutoff } = run;
  const [first] = await accruals.waiting({ tenant, connection, group, cutoff, limit: 1 });
  return first && accruals.get(first.id);
}

/** What waits in both, the oldest first; each stands where it would in the first group. */
async function waitingIn(
  run: CashbackRun,
  { group, second }: Pair,
  after: string | undefined,
  accruals: PayGroupDependencies["accruals"],
): Promise<readonly Waiting[]> {
  const { tenant, connection, cutoff } = run;
  const limit = membersMax + 1;
  const listed = (from: string) =>
    accruals.waiting({
      tenant,
      connection,
      cutoff,
      limit,
      group: from,
      ...(after !== undefined && { after: movedTo(from, after) }),
    });
  const [own, others] = await Promise.all([listed(group), second ? listed(second.group) : []]);
  const moved = others.map((one): Waiting => ({ ...one, at: movedTo(group, one.at), second: true }));
  return [...own, ...moved].sort((one, other) => (one.at < other.at ? -1 : 1)).slice(0, limit);
}

/** The same time and id in another group. */
function movedTo(group: string, at: string): string {
  return `${group}${at.slice(at.indexOf("#"))}`;
}

/** The group's `n`th payout in this run; or how many accruals are left waiting, because there is none. */
async function gather(
  run: CashbackRun,
  pair: Pair,
  n: number,
  after: string | undefined,
  { accruals, payouts, now }: PayGroupDependencies,
): Promise<Payout | { readonly rolledOver: number }> {
  const { tenant, connection, provider, minimumPayout = {}, description } = run;
  const { group, second } = pair;
  const id = payoutId(run.id, group, n);
  const present = await payouts.get(id);
  if (present) return present;

  const waiting = await waitingIn(run, pair, after, accruals);
  const members = payable(waiting.slice(0, membersMax));
  const last = waiting[members.length - 1];
  const first = waiting[0] && (await accruals.get(waiting[0].id));
  if (!last || !first) return { rolledOver: 0 };
  const { receiver, amount } = first;
  const sender = members.some((member) => member.second) ? second?.sender : first.sender;
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
    ...(second && { secondGroup: second.group }),
    ...(sender && { sender }),
    receiver,
    currency: amount.currency,
    minimum,
    ...(description !== undefined && { description }),
    members: members.map(({ at: _place, ...member }) => member),
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
