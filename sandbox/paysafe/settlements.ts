/** Paysafe's settlements, which refunds return, and the merchant accounts that pay for them (contract, section 6). */

import type { Account, AccountSeed } from "../account.ts";
import type { Movement } from "../movement.ts";
import type { Answer, Call, World } from "../provider.ts";
import { failure, ok } from "./answers.ts";
import { linksTo } from "./links.ts";

export const PROVIDER = "paysafe";

/** The merchant account of the documents' samples; the connection's own. */
export const MAIN_ACCOUNT = "89987201";

export const CURRENCY = "USD";

/**
 * Merchant accounts are numbers. Every other account of this stand-in is a settlement: its id, and as balance what was
 * captured. Refunds are paid by merchant accounts, so that balance stays; `availableToRefund` falls. A suspended settlement is
 * not batched yet, a closed one has expired. `/_sandbox/accounts` thus makes, batches and expires settlements, and links accounts.
 */
export const seeds: readonly AccountSeed[] = [
  { account: MAIN_ACCOUNT, status: "open", openings: { [CURRENCY]: 150_000_000 } },
  { account: "1001391850", status: "open", openings: { [CURRENCY]: 1_000_000 } },
  { account: "1001391860", status: "open", openings: { [CURRENCY]: 1_000_000 } },
  { account: "1001391880", status: "open", openings: { [CURRENCY]: 100 } },
  { account: "1001391870", status: "open", openings: { [CURRENCY]: 1_000_000 }, profile: { linked: "no" } },
  { account: "stl-10098", status: "open", openings: { [CURRENCY]: 10_098 } },
  { account: "stl-100", status: "open", openings: { [CURRENCY]: 10_000 } },
  { account: "stl-5500", status: "open", openings: { [CURRENCY]: 5_500 }, profile: { refundedBefore: "3275" } },
  { account: "stl-refunded", status: "open", openings: { [CURRENCY]: 5_000 }, profile: { refundedBefore: "5000" } },
  { account: "stl-pending", status: "suspended", openings: { [CURRENCY]: 5_000 } },
  { account: "stl-expired", status: "closed", openings: { [CURRENCY]: 5_000 } },
  { account: "stl-big", status: "open", openings: { [CURRENCY]: 100_000_000 } },
  { account: "stl-overdraft", status: "open", openings: { [CURRENCY]: 200_000_000 } },
];

const isMerchant = (account: string): boolean => /^\d+$/.test(account);

export const isLinked = ({ ledger }: World, account: string): boolean => {
  const found = isMerchant(account) ? ledger.account({ provider: PROVIDER, account }) : undefined;
  return found !== undefined && found.profile?.["linked"] !== "no";
};

export const findSettlement = ({ ledger }: World, id: string): Account | undefined =>
  isMerchant(id) ? undefined : ledger.account({ provider: PROVIDER, account: id });

/** A settlement's refunds that were not refused, cancelled or failed: one entry each, its shares together. */
export const refundsOf = ({ ledger }: World, { account }: Account): Movement[][] => {
  const groups = new Map<string, Movement[]>();
  for (const movement of ledger.movements({ provider: PROVIDER })) {
    if (movement.original !== account || movement.status === "failed") continue;
    const group = movement.group ?? movement.id;
    groups.set(group, [...(groups.get(group) ?? []), movement]);
  }
  return [...groups.values()];
};

/** By the switch `available-falls`: whether a pending refund already counts is not documented. */
export const availableIn = (world: World, settlement: Account): number => {
  const counts = world.switchValue("available-falls") === "at-once" ? ["pending", "settled"] : ["settled"];
  const refunded = refundsOf(world, settlement)
    .flat()
    .filter(({ status }) => counts.includes(status))
    .reduce((sum, { amount }) => sum + amount.value, 0);
  return capturedIn(settlement) - Number(settlement.profile?.["refundedBefore"] ?? 0) - refunded;
};

/** `GET /settlements/{id}`. */
export const getSettlement = (world: World, call: Call): Answer => {
  const id = call.params["settlement"] ?? "";
  const settlement = findSettlement(world, id);
  if (!settlement) return failure(world, "5269");
  const said = world.switchValue("settlement-status");
  return ok({
    id,
    merchantRefNum: `order-of-${id}`,
    amount: capturedIn(settlement),
    availableToRefund: availableIn(world, settlement),
    dupCheck: true,
    txnTime: settlement.createdAt.replace(/\.\d{3}Z$/, "Z"),
    status: said !== "account" ? said : settlement.status === "suspended" ? "PENDING" : "COMPLETED",
    links: linksTo(call, `/settlements/${id}`),
  });
};

const capturedIn = ({ openings }: Account): number => openings[CURRENCY] ?? 0;
