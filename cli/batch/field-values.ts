/** Reads what stands in a field of a file: text, or in JSON Lines any value. Each throws a RangeError with what would be right. */
import { type Amount, amountOf } from "../../lib/domain/money.ts";
import { type Kind, kinds } from "../../lib/domain/transaction.ts";
import { readAmount } from "../amounts.ts";
import { idempotencyKey } from "../option-readers.ts";
import { readShare, type ShareWish } from "../shares.ts";

/** @param currency what stands beside it in the column `currency` */
export type ReadValue = (value: unknown, currency: string | undefined) => unknown;

export function readKind(value: unknown): Kind {
  const word = textIn(value).toLowerCase();
  const kind = kinds.find((one) => one === word);
  if (!kind) throw new RangeError(`must be one of ${kinds.join(", ")}`);
  return kind;
}

export function readKey(value: unknown): string {
  return idempotencyKey(textIn(value));
}

export function readText(lengthMax: number): (value: unknown) => string {
  return (value) => {
    const text = textIn(value);
    if (text.length > lengthMax) throw new RangeError(`has ${text.length} characters; at most ${lengthMax} are taken`);
    return text;
  };
}

export function readEmail(value: unknown): string {
  const address = textIn(value);
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address)) throw new RangeError("must be an e-mail address");
  return address;
}

export function readPayout(value: unknown): string {
  if (value !== "now") throw new RangeError("a batch pays now: write now, or leave it out");
  return value;
}

/** `19.99 USD`, `19.99` beside a currency, or in JSON Lines `{value, currency}` in minor units. */
export function readMoney(value: unknown, currency: string | undefined): Amount {
  if (isMoney(value)) return amountOf(value.value, value.currency);
  if (typeof value !== "string") throw new RangeError('write "19.99 USD", or {"value": 1999, "currency": "USD"}');
  const text = textIn(value);
  if (currency === undefined) return readAmount(text);
  if (!/[A-Za-z]/.test(text)) return readAmount(`${text} ${currency}`);
  const amount = readAmount(text);
  if (amount.currency !== currency.toUpperCase()) {
    throw new RangeError(`is in ${amount.currency}, and the column currency says ${currency}`);
  }
  return amount;
}

/** `LA1=5.75%; LA2=5.00 USD`, or in JSON Lines the list that the API takes. */
export function readShares(value: unknown): readonly ShareWish[] | readonly unknown[] {
  if (Array.isArray(value)) return value;
  return textIn(value).split(";").map(readShare);
}

/** The text, unless a spreadsheet has spoilt it: then it may have been anything. */
function textIn(value: unknown): string {
  if (typeof value !== "string") throw new RangeError("must be text, in quotes");
  if (value === "") throw new RangeError("must not be empty");
  const shown = value.slice(0, 40);
  if (/^[+-]?\d([.,]\d+)?E[+-]?\d+$/i.test(value)) {
    throw new RangeError(`"${shown}" is what a spreadsheet makes of a long number: give the column the format Text`);
  }
  if (/^(#+|#(REF!|N\/A|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!))$/.test(value)) {
    throw new RangeError(`"${shown}" is a spreadsheet's error`);
  }
  return value;
}

function isMoney(value: unknown): value is { readonly value: number; readonly currency: string } {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 2) return false;
  return (
    "value" in value && typeof value.value === "number" && "currency" in value && typeof value.currency === "string"
  );
}
