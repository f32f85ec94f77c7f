/** i-payout's spendback in both published forms (contract, section 5): the guide's short body and the OpenAPI file's. */

import type { Account } from "../account.ts";
import { toDecimal } from "../decimals.ts";
import { isObject, jsonNumber } from "../json.ts";
import type { MovementDraft } from "../movement.ts";
import type { Answer, Call, World } from "../provider.ts";
import { codes, failure, guideSuccess, invalid, success } from "./envelope.ts";
import { Inputs } from "./inputs.ts";
import type { Item } from "./item.ts";
import { readItem } from "./item.ts";
import type { Session } from "./token.ts";
import type { OpenReads } from "./wallets.ts";
import { accountNotFound, findByToken, findByUsername, PROVIDER, refuseInactive, userNotFound } from "./wallets.ts";

/** The maximum is not documented. */
const ITEMS_MAX = 1_000;

/** A member of the documented enumeration whose meaning is not public; no code for a repeated reference is. */
const DUPLICATE_CODE = -56;

const CONTRACT_FIELDS = ["username", "autoChargeAccount", "checkoutItems"];

/** The body's form decides, not the path: both are served on both paths. */
export const spendBack = (world: World, reads: OpenReads, call: Call, session: Session): Answer => {
  const inputs = new Inputs(call.json);
  return CONTRACT_FIELDS.some((field) => inputs.has(field))
    ? spendBackItems(world, call, inputs)
    : spendBackByGuide(world, reads, call, session, inputs);
};

export const spendbackReference = ({ json }: Call): string | undefined => {
  if (!isObject(json)) return undefined;
  const items: unknown = json["checkoutItems"];
  const first: unknown = Array.isArray(items) ? items[0] : undefined;
  const reference = isObject(first) ? first["merchantReferenceId"] : json["reference"];
  return typeof reference === "string" ? reference : undefined;
};

const spendBackByGuide = (world: World, reads: OpenReads, call: Call, session: Session, inputs: Inputs): Answer => {
  const currency = inputs.currency("currency");
  const value = inputs.amount("amount", currency);
  const reference = inputs.text("reference", { max: Number.POSITIVE_INFINITY });
  if (!inputs.areValid) return invalid(inputs.errors);
  const payer = findByToken(world.ledger, reads.takePayer(world.ledger, session, { reference, currency }));
  if (!payer) return accountNotFound();
  const draft = toDraft(call, payer, { reference, value, currency, details: { form: "guide" } });
  const refusal = refuse(world, payer, [draft]);
  if (refusal) return refusal;
  const [movement] = world.ledger.record([draft]);
  const said = world.switchValue("guide-status");
  return guideSuccess("Spend back payment created successfully", {
    transactionId: reference,
    amount: jsonNumber(toDecimal(value, currency)),
    currency,
    status: said !== "ledger" ? said : movement?.status === "pending" ? "Pending" : "Completed",
  });
};

/** All items or none: whether the provider is atomic is not documented. */
const spendBackItems = (world: World, call: Call, inputs: Inputs): Answer => {
  inputs.allowOnly(CONTRACT_FIELDS);
  const username = inputs.text("username", { max: 300 });
  const isCharged = inputs.flag("autoChargeAccount");
  const items = inputs.rows("checkoutItems", { max: ITEMS_MAX }).map(readItem);
  if (inputs.areValid && !isCharged) {
    inputs.refuse("autoChargeAccount", "What false does is not documented; the sandbox takes true only");
  }
  if (!inputs.areValid) return invalid(inputs.errors);
  const payer = findByUsername(world.ledger, username);
  if (!payer) return userNotFound();
  const drafts = items.map((item) => toDraft(call, payer, item));
  const refusal = refuse(world, payer, drafts);
  if (refusal) return refusal;
  const itemCode = world.switchValue("item-failure");
  if (typeof itemCode === "number")
    return success(
      "Success",
      drafts.map(() => toResult(itemCode, "Item failed", 0, 0)),
    );
  const movements = world.ledger.record(drafts);
  return success(
    "Success",
    movements.map(({ id }) => toResult(codes.ok, "OK", Number(id), Number(id) + 500_000)),
  );
};

const toDraft = (
  { fate }: Call,
  { account }: Account,
  { reference, value, currency, details }: Item,
): MovementDraft => ({
  provider: PROVIDER,
  operation: "spendback",
  reference,
  account,
  amount: { value, currency },
  direction: "debit",
  details,
  ...fate,
});

const refuse = (world: World, payer: Account, drafts: readonly MovementDraft[]): Answer | undefined => {
  const inactive = refuseInactive(world, payer);
  if (inactive) return inactive;
  if (world.switchValue("duplicate-reference") === "reject" && repeatsReference(world, drafts)) {
    return failure(DUPLICATE_CODE, "Duplicate merchant reference id");
  }
  return world.ledger.covers(drafts) ? undefined : failure(codes.insufficientFunds, "Insufficient funds");
};

const repeatsReference = ({ ledger }: World, drafts: readonly MovementDraft[]): boolean => {
  const references = drafts.map(({ reference }) => reference);
  return (
    new Set(references).size < references.length ||
    references.some((reference) => ledger.movements({ provider: PROVIDER, reference }).length > 0)
  );
};

const toResult = (code: number, text: string, logTransactionId: number, transactionRefId: number): object => ({
  m_Code: code,
  m_Text: text,
  logTransactionId,
  transactionRefId,
});
