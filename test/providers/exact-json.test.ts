/** JSON without floats: digits in are digits out. */
import { describe, expect, test } from "vitest";
import { exactNumber, parseExactJson } from "../../lib/providers/exact-json.ts";
import { fc } from "../property.ts";

describe("a number that is read", () => {
  test.each(["19.99", "19.90", "100.00", "0.1", "-0", "-0.00", "1e5", "1E-7", "1e400", "9007199254740993"])(
    "keeps its digits: %s",
    (digits) => {
      expect(parseExactJson(`{"amount": ${digits} }`)).toStrictEqual({ amount: digits });
    },
  );

  test("keeps its digits at any depth and at the top", () => {
    expect(parseExactJson('[[1.10,{"a":[2.20]}],3.30]')).toStrictEqual([["1.10", { a: ["2.20"] }], "3.30"]);
    expect(parseExactJson("5.50")).toBe("5.50");
  });

  test("keeps its digits, however many there are", () => {
    const digits = fc
      .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.stringMatching(/^\d{0,30}$/))
      .map(([negative, whole, fraction]) => `${negative ? "-" : ""}${whole}${fraction && "."}${fraction}`);
    fc.assert(
      fc.property(digits, (given) => {
        expect(parseExactJson(`{"a":${given},"b":[${given}]}`)).toStrictEqual({ a: given, b: [given] });
      }),
      { numRuns: 10_000 },
    );
  });
});

test("everything but numbers is read as JSON.parse reads it", () => {
  const withoutNumbers = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value")),
      fc.dictionary(fc.string(), tie("value")),
    ),
  })).value;
  fc.assert(
    fc.property(withoutNumbers, (value) => {
      const text = JSON.stringify(value);
      expect(parseExactJson(text)).toStrictEqual(JSON.parse(text));
    }),
  );
});

test.each(["", "{", "{'a':1}", '{"a":01}', "NaN", '{"a":1}}', "<html>"])("%j is refused: it is not JSON", (text) => {
  expect(() => parseExactJson(text)).toThrow(SyntaxError);
});

describe("a number that is written", () => {
  test.each(["100.00", "19.99", "1999", "1.234", "0.01", "-5.00", "9007199254740993", "1e5"])(
    "has exactly its digits: %s",
    (digits) => {
      expect(JSON.stringify({ amount: exactNumber(digits), currency: "USD" })).toBe(
        `{"amount":${digits},"currency":"USD"}`,
      );
    },
  );

  test.each([
    "",
    "1.",
    ".5",
    "01",
    "+1",
    " 1",
    "1 ",
    "1\n",
    "1,5",
    "0x1",
    "NaN",
    "true",
    "null",
    '"1"',
    "{}",
    '1,"a":2',
  ])("cannot be %j", (digits) => {
    expect(() => exactNumber(digits)).toThrow(SyntaxError);
  });
});
