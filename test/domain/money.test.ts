/** Money against arithmetic of its own: expectations are built from BigInt and text, never by the code under test. */
import { describe, expect, test } from "vitest";
import {
  amountMinorMax,
  amountOf,
  type Balance,
  covers,
  fromDecimalText,
  type MinorUnits,
  sameAmount,
  toDecimalText,
} from "../../lib/domain/money.ts";
import { fc } from "../property.ts";

const manyRuns = { numRuns: 10_000 };

/** A currency of each exponent that ISO 4217 knows, and a second one of the lengths that have several. */
const currency = fc.constantFrom(
  { code: "JPY", exponent: 0 },
  { code: "KRW", exponent: 0 },
  { code: "USD", exponent: 2 },
  { code: "EUR", exponent: 2 },
  { code: "TND", exponent: 3 },
  { code: "KWD", exponent: 3 },
  { code: "CLF", exponent: 4 },
  { code: "UYW", exponent: 4 },
);

/** Every amount that may move, small ones and the bounds more often than chance would give. */
const amountMinor = fc.oneof(
  fc.bigInt({ min: 1n, max: 1_000_000_000_000n }),
  fc.bigInt({ min: 1n, max: 100_000n }),
  fc.constantFrom(1n, 9n, 10n, 99n, 100n, 101n, 999_999_999_999n, 1_000_000_000_000n),
);

/** Major units as text, by division: not how the code does it. */
function majorUnits(minor: bigint, exponent: number): string {
  const unit = 10n ** BigInt(exponent);
  if (exponent === 0) return `${minor}`;
  const rest = `${minor % unit}`;
  return `${minor / unit}.${"0".repeat(exponent - rest.length)}${rest}`;
}

function money(value: number, code: string): Balance {
  return { value: value as MinorUnits, currency: code };
}

describe("decimal text", () => {
  test("is the same number for every amount and every exponent", () => {
    fc.assert(
      fc.property(amountMinor, currency, (minor, { code, exponent }) => {
        expect(toDecimalText(amountOf(Number(minor), code))).toBe(majorUnits(minor, exponent));
      }),
      manyRuns,
    );
  });

  test("is read as the same number for every amount and every exponent", () => {
    fc.assert(
      fc.property(amountMinor, currency, fc.boolean(), (minor, { code, exponent }, negative) => {
        const sign = negative ? "-" : "";
        const read = fromDecimalText(sign + majorUnits(minor, exponent), code);
        expect(read).toStrictEqual({ value: Number(negative ? -minor : minor), currency: code });
      }),
      manyRuns,
    );
  });

  test("is read wherever the point stands, with a power of ten to match", () => {
    fc.assert(
      fc.property(amountMinor, currency, fc.nat(12), fc.nat(3), fc.boolean(), (minor, { code, exponent }, ...form) => {
        const [places, zeros, capital] = form;
        // minor × 10^-exponent, with the point moved left by `places` and the power raised by as many.
        const digits = `${minor}`.padStart(places + 1, "0");
        const whole = digits.slice(0, digits.length - places);
        const fraction = digits.slice(digits.length - places) + "0".repeat(places === 0 ? 0 : zeros);
        const text = `${whole}${fraction && "."}${fraction}${capital ? "E" : "e"}${places - exponent}`;
        expect([text, fromDecimalText(text, code).value]).toStrictEqual([text, Number(minor)]);
      }),
      manyRuns,
    );
  });

  test("with digits below the minor unit is refused, however it is written", () => {
    const below = fc
      .integer({ min: 1, max: 6 })
      .chain((length) =>
        fc.record({ length: fc.constant(length), digits: fc.bigInt({ min: 1n, max: 10n ** BigInt(length) - 1n }) }),
      );
    fc.assert(
      fc.property(
        amountMinor,
        currency,
        below,
        fc.boolean(),
        (minor, { code, exponent }, { length, digits }, asPower) => {
          const tiny = minor * 10n ** BigInt(length) + digits;
          const text = asPower ? `${tiny}e-${exponent + length}` : majorUnits(tiny, exponent + length);
          expect(() => fromDecimalText(text, code)).toThrow(RangeError);
        },
      ),
      manyRuns,
    );
  });

  test("with zeros below the minor unit is the same amount", () => {
    fc.assert(
      fc.property(amountMinor, currency, fc.integer({ min: 1, max: 9 }), (minor, { code, exponent }, zeros) => {
        const text = `${majorUnits(minor, exponent)}${exponent === 0 ? "." : ""}${"0".repeat(zeros)}`;
        expect(fromDecimalText(text, code).value).toBe(Number(minor));
      }),
      manyRuns,
    );
  });

  test.each([
    [1999, "USD", "19.99"],
    [10_000, "USD", "100.00"],
    [1, "USD", "0.01"],
    [10, "USD", "0.10"],
    [1999, "JPY", "1999"],
    [1234, "TND", "1.234"],
    [5, "TND", "0.005"],
    [12_345, "CLF", "1.2345"],
    [1_000_000_000_000, "USD", "10000000000.00"],
    [0, "USD", "0.00"],
    [0, "JPY", "0"],
    [-1, "USD", "-0.01"],
    [-1999, "JPY", "-1999"],
  ])("of %d minor units of %s is %s", (value, code, text) => {
    expect(toDecimalText(money(value, code))).toBe(text);
  });

  test.each([
    // Each of these is off by one when it goes through a float: 19.99 * 100 is 1998.9999999999998.
    ["19.99", "USD", 1999],
    ["0.29", "USD", 29],
    ["1.005e0", "TND", 1005],
    ["4.35", "EUR", 435],
    ["1.0E3", "USD", 100_000],
    ["1.0E+3", "JPY", 1000],
    ["199900e-4", "USD", 1999],
    ["0e99", "USD", 0],
    ["0.000", "JPY", 0],
    ["-0.00", "USD", 0],
    ["-5", "USD", -500],
    ["90071992547409.91", "USD", 9_007_199_254_740_991],
  ])("%s %s is %d minor units", (text, code, value) => {
    expect(fromDecimalText(text, code)).toStrictEqual({ value, currency: code });
  });

  test.each([
    "",
    " ",
    "1 ",
    "+1",
    ".5",
    "5.",
    "1,5",
    "1_000",
    "0x10",
    "NaN",
    "Infinity",
    "1e",
    "1e1.5",
    "--1",
    "1\n",
    "１",
  ])("%j is not a decimal number", (text) => {
    expect(() => fromDecimalText(text, "USD")).toThrow(RangeError);
  });

  test.each(["90071992547409.92", "1e20", "9".repeat(30), "-90071992547409.92", "1e99"])(
    "%s is too large to be exact and is refused",
    (text) => {
      expect(() => fromDecimalText(text, "USD")).toThrow(RangeError);
    },
  );

  test("of a currency that nobody knows is refused in both directions", () => {
    expect(() => fromDecimalText("1.00", "ZZZ")).toThrow(RangeError);
    expect(() => toDecimalText(money(1, "ZZZ"))).toThrow(RangeError);
  });

  test("that is not a number is quoted in the error up to forty characters only", () => {
    expect(() => fromDecimalText("x".repeat(5000), "USD")).toThrow(`"${"x".repeat(40)}" is not a decimal number`);
  });
});

