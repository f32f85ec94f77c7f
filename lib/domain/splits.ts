/** Splits: how much of a refund comes back from each linked account. */
import { amountMinorMax } from "./money.ts";

/** A share as the caller gives it: exactly one of the two. A percentage is decimal text with at most two decimals, such as "5.75". */
export interface Split {
  readonly linkedAccount: string;
  readonly percent?: string;
  readonly amount?: number;
}

/** A share with its final amount in minor units. `percent` stays as the caller gave it, because the provider wants it so. */
export interface Share {
  readonly linkedAccount: string;
  readonly percent?: string;
  readonly amount: number;
}

/** A hundred per cent, in hundredths of a per cent. */
const whole = 10_000n;

/**
 * The shares of a refund of `total` minor units. A percentage is rounded half up to the minor unit: 5.75 % of 10098 is
 * 580.635, so 581 (the example of Paysafe's refund page). What no share takes stays with the main account.
 * @throws RangeError when the shares sum above the total, naming the sum
 */
export function sharesOf(total: number, splits: readonly Split[]): Share[] {
  const shares = splits.map(({ linkedAccount, percent, amount }) =>
    percent === undefined
      ? { linkedAccount, amount: amount ?? 0 }
      : { linkedAccount, percent, amount: partOf(total, percent) },
  );
  const sum = shares.reduce((all, share) => all + share.amount, 0);
  if (sum > total) throw new RangeError(`the shares sum to ${sum}, above the refund's ${total}`);
  return shares;
}

/** A percentage in hundredths, or undefined unless it is above 0, at most 100, and has at most two decimals. */
export function percentHundredths(percent: string): number | undefined {
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(percent);
  if (!match) return undefined;
  const hundredths = Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"));
  return hundredths > 0 && hundredths <= Number(whole) ? hundredths : undefined;
}

function partOf(total: number, percent: string): number {
  const hundredths = percentHundredths(percent);
  if (hundredths === undefined) throw new RangeError(`"${percent}" is not a percentage with at most two decimals`);
  if (!Number.isSafeInteger(total) || total < 0 || total > amountMinorMax)
    throw new RangeError(`${total} is no amount`);
  // Half up: add a half before cutting off. In BigInt, since 10^12 × 10^4 is beyond a safe integer.
  return Number((BigInt(total) * BigInt(hundredths) + whole / 2n) / whole);
}
