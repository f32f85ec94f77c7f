/** The ledger under movements of the kinds that other providers have: originals, refunds with shares, credits. */

import { expect, test } from "vitest";
import { openMemoryJournal } from "../../sandbox/journal.ts";
import { Ledger } from "../../sandbox/ledger.ts";
import type { MovementDraft } from "../../sandbox/movement.ts";

const MAIN = { provider: "paysafe", account: "89987201" };
const LINKED = { provider: "paysafe", account: "1001391850" };

const draft = (
  owner: { provider: string; account: string },
  value: number,
  more: Partial<MovementDraft> = {},
): MovementDraft => ({
  ...owner,
  operation: "refund",
  reference: "refund-1",
  amount: { value, currency: "USD" },
  direction: "debit",
  ...more,
});

const open = (): Ledger => {
  const ledger = new Ledger(openMemoryJournal(), () => 0);
  ledger.seed("paysafe", {
    accounts: [
      { account: MAIN.account, status: "open", openings: {} },
      { account: LINKED.account, status: "open", openings: { USD: 600 } },
    ],
    movements: [draft(MAIN, 10_098, { operation: "settlement", reference: "order-1", direction: "credit" })],
  });
  return ledger;
};

test("a refund with shares is one group of debits that name their original", () => {
  const ledger = open();
  const [original] = ledger.movements({ reference: "order-1" });
  const shared = { original: original?.id ?? "", group: "g1" };
  const shares = [draft(MAIN, 9_517, shared), draft(LINKED, 581, shared)];
  expect(ledger.covers(shares)).toBe(true);
  ledger.record(shares);
  expect(ledger.movements({ group: "g1" }).map(({ original: id }) => id)).toEqual(["100001", "100001"]);
  expect([ledger.balance(MAIN, "USD"), ledger.balance(LINKED, "USD")]).toEqual([581, 19]);
});

test("what several drafts take from one account counts together", () => {
  const ledger = open();
  expect(ledger.covers([draft(LINKED, 600)])).toBe(true);
  expect(ledger.covers([draft(LINKED, 300), draft(LINKED, 301)])).toBe(false);
});

test("a pending credit is not there yet, and a failed debit is there again", () => {
  const ledger = open();
  const [credit] = ledger.record([draft(LINKED, 10, { direction: "credit", status: "pending" })]);
  expect(ledger.balance(LINKED, "USD")).toBe(600);
  if (credit) ledger.end(credit, "settled");
  expect(ledger.balance(LINKED, "USD")).toBe(610);
  const [debit] = ledger.record([draft(LINKED, 610)]);
  if (debit) ledger.end(debit, "failed");
  expect(ledger.balance(LINKED, "USD")).toBe(610);
});

test("seeding twice changes nothing", () => {
  const ledger = open();
  ledger.seed("paysafe", { accounts: [{ account: LINKED.account, status: "closed", openings: {} }] });
  expect(ledger.account(LINKED)?.status).toBe("open");
});
