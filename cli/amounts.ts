/** Amounts as people write them: read exactly, or refused with the reason. */
import { exponentOf, isCurrency } from "../lib/domain/currencies.ts";
import {
  type Amount,
  amountMinorMax,
  amountOf,
  type Balance,
  fromDecimalText,
  toDecimalText,
} from "../lib/domain/money.ts";

/**
 * "19.99 USD", also "USD 19.99" and "19.99usd", as minor units. Fewer decimals than the currency has are filled up; more are
 * refused even where they are zeros: "1.000 USD" is a thousand to half of the world.
 * @throws RangeError with what is wrong and what would be right
 */
export function readAmount(text: string): Amount {
  const { digits, currency } = partsOf(text.trim());
  const decimals = decimalsOf(digits, currency);
  const exponent = exponentOf(currency);
  if (decimals > exponent) {
    const has = exponent === 0 ? "no decimals" : `${exponent} decimals`;
    throw new RangeError(`${currency} has ${has}, and ${digits} has ${decimals}`);
  }
  const { value } = fromDecimalText(digits, currency);
  if (value === 0) throw new RangeError("the amount must be more than zero");
  if (value > amountMinorMax) {
    throw new RangeError(
      `${digits} ${currency} is too much: at most ${toDecimalText({ ...amountOf(amountMinorMax, currency) })} move at once`,
    );
  }
  return amountOf(value, currency);
}

/** "19.99 USD". A currency that this version does not know is shown in minor units, as it came. */
export function amountText(money: Balance): string {
  return isCurrency(money.currency)
    ? `${toDecimalText(money)} ${money.currency}`
    : `${money.value} ${money.currency} (minor units)`;
}

/** The API's words for people: it counts minor units, "9250 USD (minor units)", where they read 92.50 USD. */
export function withDecimals(text: string): string {
  return text.replace(/(?<![\w.])(\d{1,15}) ([A-Z]{3}) \(minor units\)/g, (_form, digits: string, currency: string) =>
    amountText({ value: Number(digits) as Balance["value"], currency }),
  );
}

function partsOf(text: string): { digits: string; currency: string } {
  if (/\p{Sc}/u.test(text)) {
    throw new RangeError("write the currency as its code, such as USD: a sign stands for several currencies");
  }
  const match = /^(?<before>[A-Za-z]{3})?\s*(?<digits>[^A-Za-z]*?)\s*(?<after>[A-Za-z]{3})?$/.exec(text);
  const { before, digits = "", after } = match?.groups ?? {};
  if (!match || (before && after)) throw new RangeError(`"${shortened(text)}" is no amount such as 19.99 USD`);
  const currency = (before ?? after)?.toUpperCase();
  if (!currency) throw new RangeError("the currency is missing: write an amount as 19.99 USD");
  if (digits === "")
    throw new RangeError(`"${shortened(text)}" says how much of nothing: write an amount as 19.99 USD`);
  if (!isCurrency(currency)) throw new RangeError(`"${currency}" is not an active ISO 4217 currency`);
  return { digits, currency };
}

function decimalsOf(digits: string, currency: string): number {
  if (digits.startsWith("-")) throw new RangeError("the amount must be more than zero");
  if (/^\d+,\d\d?$/.test(digits)) {
    throw new RangeError(
      `"${digits}" has a decimal comma: write a point before the decimals, ${digits.replace(",", ".")}`,
    );
  }
  if (/[,'’_\s\u066b\u066c]/.test(digits) || /\..*\./.test(digits)) {
    throw new RangeError(
      `"${shortened(digits)}" cannot be read for sure: write a point before the decimals and nothing between thousands, as in 1234.56 ${currency}`,
    );
  }
  const match = /^\d{1,30}(?:\.(\d{1,30}))?$/.exec(digits);
  if (!match) throw new RangeError(`"${shortened(digits)}" is no decimal number such as 19.99`);
  return match[1]?.length ?? 0;
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
