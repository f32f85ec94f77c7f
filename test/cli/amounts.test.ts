/** Facts about amounts as people write them: read exactly, or refused with a clear word. */
import { describe, expect, test } from "vitest";
import { amountText, readAmount, withDecimals } from "../../cli/amounts.ts";
import { isCurrency } from "../../lib/domain/currencies.ts";
import { type Amount, amountMinorMax, amountOf, toDecimalText } from "../../lib/domain/money.ts";
import { fc } from "../property.ts";

const currency = fc.constantFrom("USD", "EUR", "TRY", "JPY", "KRW", "TND", "KWD", "CLF");
const amount = fc
  .tuple(fc.oneof(fc.integer({ min: 1, max: amountMinorMax }), fc.integer({ min: 1, max: 20_000 })), currency)
  .map(([value, code]) => amountOf(value, code));
const space = fc.constantFrom("", " ", "  ", "\u00a0", "\t");

describe("an amount", () => {
  test("is read as the very minor units that its text was made from, the code before or after", () => {
    fc.assert(
      fc.property(amount, space, fc.boolean(), fc.boolean(), (money, between, isBefore, isSmall) => {
        const code = isSmall ? money.currency.toLowerCase() : money.currency;
        const digits = toDecimalText(money);
        const text = isBefore ? `${code}${between}${digits}` : `${digits}${between}${code}`;
        expect(readAmount(`${between}${text}${between}`)).toEqual(money);
      }),
      { numRuns: 2_000 },
    );
  });

  test("is shown as it is read", () => {
    fc.assert(
      fc.property(amount, (money) => {
        expect(readAmount(amountText(money))).toEqual(money);
      }),
    );
  });

  test("is never read otherwise, whatever stands there: what is read is written alike", () => {
    const noise = fc.stringMatching(/^[0-9.,'_ eE+-]{0,14}$/);
    fc.assert(
      fc.property(noise, currency, (digits, code) => {
        const read = readOrUndefined(`${digits} ${code}`);
        if (!read) return;
        // Only plain digits were taken, and no digit was lost: compared as text, without the code under test.
        expect(digits.trim()).toMatch(/^\d+(\.\d+)?$/);
        const [whole = "", fraction = ""] = digits.trim().split(".");
        const [readWhole = "", readFraction = ""] = toDecimalText(read).split(".");
        expect(readWhole).toBe(whole.replace(/^0+(?=\d)/, ""));
        expect(readFraction).toBe(fraction.padEnd(readFraction.length, "0"));
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    ["19.99 USD", 1999, "USD"],
    ["19.9 USD", 1990, "USD"],
    ["19 USD", 1900, "USD"],
    ["0.01 USD", 1, "USD"],
    ["1999 JPY", 1999, "JPY"],
    ["1.234 TND", 1234, "TND"],
    ["usd 5", 500, "USD"],
    ["10000000000.00 USD", amountMinorMax, "USD"],
  ])("%j is %i %s", (text, value, code) => {
    expect(readAmount(text)).toEqual({ value, currency: code });
  });

  test.each([
    ["19.999 USD", "USD has 2 decimals, and 19.999 has 3"],
    ["1.000 USD", "USD has 2 decimals, and 1.000 has 3"],
    ["19.0 JPY", "JPY has no decimals, and 19.0 has 1"],
    ["1.2345 TND", "TND has 3 decimals"],
    ["19,99 USD", "write a point before the decimals, 19.99"],
    ["1,999.00 USD", "nothing between thousands"],
    ["1.999,00 USD", "nothing between thousands"],
    ["1.999.000 USD", "nothing between thousands"],
    ["1 999.00 USD", "nothing between thousands"],
    ["1\u00a0999 USD", "nothing between thousands"],
    ["1'999 USD", "nothing between thousands"],
    ["1_999 USD", "nothing between thousands"],
    ["1e3 USD", "is no amount such as"],
    ["$19.99", "a sign stands for several currencies"],
    ["19.99 €", "a sign stands for several currencies"],
    ["19.99", "the currency is missing"],
    ["", "the currency is missing"],
    ["USD", "how much of nothing"],
    ["19.99 XYZ", '"XYZ" is not an active ISO 4217 currency'],
    ["19.99 dollars", "is no amount such as"],
    ["USD 19.99 EUR", "is no amount such as"],
    ["-5 USD", "must be more than zero"],
    ["0.00 USD", "must be more than zero"],
    ["+5 USD", "is no decimal number"],
    [".5 USD", "is no decimal number"],
    ["5. USD", "is no decimal number"],
    ["٥ USD", "is no decimal number"],
    ["NaN USD", "is no amount such as"],
    ["10000000000.01 USD", "is too much"],
    ["99999999999999999999999999 USD", "is too large"],
  ])("%j is refused: %s", (text, why) => {
    expect(() => readAmount(text)).toThrow(RangeError);
    expect(() => readAmount(text)).toThrow(why);
  });

  test("of a currency that this version does not know is shown in minor units", () => {
    expect(isCurrency("QQQ")).toBe(false);
    expect(amountText({ ...amountOf(1999, "USD"), currency: "QQQ" })).toBe("1999 QQQ (minor units)");
  });
});

test.each([
  ["Of this original 9250 USD (minor units) are left.", "Of this original 92.50 USD are left."],
  ["1 JPY (minor units), 1 TND (minor units), 0 USD (minor units)", "1 JPY, 0.001 TND, 0.00 USD"],
  ["1999 QQQ (minor units)", "1999 QQQ (minor units)"],
  ["9250 USD", "9250 USD"],
  ["19.99 USD (minor units) x5 USD (minor units)", "19.99 USD (minor units) x5 USD (minor units)"],
])("the API's words %j are read as %j", (text, read) => {
  expect(withDecimals(text)).toBe(read);
});

function readOrUndefined(text: string): Amount | undefined {
  try {
    return readAmount(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
