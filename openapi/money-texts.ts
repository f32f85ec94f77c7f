/** The fields of the requests that move money, whichever door they come through. */
import { amountMinorMax } from "../lib/domain/money.ts";
import type { FieldTexts } from "./field-texts.ts";

/** A whole number of minor units, as a request names it. */
export const minorUnits = { type: "integer", minimum: 1, maximum: amountMinorMax };

const amount = (name: string, description: string): FieldTexts => ({
  [name]: description,
  [`${name}.value`]: {
    ...minorUnits,
    description: "Minor units: 19.99 USD is 1999, 1999 JPY is 1999, 1.234 TND is 1234.",
  },
  [`${name}.currency`]: { pattern: "^[A-Z]{3}$", description: "An active ISO 4217 code." },
});

/** An idempotency key that stands in a body: what a header takes, without the blanks around it. */
export const keyRule = { minLength: 1, maxLength: 255, pattern: "^[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?$" };

export const moneyTexts: FieldTexts = {
  connection: "The id of a connection.",
  ...amount("amount", "What moves."),
  ...amount("originalAmount", "What the original was; counts only where nobody else can tell."),
  original: "The payment that returns, by the provider's id or by ours (`txn_…`).",
  recipient: { description: "Who pays back; at least one of the three.", minProperties: 1 },
  "recipient.id": "The provider's id.",
  "recipient.ref": "Your reference at the provider.",
  "recipient.email": "The e-mail address at the provider.",
  splits: "Shares of the refund that linked accounts pay; each has a percent or an amount.",
  "splits.linkedAccount": "The account that pays its share back.",
  "splits.percent": {
    anyOf: [
      { type: "number", exclusiveMinimum: 0, maximum: 100 },
      { type: "string", pattern: "^[0-9]{1,3}(\\.[0-9]{1,2})?$" },
    ],
    description: "Above 0, at most 100, at most two decimals. Rounded half up to the minor unit.",
  },
  "splits.amount": { ...minorUnits, description: "Minor units of the refund's currency." },
  account: "Where the refund goes, for providers that must be told: a number, or a wallet and its currency.",
  "account.accountNumber": "The account, as the provider names it.",
  "account.walletId": "The wallet, as the provider names it.",
  "account.currency": "The account's currency, ISO 4217.",
  sender: "Who pays. Absent: the connection's own account.",
  "sender.accountNumber": "The account that pays.",
  "sender.walletNumber": "The wallet that pays.",
  receiver: "Who is credited.",
  "receiver.walletNumber": "The wallet that is credited.",
  payout:
    "`now`: at once, as a transaction. `scheduled`: with the next run of the connection's schedule, together with what else the receiver is to get. Absent: `now`.",
  description: "Your words. Providers that take a text get it.",
  metadata: { description: "Stored with the transaction, never sent to a provider.", maxProperties: 20 },
};
