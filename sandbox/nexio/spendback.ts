/** Nexio's Submit spendback (contract, section 4). */

import type { Account } from "../account.ts";
import { isObject, NumberText } from "../json.ts";
import type { MovementDraft } from "../movement.ts";
import type { Answer, Call, World } from "../provider.ts";
import { errors, failure, json } from "./answers.ts";
import { courseOf, statusCodes } from "./course.ts";
import { Inputs } from "./inputs.ts";
import { PROVIDER, resolve } from "./recipients.ts";
import { toRecord } from "./record.ts";

const MEMBERS = [
  "recipientId",
  "recipientRef",
  "email",
  "amount",
  "currency",
  "description",
  "spendbackRef",
  "providerId",
];

/** Triggers an error against the Mock Payout account. */
const MOCK_ERROR_AMOUNT = "12.34";

/** The one documented as unsupported. */
const SANCTIONED_CURRENCY = "RUB";

export const spendbackReference = ({ json: body }: Call): string | undefined => {
  const reference = isObject(body) ? body["spendbackRef"] : undefined;
  return typeof reference === "string" ? reference : undefined;
};

export const submitSpendback = (world: World, call: Call): Answer => {
  const inputs = new Inputs(call.json);
  inputs.allowOnly(MEMBERS);
  const named = {
    recipientId: inputs.integer("recipientId"),
    recipientRef: inputs.text("recipientRef", 100),
    email: inputs.text("email", 300),
    providerId: inputs.integer("providerId"),
  };
  const currency = inputs.currency("currency");
  const value = inputs.amount("amount", currency);
  const description = inputs.text("description", 200);
  const reference = inputs.text("spendbackRef", 100) ?? crypto.randomUUID();
  if (!named.recipientId && !named.recipientRef && !named.email) {
    inputs.refuse("One of recipientId, recipientRef or email is required");
  }
  if (inputs.problem !== undefined) return failure(errors.invalid, inputs.problem);
  if (currency === SANCTIONED_CURRENCY) return failure(errors.unsupported, "Unsupported currency");
  const payer = resolve(world, named);
  if (!isAccount(payer)) return payer;
  const { details, ...course } = courseOf(world, call);
  return move(world, call, payer, {
    provider: PROVIDER,
    operation: "spendback",
    reference,
    account: payer.account,
    amount: { value, currency },
    direction: "debit",
    details: { ...details, ...(description === undefined ? {} : { description }) },
    ...course,
  });
};

const move = (world: World, call: Call, payer: Account, draft: MovementDraft): Answer => {
  const { ledger, switchValue } = world;
  if (payer.status !== "open") return failure(errors.declined, `Declined: the account is ${payer.status}`);
  const isKnown = ledger.movements({ provider: PROVIDER, reference: draft.reference }).length > 0;
  if (isKnown && switchValue("duplicate-reference") === "reject") {
    return failure(errors.invalid, "spendbackRef was used before");
  }
  if (isMockError(call) && switchValue("mock-error") !== "off") {
    return refuse(world, draft, switchValue("mock-error"), "Mock payout error");
  }
  if (!ledger.covers([draft])) return refuse(world, draft, switchValue("insufficient-funds"), "Insufficient funds");
  if (switchValue("gateway-timeout") === "not-moved") return failure(errors.gatewayTimeout, "Gateway timeout");
  const answer = record(world, draft);
  return switchValue("gateway-timeout") === "moved" ? failure(errors.gatewayTimeout, "Gateway timeout") : answer;
};

/** The documents do not say which of the two it is: a failure in words, or a record with status 90. */
const refuse = (world: World, draft: MovementDraft, style: string | number, reason: string): Answer => {
  if (style === "http") return failure(errors.declined, reason);
  const { plan: _, ...rest } = draft;
  const details = { ...draft.details, failedCode: String(statusCodes.failed), reason, refused: "yes" };
  return record(world, { ...rest, status: "failed", details });
};

const record = (world: World, draft: MovementDraft): Answer => {
  const [movement] = world.ledger.record([draft]);
  if (!movement) throw new Error("the ledger recorded nothing");
  return json(Number(world.switchValue("success-status")), toRecord(world, movement));
};

const isMockError = ({ json: body }: Call): boolean => {
  const amount = isObject(body) ? body["amount"] : undefined;
  return amount instanceof NumberText && amount.text === MOCK_ERROR_AMOUNT;
};

const isAccount = (found: Account | Answer): found is Account => "account" in found;
