/** What a refund must name, and what is refused before anything is recorded or sent. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import type { RefundDraft } from "../../../lib/providers/port.ts";
import { type ConnectionOptions, configure, connect, connectionEntry, refundOf } from "./sample-connection.ts";

const nobody = () => Promise.reject(new Error("a call was made"));

const draftOf = (changes: Partial<RefundDraft> = {}): RefundDraft => ({
  original: "spent-100",
  account: { accountNumber: "alice-try" },
  splits: [],
  amount: amountOf(5_000, "TRY"),
  ...changes,
});

const pathsOf = (changes: Partial<RefundDraft>, options: ConnectionOptions = {}) =>
  connect(nobody, options)
    .check(draftOf(changes))
    .map(({ path }) => path);

describe("the account", () => {
  test.each([
    [{ accountNumber: "1" }],
    [{ accountNumber: "1", currency: "TRY" }],
    [{ walletId: "w", currency: "TRY" }],
  ])("may be named by %j", (account) => {
    expect(pathsOf({ account })).toStrictEqual([]);
  });

  test.each([
    [{}, ["account.accountNumber"]],
    [{ currency: "TRY" }, ["account.accountNumber"]],
    [{ walletId: "w" }, ["account.currency"]],
    [{ accountNumber: "1", walletId: "w" }, ["account.walletId"]],
    [{ accountNumber: "1", walletId: "w", currency: "TRY" }, ["account.walletId"]],
    [{ walletId: "w", currency: "try" }, ["account.currency"]],
    [{ walletId: "w", currency: "POINTS" }, ["account.currency"]],
    [{ walletId: "w", currency: "USD" }, ["account.currency"]],
    [{ accountNumber: "1", currency: "USD" }, ["account.currency"]],
  ])("is wrong as %j", (account, paths) => {
    expect(pathsOf({ account })).toStrictEqual(paths);
  });

  test("may be named before the amount is known", () => {
    const { amount: _, ...rest } = draftOf({ account: { walletId: "w", currency: "USD" } });
    expect(connect(nobody).check(rest)).toStrictEqual([]);
  });
});

describe("the amount", () => {
  test.each([
    [1, "TRY", []],
    [100, "TRY", []],
    [1_000_000_000_000, "TRY", []],
    [1, "JPY", []],
  ])("of %d %s is right in minor units", (value, currency, paths) => {
    expect(pathsOf({ amount: amountOf(value, currency) })).toStrictEqual(paths);
  });

  test.each([
    [100, "TRY", []],
    [1, "JPY", []],
    [1_000, "TND", []],
    [150, "TRY", ["amount.value"]],
    [1, "TRY", ["amount.value"]],
    [100, "TND", ["amount.value"]],
  ])("of %d %s in major units: %j", (value, currency, paths) => {
    expect(pathsOf({ amount: amountOf(value, currency) }, { amountUnit: "major" })).toStrictEqual(paths);
  });

  test("that is no whole major unit is told what would be", () => {
    expect(connect(nobody, { amountUnit: "major" }).check(draftOf({ amount: amountOf(150, "TRY") }))).toStrictEqual([
      { path: "amount.value", message: "must be a multiple of 100: this connection moves whole TRY only" },
    ]);
  });

  test("that became known too late to be refused is never sent", async () => {
    const order = refundOf({ amount: amountOf(150, "TRY") });
    expect(await connect(nobody, { amountUnit: "major" }).submit(order, undefined)).toMatchObject({
      kind: "declined",
      code: "provider_rejected_request",
      message: expect.stringMatching(/^Nothing was sent/),
    });
  });
});

test("splits are refused, and every wrong field is told at once", () => {
  const splits = [{ linkedAccount: "l", amount: 1 }];
  expect(pathsOf({ splits })).toStrictEqual(["splits"]);
  expect(pathsOf({ splits, account: {}, amount: amountOf(1, "TRY") }, { amountUnit: "major" })).toStrictEqual([
    "account.accountNumber",
    "amount.value",
    "splits",
  ]);
});

test("a refund that names no amount is in the account's currency, else in the connection's", () => {
  const { currency } = connect(nobody, { currency: "TRY" });
  expect(currency(draftOf({ account: { walletId: "w", currency: "USD" } }))).toBe("USD");
  expect(currency(draftOf())).toBe("TRY");
  expect(connect(nobody).currency(draftOf())).toBeUndefined();
});

test("one refund at a time is sent to an account, however large or of what", () => {
  const { exclusive } = connect(nobody);
  const key = exclusive(refundOf());
  expect(exclusive(refundOf({ reference: "other", original: "o", amount: amountOf(1, "TRY") }))).toBe(key);
  expect(exclusive(refundOf({ account: { accountNumber: "alice-try", currency: "TRY" } }))).toBe(key);
  const others = [
    { accountNumber: "bob-try" },
    { walletId: "alice-try", currency: "TRY" },
    { walletId: "alice-try", currency: "USD" },
    { walletId: "other", currency: "TRY" },
  ].map((account) => exclusive(refundOf({ account })));
  expect(new Set([key, ...others]).size).toBe(5);
});

describe("a connection", () => {
  test("offers refunds, and what is documented of the rest: nothing", () => {
    const connector = configure(nobody);
    expect(Object.keys(connector)).toStrictEqual(["refund"]);
    expect(connector.refund).toMatchObject({ rejectsDuplicates: false });
    expect(connector.refund?.cancel).toBeUndefined();
  });

  test.each([
    ["amountUnit", { amountUnit: undefined }],
    ["amountUnit", { amountUnit: "kurus" }],
    ["apiKey", { apiKey: "" }],
    ["projectId", { projectId: "" }],
    ["accountId", { accountId: undefined }],
    ["currency", { currency: "try" }],
    ["sharedAccounts", { sharedAccounts: "yes" }],
    ["balances", { balances: true }],
  ])("is refused with a wrong %s", (name, wrong) => {
    const entry = { ...connectionEntry, ...wrong } as ConnectionOptions;
    expect(() => configure(nobody, entry)).toThrow(name);
  });
});
