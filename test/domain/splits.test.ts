/** Splits: shares that never sum above the whole and round as the provider does. */
import { describe, expect, test } from "vitest";
import { percentHundredths, type Split, sharesOf } from "../../lib/domain/splits.ts";
import { fc } from "../property.ts";

const runs = { numRuns: 10_000 };
const account = fc.string({ minLength: 1, maxLength: 10 });
const total = fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 1_000_000_000_000 }));
const hundredths = fc.integer({ min: 1, max: 10_000 });

/** Half up, by long division on whole numbers: another way than the code's. */
function expectedPart(whole: number, percent100: number): number {
  const product = BigInt(whole) * BigInt(percent100);
  const quotient = product / 10_000n;
  return Number(product % 10_000n >= 5_000n ? quotient + 1n : quotient);
}

const textOf = (percent100: number) => `${Math.floor(percent100 / 100)}.${String(percent100 % 100).padStart(2, "0")}`;

describe("shares", () => {
  test("of Paysafe's example are 581 and 500", () => {
    const splits = [
      { linkedAccount: "1001391850", percent: "5.75" },
      { linkedAccount: "1001391860", amount: 500 },
    ];
    expect(sharesOf(10_098, splits)).toEqual([
      { linkedAccount: "1001391850", percent: "5.75", amount: 581 },
      { linkedAccount: "1001391860", amount: 500 },
    ]);
  });

  test("round half up at every amount and percentage", () => {
    fc.assert(
      fc.property(total, hundredths, (whole, percent100) => {
        const [share] = sharesOf(whole, [{ linkedAccount: "a", percent: textOf(percent100) }]);
        expect(share?.amount).toBe(expectedPart(whole, percent100));
      }),
      runs,
    );
  });

  test("never sum above the whole: they are given exactly, or refused", () => {
    const split: fc.Arbitrary<Split> = fc.oneof(
      fc.record({ linkedAccount: account, percent: hundredths.map(textOf) }),
      fc.record({ linkedAccount: account, amount: fc.integer({ min: 1, max: 50_000 }) }),
    );
    fc.assert(
      fc.property(total, fc.array(split, { maxLength: 6 }), (whole, splits) => {
        const parts = splits.map(({ percent, amount }) =>
          percent === undefined ? (amount ?? 0) : expectedPart(whole, Math.round(Number(percent) * 100)),
        );
        const sum = parts.reduce((all, part) => all + part, 0);
        if (sum > whole) expect(() => sharesOf(whole, splits)).toThrow(RangeError);
        else expect(sharesOf(whole, splits).map(({ amount }) => amount)).toEqual(parts);
      }),
      runs,
    );
  });

  test("of all of it leave nothing", () => {
    expect(sharesOf(999_999_999_999, [{ linkedAccount: "a", percent: "100" }])).toMatchObject([
      { amount: 999_999_999_999 },
    ]);
  });

  test.each(["0", "0.00", "100.01", "5.755", "-1", "1e1", "", "abc", "1000", ".5", "5."])(
    "refuse the percentage %j",
    (percent) => {
      expect(percentHundredths(percent)).toBeUndefined();
      expect(() => sharesOf(100, [{ linkedAccount: "a", percent }])).toThrow(RangeError);
    },
  );
});
