/** `POST /settlements/{id}/refunds`: checks in Paysafe's order, then moves each account's part (contract, sections 4, 5, 8). */

import type { Account } from "../account.ts";
import type { Fate } from "../faults.ts";
import { isObject, NumberText } from "../json.ts";
import type { MovementDraft } from "../movement.ts";
import type { Answer, Call, World } from "../provider.ts";
import type { ErrorCode } from "./answers.ts";
import { failure, ok } from "./answers.ts";
import { showRefund } from "./refund-view.ts";
import type { Refusals } from "./refusals.ts";
import { availableIn, CURRENCY, findSettlement, MAIN_ACCOUNT, PROVIDER, refundsOf } from "./settlements.ts";
import type { Share } from "./splits.ts";
import { readSplits, toShares } from "./splits.ts";

const REJECTED_CHARACTERS = /[";^*</[\]\\]/;

/** How long a used reference is remembered. */
const DUPLICATE_MS = 90 * 86_400_000;

export const refundReference = ({ json }: Call): string | undefined => {
  const reference = isObject(json) ? json["merchantRefNum"] : undefined;
  return typeof reference === "string" ? reference : undefined;
};

export const refund = (world: World, refusals: Refusals, call: Call): Answer => {
  if (!isObject(call.json)) return failure(world, "5023");
  const merchantRefNum = refundReference(call) ?? "";
  if (merchantRefNum === "" || merchantRefNum.length > 255 || REJECTED_CHARACTERS.test(merchantRefNum)) {
    return failure(world, "5042");
  }
  const asked = readAmount(world, call.json["amount"]);
  if (asked === "wrong") return failure(world, "5003");
  const { splitpay, dupCheck } = call.json;
  if (splitpay !== undefined && world.switchValue("split-payouts") === "off") return failure(world, "5040");
  const wanted = readSplits(world, splitpay ?? []);
  if (!Array.isArray(wanted)) return failure(world, "5068", [wanted]);

  const id = call.params["settlement"] ?? "";
  if (!/^[\w-]{1,36}$/.test(id)) return failure(world, "3408");
  const settlement = findSettlement(world, id);
  if (!settlement) return refusals.answer(call, { merchantRefNum, amount: asked ?? 0 }, "3407");
  const amount = asked ?? availableIn(world, settlement);
  const isChecked = dupCheck !== false && dupCheck !== "false";
  const isDuplicate = isChecked && isUsed(world, refusals, merchantRefNum);
  const order = world.switchValue("duplicate-check");
  if (isDuplicate && order === "before-state") return failure(world, "5031");
  const code = stateOf(world, settlement, amount);
  if (code) return refusals.answer(call, { merchantRefNum, amount }, code);
  if (isDuplicate && order === "after-state") return failure(world, "5031");

  const shares = toShares(world, wanted, amount);
  if (!Array.isArray(shares)) return failure(world, "5068", [shares]);
  const drafts = toDrafts(world, { merchantRefNum, original: id, amount, shares }, fateIn(world, call));
  const isAllowed = world.switchValue("linked-shortfall") === "allowed";
  const mustCover = isAllowed ? drafts.filter(({ account }) => account === MAIN_ACCOUNT) : drafts;
  if (!world.ledger.covers(mustCover)) return refusals.answer(call, { merchantRefNum, amount }, "3412");
  return ok(showRefund(world, call, world.ledger.record(drafts)));
};

/** Undefined where it is absent: the whole remaining amount. */
const readAmount = ({ switchValue }: World, value: unknown): number | "wrong" | undefined => {
  if (value === undefined) return undefined;
  const isText = typeof value === "string" && switchValue("text-amounts") === "accepted";
  const text = value instanceof NumberText ? value.text : isText ? value : "";
  return /^[1-9]\d{0,10}$/.test(text) ? Number(text) : "wrong";
};

const isUsed = ({ ledger, now }: World, refusals: Refusals, reference: string): boolean =>
  refusals.takes(reference) ||
  ledger.movements({ provider: PROVIDER, reference }).some(({ at }) => Date.parse(at) > now() - DUPLICATE_MS);

/** What stands against a refund of the settlement, if anything. */
const stateOf = (world: World, settlement: Account, amount: number): ErrorCode | undefined => {
  if (settlement.status === "suspended") return "3406";
  if (settlement.status === "closed") return "3405";
  const max = world.switchValue("refunds-max");
  if (typeof max === "number" && refundsOf(world, settlement).length >= max) return "3403";
  const available = availableIn(world, settlement);
  if (available <= 0) return "3404";
  return amount > available ? "3402" : undefined;
};

/** A fault's fate first, then the switch `batch-lookups`. */
const fateIn = ({ switchValue }: World, { fate }: Call): Fate => {
  if (fate.plan?.becomes) return fate;
  const lookups = switchValue("batch-lookups");
  if (lookups === 0) return fate;
  if (typeof lookups !== "number") return { ...fate, status: "pending" };
  return { status: "pending", plan: { ...fate.plan, becomes: { lookups, status: "settled" } } };
};

interface NewRefund {
  readonly merchantRefNum: string;
  readonly original: string;
  readonly amount: number;
  readonly shares: readonly Share[];
}

/** One group: each linked account pays its share, the account in the URL the rest (inferred). */
const toDrafts = (
  { newId }: World,
  { merchantRefNum, original, amount, shares }: NewRefund,
  fate: Fate,
): MovementDraft[] => {
  const rest = amount - shares.reduce((sum, share) => sum + share.amount, 0);
  const details = { amount: String(amount), splitpay: JSON.stringify(shares) };
  const group = newId();
  const pays = [{ linkedAccount: MAIN_ACCOUNT, amount: rest }, ...shares].filter((each) => each.amount > 0);
  return pays.map((each) => ({
    provider: PROVIDER,
    operation: "refund",
    reference: merchantRefNum,
    account: each.linkedAccount,
    amount: { value: each.amount, currency: CURRENCY },
    direction: "debit",
    original,
    group,
    details,
    ...fate,
  }));
};
