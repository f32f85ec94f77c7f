/** What Nexio's connector takes: which orders, and which connections. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import type { RefundDraft, SpendbackOrder } from "../../../lib/providers/port.ts";
import { configure, connect, jane, orderOf, refundOf } from "./sample-connection.ts";

const nobody = () => Promise.reject(new Error("a provider was called"));
const { spendback, refund } = connect(nobody);

const wrongIn = (changes: Partial<SpendbackOrder>) => spendback.check(orderOf(changes)).map(({ path }) => path);
const wrongInRefund = (changes: Partial<RefundDraft>) =>
  refund.check({ ...refundOf(), ...changes }).map(({ path }) => path);

describe("a spendback", () => {
  test.each<[string, Partial<SpendbackOrder>]>([
    ["an id", {}],
    ["a ref", { recipient: { ref: "r".repeat(100) } }],
    ["an e-mail address", { recipient: { email: "jane@example.com" } }],
    ["all of them", { recipient: jane }],
    ["a description of 200 characters", { description: "d".repeat(200) }],
    ["yen", { amount: amountOf(1, "JPY") }],
    ["three decimals, of which the last is 0", { amount: amountOf(14_830, "TND") }],
  ])("is taken with %s", (_, changes) => {
    expect(wrongIn(changes)).toStrictEqual([]);
  });

  test.each<[string, Partial<SpendbackOrder>, string]>([
    ["nobody", { recipient: {} }, "recipient"],
    ["an id with letters", { recipient: { id: "rcp-1001" } }, "recipient.id"],
    ["an id with a leading zero", { recipient: { id: "0137241" } }, "recipient.id"],
    ["a negative id", { recipient: { id: "-1" } }, "recipient.id"],
    ["an id with a fraction", { recipient: { id: "1.5" } }, "recipient.id"],
    ["an id with a power", { recipient: { id: "1e5" } }, "recipient.id"],
    ["an empty id", { recipient: { id: "", ref: "r" } }, "recipient.id"],
    ["a ref of 101 characters", { recipient: { ref: "r".repeat(101) } }, "recipient.ref"],
    ["a description of 201 characters", { description: "d".repeat(201) }, "description"],
    ["a third decimal", { amount: amountOf(14_831, "TND") }, "amount.value"],
    ["a fourth decimal", { amount: amountOf(12_301, "CLF") }, "amount.value"],
    ["a third decimal of four", { amount: amountOf(12_310, "CLF") }, "amount.value"],
  ])("is refused with %s", (_, changes, path) => {
    expect(wrongIn(changes)).toStrictEqual([path]);
  });

  test("is told everything that is wrong at once", () => {
    expect(
      wrongIn({
        recipient: { id: "x", ref: "r".repeat(101) },
        description: "d".repeat(201),
        amount: amountOf(1, "TND"),
      }),
    ).toStrictEqual(["recipient.id", "recipient.ref", "description", "amount.value"]);
  });

  test("is paid from a balance only where the recipientRef is known", () => {
    expect(spendback.payer?.(orderOf({ recipient: jane }))).toBe(jane.ref);
    expect(spendback.payer?.(orderOf({ recipient: { id: jane.id, email: jane.email } }))).toBeUndefined();
  });

  test("is never sent twice and cannot be taken back", () => {
    expect(spendback.rejectsDuplicates).toBe(false);
    expect(spendback.cancel).toBeUndefined();
  });
});

describe("a refund", () => {
  test.each<[string, Partial<RefundDraft>]>([
    ["an id and an amount", {}],
    ["cents of a currency with mills", { amount: amountOf(10, "TND") }],
  ])("is taken with %s", (_, changes) => {
    expect(wrongInRefund(changes)).toStrictEqual([]);
  });

  test("is taken without an amount, which the core then learns", () => {
    const { amount: _, ...draft } = refundOf();
    expect(refund.check(draft)).toStrictEqual([]);
  });

  test.each<[string, Partial<RefundDraft>, string]>([
    ["a reference instead of an id", { original: "43b57dce-4dca" }, "original"],
    ["no original", { original: "" }, "original"],
    ["splits", { splits: [{ linkedAccount: "1", amount: 1 }] }, "splits"],
    ["an account", { account: { accountNumber: "1" } }, "account"],
    ["a third decimal", { amount: amountOf(14_831, "TND") }, "amount.value"],
  ])("is refused with %s", (_, changes, path) => {
    expect(wrongInRefund(changes)).toStrictEqual([path]);
  });

  test("is never sent twice and cannot be taken back", () => {
    expect(refund.rejectsDuplicates).toBe(false);
    expect(refund.cancel).toBeUndefined();
  });
});

describe("a connection", () => {
  test("offers no refunds and no login unless told otherwise", () => {
    const connector = configure(nobody);
    expect(connector.refund).toBeUndefined();
    expect(connector.authenticate).toBeUndefined();
    expect(connector.cashback).toBeUndefined();
  });

  test("tells no balances where it has no path for them", () => {
    const connector = configure(nobody, { balancePath: false });
    expect(connector.balance).toBeUndefined();
    expect(connector.spendback).toBeDefined();
  });

  test.each([
    [{ balancePath: "payout/v3/x" }, "balancePath"],
    [{ balancePath: "/x?y=1" }, "balancePath"],
    [{ balancePath: true }, "balancePath"],
    [{ providerId: 0 }, "providerId"],
    [{ providerId: "12610" }, "providerId"],
    [{ username: "user:name" }, "username"],
    [{ apiKey: "" }, "apiKey"],
    [{ spendbackRefunds: {} }, "spendbackRefunds.path"],
    [{ spendbackRefunds: { path: "/r", idField: "spendback" } }, "spendbackRefunds.idField"],
    [{ spendbackRefunds: { path: "/r", idfield: "id" } }, "unknown members: idfield"],
  ])("is told which member is wrong in %j", (wrong, name) => {
    expect(() => configure(nobody, wrong as object)).toThrow(name);
  });
});
