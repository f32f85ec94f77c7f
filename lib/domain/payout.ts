/** A payout: the accruals of one group that a run means to pay with one transaction, and what was decided about them. */
import * as z from "zod/mini";
import { Receiver, Sender } from "./accrual.ts";
import { derivedId, fingerprint, payoutTransactionId } from "./ids.ts";
import { amountMinorMax, amountOf } from "./money.ts";
import type { NewTransaction } from "./new-transaction.ts";

/**
 * The accruals that one payout holds at most. At 80 bytes each the item stays far below DynamoDB's 400 kB; a group with
 * more of them is paid with several transactions.
 */
export const membersMax = 2_000;

const text = z.string().check(z.minLength(1));

/** An accrual as it was when the payout was made: it takes part only while it is still that. */
const Member = z.object({
  id: text,
  value: z.int().check(z.minimum(1)),
  revision: z.int(),
  /** It waits in the payout's second group. */
  second: z.exactOptional(z.literal(true)),
});
export type Member = z.infer<typeof Member>;

/** What becomes of it, said once when each member was tried. `void`: what is left is nothing, or below the minimum. */
const Decision = z.object({
  kind: z.enum(["pay", "void"]),
  /** Minor units. */
  value: z.int().check(z.minimum(0)),
  count: z.int().check(z.minimum(0)),
  /** Members that were canceled, or taken by another payout, before they could be assigned. */
  without: z.array(text),
});
export type Decision = z.infer<typeof Decision>;

/**
 * As it is stored. All but the last two members never change: whoever comes upon it goes on from what it says, so two
 * runners, or one that died and the next, pay the same.
 */
export const Payout = z.object({
  id: text,
  tenant: text,
  connection: text,
  provider: text,
  run: text,
  group: text,
  /** A group that is paid together with it: its accruals name the sender that those of the other leave out. */
  secondGroup: z.exactOptional(text),
  sender: z.exactOptional(Sender),
  receiver: Receiver,
  currency: text,
  /** In minor units; at least 1. */
  minimum: z.int().check(z.minimum(1)),
  description: z.exactOptional(text),
  members: z.array(Member).check(z.minLength(1)),
  /** Where its last member stood among those that waited: another payout of the group begins behind it. */
  through: text,
  /** Whether the group may have more than it holds. */
  hasMore: z.boolean(),
  createdAt: text,
  decision: z.exactOptional(Decision),
  /** Nothing is left to do about it: it was paid, or its accruals wait again. */
  closed: z.exactOptional(z.literal(true)),
});
export type Payout = z.infer<typeof Payout>;

export type DecidedPayout = Payout & { readonly decision: Decision };

export function isDecided(payout: Payout): payout is DecidedPayout {
  return payout.decision !== undefined;
}

/** Where one of its members waits, and waits again. */
export function groupOfMember({ group, secondGroup = group, members }: Payout, accrual: string): string {
  if (secondGroup === group) return group;
  return members.find(({ id }) => id === accrual)?.second ? secondGroup : group;
}

/** The `n`th payout of a group in a run, counted from 0. */
export function payoutId(run: string, group: string, n: number): string {
  return derivedId("pay", run, group, String(n));
}

/** As many of the accruals, from the first, as one transaction can pay. */
export function payable<Of extends Member>(members: readonly Of[]): readonly Of[] {
  let sum = 0;
  const end = members.findIndex(({ value }) => {
    sum += value;
    return sum > amountMinorMax;
  });
  return end < 0 ? members : members.slice(0, end);
}

/** What becomes of a payout of which these members were assigned. */
export function decisionOf(
  { members, minimum }: Pick<Payout, "members" | "minimum">,
  assigned: ReadonlySet<string>,
): Decision {
  const ours = members.filter(({ id }) => assigned.has(id));
  const value = sumOf(ours);
  const without = members.filter(({ id }) => !assigned.has(id)).map(({ id }) => id);
  return { kind: value >= minimum ? "pay" : "void", value, count: ours.length, without };
}

/** How long after it was made somebody may still be about to pay it: longer than a Lambda lives, and than it takes to go on for one that died. */
const abandonedAfterMs = 3_600_000;

/** Whether nobody is about to pay it any more, as far as time can tell; what is done about it is safe also where it is wrong. */
export function isAbandoned({ createdAt }: Pick<Payout, "createdAt">, now: Date): boolean {
  return now.getTime() - Date.parse(createdAt) >= abandonedAfterMs;
}

/** That it pays nothing: every one of its members that was assigned waits again. */
export function voided({ members }: Pick<Payout, "members">): Decision {
  return { kind: "void", value: sumOf(members), count: members.length, without: [] };
}

export function sumOf(members: readonly Pick<Member, "value">[]): number {
  return members.reduce((sum, { value }) => sum + value, 0);
}

/** The members that its transaction pays. */
export function paidMembers({ members, decision }: DecidedPayout): readonly Member[] {
  const without = new Set(decision.without);
  return members.filter(({ id }) => !without.has(id));
}

/** The cashback that pays it: like any other, but for the accruals that it names. */
export function transactionOf(payout: DecidedPayout): NewTransaction {
  const { id, tenant, connection, provider, run, sender, receiver, currency, description, decision } = payout;
  const order = {
    connection,
    ...(sender && { sender }),
    receiver,
    amount: amountOf(decision.value, currency),
    ...(description !== undefined && { description }),
  };
  return {
    ...order,
    id: payoutTransactionId(tenant, id),
    tenant,
    kind: "cashback",
    provider,
    batch: run,
    accruals: { payout: id, count: decision.count },
    fingerprint: fingerprint({ ...order, payout: id }),
  };
}
