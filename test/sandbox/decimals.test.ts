/** The sandbox's own decimal arithmetic. */

import { expect, test } from "vitest";
import { toDecimal, toMinorUnits } from "../../sandbox/decimals.ts";
import { jsonNumber, NumberText, parseJson } from "../../sandbox/json.ts";

test.each([
  ["100.00", "USD", 10_000],
  ["0.01", "USD", 1],
  ["0.29", "USD", 29],
  ["1e2", "USD", 10_000],
  ["12.50e-1", "USD", 125],
  ["100.000", "USD", 10_000],
  ["50000", "JPY", 50_000],
  ["250.001", "TND", 250_001],
  ["-1.5", "USD", -150],
  ["-0.00", "USD", 0],
  ["9999999999.99", "USD", 999_999_999_999],
])("%s %s is %i minor units", (text, currency, minor) => expect(toMinorUnits(text, currency)).toBe(minor));

test.each([
  ["0.005", "USD"],
  ["1.5", "JPY"],
  ["1e99", "USD"],
  ["10000000000.01", "USD"],
  ["1e999", "USD"],
  ["", "USD"],
  ["NaN", "USD"],
])("%s %s is no amount", (text, currency) => expect(toMinorUnits(text, currency)).toBeUndefined());

test.each([
  [10_000, "USD", "100.00"],
  [1, "USD", "0.01"],
  [0, "USD", "0.00"],
  [-5, "USD", "-0.05"],
  [50_000, "JPY", "50000"],
  [250_001, "TND", "250.001"],
])("%i minor units of %s are %s", (minor, currency, digits) => expect(toDecimal(minor, currency)).toBe(digits));

test("numbers keep their digits through JSON", () => {
  expect(parseJson('{"a":1000.00,"b":[1e2,"1"]}')).toEqual({
    a: new NumberText("1000.00"),
    b: [new NumberText("1e2"), "1"],
  });
  expect(JSON.stringify({ a: jsonNumber("1000.00") })).toBe('{"a":1000.00}');
});
