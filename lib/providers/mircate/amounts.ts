/** Amounts as Mircate writes them: whole numbers of the unit that the connection states. */
import { exponentOf } from "../../domain/currencies.ts";
import type { Balance } from "../../domain/money.ts";
import type { MircateConnection } from "./config.ts";

export type AmountUnit = MircateConnection["amountUnit"];

/** Minor units in one unit of the wire: 1, or in major units 100 of TRY, 1 of JPY, 1000 of TND. */
export function unitSize(currency: string, unit: AmountUnit): number {
  return unit === "minor" ? 1 : 10 ** exponentOf(currency);
}

/** The digits to send, or undefined for an amount that is not whole in the connection's unit. */
export function toWireDigits({ value, currency }: Balance, unit: AmountUnit): string | undefined {
  const size = unitSize(currency, unit);
  return value % size === 0 ? String(value / size) : undefined;
}

/**
 * Minor units of an amount on the wire, without its sign: whether spent or returned money is written as negative is not
 * documented, and the row's type says which it is. Undefined for what is no whole number, and above what a number holds exactly.
 */
export function fromWireDigits(digits: string, currency: string, unit: AmountUnit): number | undefined {
  const [, whole] = /^-?(\d+)$/.exec(digits) ?? [];
  const value = Number(whole) * unitSize(currency, unit);
  return Number.isSafeInteger(value) ? value : undefined;
}
