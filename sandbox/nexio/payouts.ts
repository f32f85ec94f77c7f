/** Nexio's Submit payouts, as far as it takes to fund a recipient (contract, section 7.4). */

import type { MovementDraft } from "../movement.ts";
import type { Answer, Call, World } from "../provider.ts";
import { amountNumber, errors, failure, json } from "./answers.ts";
import { Inputs } from "./inputs.ts";
import { PROVIDER, resolve } from "./recipients.ts";

const COMPLETED = 20;

/** `POST /payout/v3/pay`: all or none, to recipients that exist. Here the ref goes before the id, unlike in a spendback. */
export const submitPayouts = (world: World, { json: body }: Call): Answer => {
  const inputs = new Inputs(body);
  const rows = inputs.rows("payouts");
  if (rows.length === 0) inputs.refuse("payouts is required");
  const drafts: MovementDraft[] = [];
  for (const row of rows) {
    const currency = row.currency("currency");
    const value = row.amount("amount", currency);
    const reference = row.text("payoutRef", 100) ?? crypto.randomUUID();
    const recipient = row.inner("recipient");
    const recipientRef = recipient.text("recipientRef", 100);
    const named = {
      recipientRef,
      recipientId: recipientRef === undefined ? recipient.integer("recipientId") : undefined,
      email: recipient.text("email", 300),
      providerId: row.integer("providerId"),
    };
    const problem = inputs.problem ?? row.problem ?? recipient.problem;
    if (problem !== undefined) return failure(errors.invalid, problem);
    const payee = resolve(world, named);
    if (!("account" in payee)) return payee;
    const { account } = payee;
    const amount = { value, currency };
    drafts.push({ provider: PROVIDER, operation: "payout", reference, account, amount, direction: "credit" });
  }
  if (inputs.problem !== undefined) return failure(errors.invalid, inputs.problem);
  return json(200, {
    payouts: world.ledger.record(drafts).map(({ id, reference, account, amount }) => ({
      id: Number(id),
      payoutRef: reference,
      recipientId: Number(account),
      amount: amountNumber(amount),
      currency: amount.currency,
      payoutStatus: COMPLETED,
    })),
  });
};
