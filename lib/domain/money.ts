/** Money: whole minor units of one currency, converted to and from decimal text digit by digit. */
import { exponentOf } from "./currencies.ts";

declare const minorUnits: unique symbol;

/** A whole number of a currency's smallest unit: 1999 of USD is 19.99, 1999 of JPY is 1999. */
export type MinorUnits = number & { readonly [minorUnits]: true };

/** Money that moves: at least one minor unit. */
export interface Amount {
  readonly value: MinorUnits;
  readonly currency: string;
}

/** Money that lies somewhere: may be zero or, for an overdrawn wallet, negative. */
export interface Balance {
  readonly value: MinorUnits;
  readonly currency: string;
}

/** The most one transaction may move. Ten billion dollars; every sum of a thousand of them is still a safe integer. */
export const amountMinorMax = 1_000_000_000_000;

/** @throws RangeError unless `value` is a whole number from 1 to 10^12 and `currency` is known. */
export function amountOf(value: number, currency: string): Amount {
  exponentOf(currency);
  if (!Number.isSafeInteger(value) || value < 1 || value > amountMinorMax) {
    throw new RangeError(`an amount is a whole number of minor units from 1 to ${amountMinorMax}, not ${value}`);
  }
  return { value: value as MinorUnits, currency };
}

/** @throws RangeError when the currencies differ: two currencies never compare. */
export function covers(balance: Balance, amount: Amount): boolean {
  if (balance.currency !== amount.currency) {
    throw new RangeError(`a balance in ${balance.currency} says nothing about ${amount.currency}`);
  }
  return balance.value >= amount.value;
}

export function sameAmount(one: Balance, other: Balance): boolean {
  return one.value === other.value && one.currency === other.currency;
}

/** Major units as text with all the currency's digits: 1999 USD is "19.99", 10000 USD is "100.00", 1999 JPY is "1999". */
export function toDecimalText(money: Balance): string {
  const exponent = exponentOf(money.currency);
  const sign = money.value < 0 ? "-" : "";
  const digits = Math.abs(money.value)
    .toString()
    .padStart(exponent + 1, "0");
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/**
 * Reads major units from decimal text such as "19.99", "-5", "1.0E3"; exact, no float in between.
 * @throws RangeError when it is not a decimal number, has digits smaller than the currency's minor unit, or is too large.
 */
export function fromDecimalText(text: string, currency: string): Balance {
  const exponent = exponentOf(currency);
  const match = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text);
  if (!match) throw new RangeError(`"${text.slice(0, 40)}" is not a decimal number`);
  const [, sign, whole = "", fraction = "", power = "0"] = match;

  // The value is digits × 10^shift minor units.
  const digits = whole + fraction;
  const shift = exponent - fraction.length + Number(power);
  const kept = shift >= 0 ? digits + "0".repeat(shift) : digits.slice(0, shift) || "0";
  const dropped = shift >= 0 ? "" : digits.slice(shift);
  if (/[1-9]/.test(dropped)) {
    throw new RangeError(`${text} ${currency} has digits below the minor unit, which has ${exponent}`);
  }
  const value = Number(kept);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} ${currency} is too large`);
  return { value: (sign && value !== 0 ? -value : value) as MinorUnits, currency };
}

/** The same for text from outside: undefined instead of an error. */
export function readDecimalText(text: string, currency: string): Balance | undefined {
  try {
    return fromDecimalText(text, currency);
  } catch {
    return undefined;
  }
}
