/** A spendback or refund as Nexio shows it (contract, sections 4.2 and 7.1). */

import type { Movement } from "../movement.ts";
import type { World } from "../provider.ts";
import { amountNumber } from "./answers.ts";
import { codeOf, endOf, statusCodes } from "./course.ts";
import { PAYOUT_ACCOUNT_ID, PROVIDER, PROVIDER_TYPE, providerIdOf } from "./recipients.ts";

/** Its values are not documented. */
const REFUND_TYPE = 20;

/** One record for the submission, the view and the list; `description` only where one was sent. */
export const toRecord = (world: World, movement: Movement): Record<string, unknown> => {
  const { id, reference, account, amount, at, details = {} } = movement;
  const code = sayStatus(world, movement);
  const recipient = world.ledger.account({ provider: PROVIDER, account });
  const providerId = recipient ? providerIdOf(recipient) : "";
  return {
    id: Number(id),
    spendbackRef: reference,
    recipientId: Number(account),
    recipientRef: recipient?.username ?? null,
    payoutAccountId: PAYOUT_ACCOUNT_ID,
    providerId: world.switchValue("provider-id") === "string" ? providerId : Number(providerId),
    providerType: PROVIDER_TYPE,
    providerSpendbackRef: `mock-${id}`,
    amount: amountNumber(amount),
    currency: amount.currency,
    ...(details["description"] ? { description: details["description"] } : {}),
    spendbackDate: at,
    spendbackStatus: code,
    ...(code === statusCodes.failed ? { providerResponse: { message: details["reason"] ?? "Declined" } } : {}),
    createdAt: at,
    updatedAt: at,
  };
};

/** A refund's answer has `spendbackId` and `spendbackType` where a spendback's has `id`. */
export const toRefundRecord = (world: World, movement: Movement): Record<string, unknown> => {
  const { id, providerResponse: _, ...rest } = toRecord(world, movement);
  return { spendbackId: id, ...rest, spendbackType: REFUND_TYPE };
};

/** What answers say. Saying completed, expired, canceled or failed makes it so: words and money never part. */
const sayStatus = ({ ledger, switchValue }: World, movement: Movement): number => {
  const said = switchValue("status");
  if (typeof said !== "number") return codeOf(movement);
  const end = endOf(said);
  if (end) ledger.end(movement, end);
  return said;
};
