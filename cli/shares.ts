/** The shares of a split refund as people write them: `1001391850=5.75%` or `1001391860=5.00 USD`. */
import type { Amount } from "../lib/domain/money.ts";
import { percentHundredths } from "../lib/domain/splits.ts";
import { readAmount } from "./amounts.ts";

export interface ShareWish {
  readonly linkedAccount: string;
  /** Decimal text with at most two decimals. */
  readonly percent?: string;
  readonly amount?: Amount;
}

/** What a refund's body has: an amount in minor units of the refund's own currency. */
export interface Share {
  readonly linkedAccount: string;
  readonly percent?: string;
  readonly amount?: number;
}

/** @throws RangeError with what is wrong */
export function readShare(text: string): ShareWish {
  const at = text.lastIndexOf("=");
  const linkedAccount = text.slice(0, Math.max(at, 0)).trim();
  const part = text.slice(at + 1).trim();
  if (linkedAccount === "" || part === "") {
    throw new RangeError("write a share as ACCOUNT=5.75% or ACCOUNT=5.00 USD");
  }
  if (!part.endsWith("%")) return { linkedAccount, amount: readAmount(part) };
  const percent = part.slice(0, -1).trim();
  if (percentHundredths(percent) === undefined) {
    throw new RangeError(
      `"${percent}" is no percentage above 0 and at most 100 with at most two decimals, such as 5.75`,
    );
  }
  return { linkedAccount, percent };
}

/**
 * The shares as the API takes them. Their amounts are of the refund's currency, so one that is known must be the same.
 * @throws RangeError where the currencies differ, or nothing says what the refund's is
 */
export function sharesIn(currency: string | undefined, wishes: readonly ShareWish[]): Share[] {
  return wishes.map(({ linkedAccount, percent, amount }) => {
    if (!amount) return { linkedAccount, ...(percent !== undefined && { percent }) };
    if (currency === undefined) {
      throw new RangeError(
        "a share of a fixed amount must be in the refund's currency, which no amount, original amount or account says",
      );
    }
    if (amount.currency !== currency) {
      throw new RangeError(`the share of ${linkedAccount} is in ${amount.currency}, and the refund in ${currency}`);
    }
    return { linkedAccount, amount: amount.value };
  });
}
