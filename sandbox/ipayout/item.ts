/** Reads one of a contract-form spendback's `checkoutItems` (contract, section 5.1). */

import type { Inputs } from "./inputs.ts";

export interface Item {
  readonly reference: string;
  /** Minor units. */
  readonly value: number;
  readonly currency: string;
  /** What Find payment items tells again. */
  readonly details: Readonly<Record<string, string>>;
}

const FIELDS = [
  "amount",
  "currencyCode",
  "merchantReferenceId",
  "isSubscription",
  "itemDescription",
  "userReturnUrl",
  "mustComplete",
  "subscriptionAmount",
  "subscriptionDaysToStart",
];

export const readItem = (inputs: Inputs): Item => {
  inputs.allowOnly(FIELDS);
  const currency = inputs.currency("currencyCode");
  const value = inputs.amount("amount", currency);
  const reference = inputs.text("merchantReferenceId", { max: 100 });
  const isSubscription = inputs.flag("isSubscription");
  const description = inputs.text("itemDescription", { max: 500, optional: true });
  const returnUrl = inputs.text("userReturnUrl", { max: 500, optional: true });
  const mustComplete = inputs.flag("mustComplete", { optional: true });
  if (isSubscription) inputs.amount("subscriptionAmount", currency);
  return {
    reference,
    value,
    currency,
    details: {
      form: "contract",
      description,
      returnUrl,
      mustComplete: String(mustComplete),
      isSubscription: String(isSubscription),
    },
  };
};
