/** What a refund must be before Paysafe is asked: its amount, its original, its shares. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import type { RefundDraft } from "../../../lib/providers/port.ts";
import { type ConnectionOptions, connect, connectTo } from "./sample-connection.ts";

function check(changes: Partial<RefundDraft> = {}, options: ConnectionOptions = {}) {
  const { refund } = connectTo({ kind: "in-doubt", detail: "" }, options);
  const draft = { original: "stl-10098", amount: amountOf(10_098, "USD"), account: {}, splits: [], ...changes };
  return refund.check(draft).map(({ path }) => path);
}

const withoutAmount = (splits: RefundDraft["splits"]) => {
  const { refund } = connectTo({ kind: "in-doubt", detail: "" });
  return refund.check({ original: "stl-10098", account: {}, splits }).map(({ path }) => path);
};

const percent = (text: string, linkedAccount = "1001391850") => ({ linkedAccount, percent: text, amount: 0 });
const amount = (value: number, linkedAccount = "1001391860") => ({ linkedAccount, amount: value });

describe("a refund", () => {
  test("is in the connection's currency", () => {
    expect(check()).toStrictEqual([]);
    expect(check({ amount: amountOf(10_098, "EUR") })).toStrictEqual(["amount.currency"]);
    expect(check({ amount: amountOf(10_098, "EUR") }, { currency: "EUR" })).toStrictEqual([]);
  });

  test("may leave its amount to what is left", () => {
    expect(withoutAmount([])).toStrictEqual([]);
  });

  test("is at most the reference's maximum", () => {
    expect(check({ amount: amountOf(99_999_999_999, "USD") })).toStrictEqual([]);
    expect(check({ amount: amountOf(100_000_000_000, "USD") })).toStrictEqual(["amount.value"]);
  });

  test("has no third decimal other than 0, which Paysafe would round away", () => {
    expect(check({ amount: amountOf(10_139, "TND") }, { currency: "TND" })).toStrictEqual(["amount.value"]);
    expect(check({ amount: amountOf(10_140, "TND") }, { currency: "TND" })).toStrictEqual([]);
    expect(check({ amount: amountOf(10_139, "JPY") }, { currency: "JPY" })).toStrictEqual([]);
  });

  test.each(["..", ".", "", "a/b", "a b", "stl;1", "[1]", "x".repeat(65)])("does not return %j", (original) => {
    expect(check({ original })).toStrictEqual(["original"]);
  });
});

describe("the shares of a refund", () => {
  test("may be the seed's", () => {
    expect(check({ splits: [percent("5.75"), amount(500)] })).toStrictEqual([]);
    expect(withoutAmount([percent("5.75"), amount(500)])).toStrictEqual([]);
  });

  test.each([
    ["neither percent nor amount", amount(0), "splits.0"],
    ["both", { ...percent("5.75"), amount: 500 }, "splits.0"],
    ["both, though they agree", { ...percent("5.75"), amount: 581 }, "splits.0"],
    ["a negative amount", amount(-1), "splits.0"],
    ["a fraction of a cent", amount(0.5), "splits.0"],
    ["no percent at all", percent("0"), "splits.0.percent"],
    ["more than all", percent("100.01"), "splits.0.percent"],
    ["three decimals", percent("5.755"), "splits.0.percent"],
    ["a percentage in words", percent("much"), "splits.0.percent"],
    ["a negative percentage", percent("-1"), "splits.0.percent"],
    ["a power of ten", percent("1e1"), "splits.0.percent"],
    ["the connection's own account", amount(1, "89987201"), "splits.0.linkedAccount"],
    ["no account", amount(1, " "), "splits.0.linkedAccount"],
    ["rejected characters", amount(1, "10013;91850"), "splits.0.linkedAccount"],
  ])("are not %s", (_, split, path) => {
    expect(check({ splits: [split] })).toStrictEqual([path]);
    expect(withoutAmount([split])).toStrictEqual([path]);
  });

  test("are not of one account twice", () => {
    const splits = [percent("5.75"), amount(1, "1001391850")];
    expect(check({ splits })).toStrictEqual(["splits.1.linkedAccount"]);
  });

  test("do not sum above the whole", () => {
    expect(check({ splits: [percent("100")] })).toStrictEqual([]);
    expect(check({ splits: [percent("50"), amount(5_049)] })).toStrictEqual([]);
    expect(check({ splits: [percent("50"), amount(5_050)] })).toStrictEqual(["splits"]);
    expect(check({ splits: [amount(10_099)] })).toStrictEqual(["splits"]);
    // Half of 101 is 51 twice.
    const halves = [percent("50"), percent("50", "1001391860")];
    expect(check({ amount: amountOf(101, "USD"), splits: halves })).toStrictEqual(["splits"]);
    expect(withoutAmount(halves)).toStrictEqual([]);
    expect(withoutAmount([...halves, percent("0.01", "1001391870")])).toStrictEqual(["splits"]);
  });

  test("are each more than nothing of the amount", () => {
    const splits = [percent("0.01")];
    expect(check({ amount: amountOf(4_999, "USD"), splits })).toStrictEqual(["splits.0.percent"]);
    expect(check({ amount: amountOf(5_000, "USD"), splits })).toStrictEqual([]);
  });

  test("are all named at once", () => {
    const splits = [percent("0"), amount(0, "89987201"), amount(1)];
    expect(check({ original: "..", amount: amountOf(1, "EUR"), splits })).toStrictEqual([
      "original",
      "amount.currency",
      "splits.0.percent",
      "splits.1.linkedAccount",
      "splits.1",
    ]);
  });
});

describe("a connection", () => {
  test.each([
    { accountId: "" },
    { accountId: "a/b" },
    { accountId: ".." },
    { username: "with:colon" },
    { username: "" },
    { password: "" },
    { currency: "usd" },
    { currency: "XYZ" },
  ])("does not take %j", (options) => {
    expect(() => connect(() => Promise.reject(new Error("called")), options)).toThrow("the connection is wrong");
  });

  test("may send a refused reference again after an empty lookup, since Paysafe rejects repeats", () => {
    expect(connectTo({ kind: "in-doubt", detail: "" }).refund.rejectsDuplicates).toStrictEqual({
      lookupLagMs: 10_000,
      remembersMs: 7_776_000_000,
    });
  });
});
