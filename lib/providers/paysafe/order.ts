/** A refund as Paysafe takes it: what an order must be, and the body that is sent. */
import { exponentOf } from "../../domain/currencies.ts";
import type { FieldError } from "../../domain/errors.ts";
import type { Amount } from "../../domain/money.ts";
import { percentHundredths, type Share, type Split, sharesOf } from "../../domain/splits.ts";
import { exactNumber } from "../exact-json.ts";
import type { RefundDraft, RefundOrder } from "../port.ts";
import type { PaysafeConnection } from "./config.ts";

/** The reference's maximum for `amount`. */
const amountMinorMax = 99_999_999_999;

/** Ids are UUIDs; with anything else in it, an id would change the path it stands in. */
const id = /^[\w-]{1,64}$/;

/** Refused by Paysafe in every parameter: `" ; ^ * < / [ ] \`. */
const rejectedCharacters = /[";^*</[\]\\]/;

export function isId(text: string): boolean {
  return id.test(text);
}

/**
 * `amount` is always explicit: "what remains" would be another sum the second time. `dupCheck` is the documented default; it
 * is sent nevertheless, because sending the same reference again is safe only under it.
 */
export function refundBody({ reference, amount, splits }: RefundOrder): string {
  const splitpay = splits.map(({ linkedAccount, percent, amount: share }) =>
    percent === undefined
      ? { linkedAccount, amount: share }
      : { linkedAccount, percent: exactNumber(percent.replace(/^0+(?=\d)/, "")) },
  );
  return JSON.stringify({
    merchantRefNum: reference,
    amount: amount.value,
    dupCheck: true,
    ...(splitpay.length > 0 && { splitpay }),
  });
}

export function checkDraft({ original, amount, splits }: RefundDraft, connection: PaysafeConnection): FieldError[] {
  return [
    ...(isId(original) ? [] : [{ path: "original", message: "must be the id of a settlement" }]),
    ...(amount ? checkAmount(amount, connection.currency) : []),
    ...checkSplits(splits, amount, connection.accountId),
  ];
}

function checkAmount({ value, currency }: Amount, own: string): FieldError[] {
  if (currency !== own) {
    return [{ path: "amount.currency", message: `must be ${own}, the currency of this connection's account` }];
  }
  if (value > amountMinorMax) return [{ path: "amount.value", message: `must be at most ${amountMinorMax}` }];
  // Paysafe rounds the third decimal away (10.139 is processed as 10.14): another amount than was ordered.
  if (exponentOf(currency) > 2 && value % 10 !== 0) {
    return [{ path: "amount.value", message: "must end in 0: Paysafe rounds the third decimal away" }];
  }
  return [];
}

/**
 * What Paysafe checks (Process Card Refund Split Payouts), and no account twice, which nobody documents. Rows are as the caller
 * gave them: an `amount` beside a `percent` is 0 until the shares are worked out.
 */
function checkSplits(splits: readonly Share[], amount: Amount | undefined, accountId: string): FieldError[] {
  const errors = splits.flatMap((share, place) => [
    ...checkLinkedAccount(share, place, splits, accountId),
    ...checkShare(share, place),
  ]);
  if (errors.length > 0 || splits.length === 0) return errors;
  return checkSum(splits, amount);
}

function checkLinkedAccount(
  { linkedAccount }: Share,
  place: number,
  splits: readonly Share[],
  own: string,
): FieldError[] {
  const path = `splits.${place}.linkedAccount`;
  if (linkedAccount.trim() === "" || rejectedCharacters.test(linkedAccount)) {
    return [{ path, message: "must be an account number" }];
  }
  if (linkedAccount === own) return [{ path, message: "must not be the connection's own account" }];
  const first = splits.findIndex((share) => share.linkedAccount === linkedAccount);
  return first < place ? [{ path, message: "must not stand twice" }] : [];
}

function checkShare({ percent, amount: share }: Share, place: number): FieldError[] {
  if (percent === undefined) {
    if (Number.isSafeInteger(share) && share > 0) return [];
    return [{ path: `splits.${place}`, message: "must have exactly one of percent and amount, above zero" }];
  }
  if (percentHundredths(percent) === undefined) {
    const message = "must be above 0 and at most 100, with at most two decimals";
    return [{ path: `splits.${place}.percent`, message }];
  }
  return share ? [{ path: `splits.${place}`, message: "must have exactly one of percent and amount" }] : [];
}

function checkSum(splits: readonly Share[], amount: Amount | undefined): FieldError[] {
  if (!amount) {
    const hundredths = splits.reduce((sum, { percent }) => sum + (percentHundredths(percent ?? "") ?? 0), 0);
    return hundredths > 10_000 ? [{ path: "splits", message: "must not take more than 100 percent together" }] : [];
  }
  try {
    const shares = sharesOf(amount.value, splits.map(asGiven));
    return shares.flatMap((share, place) =>
      share.amount > 0 ? [] : [{ path: `splits.${place}.percent`, message: `is 0 of ${amount.value}` }],
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ path: "splits", message: `must not take more than the refund's ${amount.value} together` }];
  }
}

function asGiven({ linkedAccount, percent, amount }: Share): Split {
  return percent === undefined ? { linkedAccount, amount } : { linkedAccount, percent };
}
