/** What a transaction is: its states, and what a stored one must look like. */
import { describe, expect, test } from "vitest";
import { begin } from "../../lib/domain/new-transaction.ts";
import { failureCodes, failureMessages } from "../../lib/domain/outcome.ts";
import { isFinal, Recipient, statuses, successors, Transaction, updatedAt } from "../../lib/domain/transaction.ts";
import { allStatuses, later, start, wish } from "./sample-transactions.ts";

const begun = begin(wish, { by: "api", at: start });

describe("the states", () => {
  test("are the six of the design", () => {
    expect(statuses).toStrictEqual(allStatuses);
  });

  test("lead where the design draws an arrow, and nowhere else", () => {
    expect(successors).toStrictEqual({
      pending: ["pending", "processing", "failed", "canceled"],
      processing: ["processing", "succeeded", "failed", "needs_review", "canceled"],
      needs_review: ["succeeded", "failed"],
      succeeded: [],
      failed: [],
      canceled: [],
    });
  });

  test("succeeded, failed and canceled are final; needs_review is not", () => {
    expect(statuses.filter(isFinal)).toStrictEqual(["succeeded", "failed", "canceled"]);
  });
});

describe("a stored transaction", () => {
  test("is read back as it was written", () => {
    expect(Transaction.parse(structuredClone(begun))).toStrictEqual(begun);
  });

  test.each<[string, Record<string, unknown>]>([
    ["an amount of nothing", { amount: { value: 0, currency: "USD" } }],
    ["an amount that is not whole", { amount: { value: 19.99, currency: "USD" } }],
    ["a status that nobody knows", { status: "done" }],
    ["an attempt state that nobody knows", { attempt: "claimed" }],
    ["an empty log", { log: [] }],
    ["a failure without a code", { failure: { code: "", message: "?" } }],
    ["an alarm without a word", { alarm: "" }],
    ["null for what is absent", { providerTransactionId: null }],
    ["metadata that is not text", { metadata: { order: 1 } }],
  ])("with %s is refused", (_, wrong) => {
    expect(Transaction.safeParse({ ...begun, ...wrong }).success).toBe(false);
  });

  test("that a newer version wrote, with a failure code or an alarm of its own, is read as it stands", () => {
    const newer = { ...begun, status: "failed", failure: { code: "bad_luck", message: "?" }, alarm: "too_quiet" };
    expect(Transaction.parse(newer)).toStrictEqual(newer);
  });

  test("has a recipient without further members", () => {
    expect(Recipient.safeParse({ id: "ben-alice", iban: "DE00" }).success).toBe(false);
  });

  test("was updated when the newest thing was learned", () => {
    const line = { at: later(1_000).toISOString(), status: "processing", by: "flow" } as const;
    expect(updatedAt(begun)).toBe("2026-11-05T10:00:00.000Z");
    expect(updatedAt({ ...begun, log: [...begun.log, line] })).toBe("2026-11-05T10:00:01.000Z");
    const folded = { ...line, count: 2, lastAt: later(2_000).toISOString() };
    expect(updatedAt({ ...begun, log: [...begun.log, folded] })).toBe("2026-11-05T10:00:02.000Z");
  });
});

describe("failure texts", () => {
  test("are one for each code, a sentence each, that names no provider", () => {
    expect(Object.keys(failureMessages).sort()).toStrictEqual([...failureCodes].sort());
    for (const text of Object.values(failureMessages)) {
      expect(text).toMatch(/^[A-Z][^.]{10,100}\.$/);
      expect(text).not.toMatch(/payout|nexio|mircate|sipay|paysafe/i);
    }
  });

  test("have the codes that callers match, and no other", () => {
    expect([...failureCodes].sort()).toStrictEqual([
      "account_not_found",
      "credentials_rejected",
      "currency_mismatch",
      "expired_at_provider",
      "insufficient_funds",
      "original_not_found",
      "original_not_refundable",
      "original_unknown",
      "provider_declined",
      "provider_rejected_request",
      "recipient_not_found",
      "refund_exceeds_remaining",
      "resolved_as_failed",
      "split_rejected",
    ]);
  });
});
