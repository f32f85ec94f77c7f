/** Nexio's recipient balance (contract, section 7.2): a row for each account under a recipientRef and each currency it held. */

import type { Account } from "../account.ts";
import type { Answer, Call, World } from "../provider.ts";
import { amountNumber, errors, failure, json } from "./answers.ts";
import { PROVIDER, PROVIDER_TYPE, providerIdOf, recipientsOf } from "./recipients.ts";

/** `GET /payout/v3/recipient/balance?recipientRef=`; the path is inferred. */
export const readBalances = (world: World, { query }: Call): Answer => {
  const recipientRef = query.get("recipientRef") ?? "";
  if (recipientRef === "" || recipientRef.length > 100) return failure(errors.invalid, "recipientRef is required");
  const recipients = recipientsOf(world).filter(({ username }) => username === recipientRef);
  if (recipients.length === 0 && world.switchValue("unknown-balance") === "404") {
    return failure(errors.notFound, "Recipient not found");
  }
  return json(200, { recipientRef, recipientBalances: recipients.flatMap((each) => toRows(world, each)) });
};

const toRows = (world: World, recipient: Account): object[] =>
  world.ledger.balances(recipient).map(({ value, currency }) => {
    const providerId = providerIdOf(recipient);
    return {
      recipientId: Number(recipient.account),
      amount: amountNumber({ value: value + unheld(world, recipient, currency), currency }),
      currency,
      providerId: world.switchValue("provider-id") === "string" ? providerId : Number(providerId),
      providerType: PROVIDER_TYPE,
    };
  });

/** What is pending and, by the switch, not yet taken off what the balance shows. */
const unheld = ({ ledger, switchValue }: World, { account }: Account, currency: string): number =>
  switchValue("pending-in-balance") === "held"
    ? 0
    : ledger
        .movements({ provider: PROVIDER })
        .filter(({ status, direction }) => status === "pending" && direction === "debit")
        .filter((each) => each.account === account && each.amount.currency === currency)
        .reduce((sum, { amount }) => sum + amount.value, 0);