describe("an amount", () => {
  test.each([1, 2, 999_999_999_999, 1_000_000_000_000])("of %d minor units may move", (value) => {
    expect(amountOf(value, "USD")).toStrictEqual({ value, currency: "USD" });
  });

  test.each([
    0,
    -1,
    -0,
    0.5,
    19.99,
    1_000_000_000_001,
    Number.MAX_SAFE_INTEGER,
    2 ** 53,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ])("of %d minor units is refused", (value) => {
    expect(() => amountOf(value, "USD")).toThrow(RangeError);
  });

  test.each(["usd", "US", "USDT", "", "ZZZ", "XAU", "toString"])("in %j is refused", (code) => {
    expect(() => amountOf(100, code)).toThrow(RangeError);
  });

  test("is at most ten to the twelve, so that a thousand of them still add up exactly", () => {
    expect(amountMinorMax).toBe(1_000_000_000_000);
    expect(BigInt(amountMinorMax) * 1000n).toBeLessThan(BigInt(Number.MAX_SAFE_INTEGER));
  });
});

describe("a balance", () => {
  test.each([
    [100, 100, true],
    [101, 100, true],
    [99, 100, false],
    [0, 1, false],
    [-100, 1, false],
  ])("of %d covers an amount of %d: %s", (balance, amount, enough) => {
    expect(covers(money(balance, "USD"), amountOf(amount, "USD"))).toBe(enough);
  });

  test("in another currency says nothing, however large it is", () => {
    expect(() => covers(money(1_000_000, "EUR"), amountOf(1, "USD"))).toThrow(RangeError);
  });

  test("is the same only in value and currency", () => {
    expect(sameAmount(money(1, "USD"), money(1, "USD"))).toBe(true);
    expect(sameAmount(money(1, "USD"), money(2, "USD"))).toBe(false);
    expect(sameAmount(money(1, "USD"), money(1, "EUR"))).toBe(false);
  });
});
