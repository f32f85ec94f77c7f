/** What operators are asked, and what they decide; and what becomes of a transaction that waits too long. */
import { describe, expect, test } from "vitest";
import { apply, holds } from "../../lib/domain/apply.ts";
import { dueNow, gaveBack, owing, stopSending } from "../../lib/domain/due-transitions.ts";
import { begin } from "../../lib/domain/new-transaction.ts";
import { askForReview, cancelUnsent, resolve } from "../../lib/domain/operator-transitions.ts";
import { claimAttempt } from "../../lib/domain/transitions.ts";
import { flow, later, start, wish } from "./sample-transactions.ts";

describe("a transaction", () => {
  const claimed = apply(claimAttempt(flow), begin(wish, { by: "api", at: start }));

  test("that an operator must see is due at once, for that operator", () => {
    const transition = askForReview({ tenant: "acme", detail: "2 movements carry this reference" }, flow);
    expect(transition.dueFor).toStrictEqual({ operatorOf: "acme" });
    const reviewed = apply(transition, claimed);
    expect(reviewed).toMatchObject({ status: "needs_review", nextActionAt: flow.at.toISOString() });
    expect(reviewed).not.toHaveProperty("attempt");
    expect(reviewed).not.toHaveProperty("alarm");
  });

  test("that may have moved twice says so, for the alarm", () => {
    const twice = { tenant: "acme", detail: "2 movements", alarm: "duplicate_detected" } as const;
    expect(apply(askForReview(twice, flow), claimed).alarm).toBe("duplicate_detected");
  });

  describe("that an operator resolves", () => {
    const reviewed = apply(askForReview({ tenant: "acme", detail: "no last word" }, flow), {
      ...claimed,
      snapshot: "rows before",
    });
    const operator = { by: "key:key_1", at: later(60_000) };

    test("as succeeded keeps who said so, when and why, and the provider's id where one is given", () => {
      const how = { outcome: "succeeded", reason: "row 17 of the statement", providerTransactionId: "17" } as const;
      const after = apply(resolve(how, operator), reviewed);
      expect(after).toMatchObject({
        status: "succeeded",
        providerTransactionId: "17",
        resolution: { reason: "row 17 of the statement", by: "key:key_1", at: "2026-11-05T10:01:00.000Z" },
      });
      for (const gone of ["failure", "nextActionAt", "snapshot", "attempt"]) expect(after).not.toHaveProperty(gone);
      expect(after.log.at(-1)).toStrictEqual({
        at: "2026-11-05T10:01:00.000Z",
        status: "succeeded",
        by: "key:key_1",
        detail: "resolved: row 17 of the statement",
      });
    });

    test("as failed says so as its failure, and keeps the provider's id that is known", () => {
      const known = { ...reviewed, providerTransactionId: "16" };
      const after = apply(resolve({ outcome: "failed", reason: "not on the statement" }, operator), known);
      expect(after).toMatchObject({
        status: "failed",
        providerTransactionId: "16",
        failure: {
          code: "resolved_as_failed",
          message: "The provider could not tell; an operator found that no money moved.",
        },
      });
      expect(after).not.toHaveProperty("nextActionAt");
    });

    test("as failed is due again, for follow-up, where it has something to give back", () => {
      const end = owing(wish.id, resolve({ outcome: "failed", reason: "not there" }, operator), operator);
      expect(end.dueFor).toStrictEqual({ followUpOf: wish.id });
      const after = apply(end, reviewed);
      expect(after).toMatchObject({ status: "failed", owed: true, nextActionAt: "2026-11-05T10:01:00.000Z" });
      expect(holds(gaveBack("failed", operator), after)).toBe(true);
      expect(holds(gaveBack("canceled", operator), after)).toBe(false);
    });
  });

  test("whose flow did not start is due at once, unless it is under way by then", () => {
    const actor = { by: "api", at: later(200) };
    expect(apply(dueNow(actor), begin(wish, { by: "api", at: start })).nextActionAt).toBe("2026-11-05T10:00:00.200Z");
    expect(holds(dueNow(actor), claimed)).toBe(false);
  });

  test("that could not be sent in time is sent no more once an operator is asked", () => {
    const stopped = apply(stopSending("could not be sent within 72 h", flow), begin(wish, { by: "api", at: start }));
    expect(stopped).toMatchObject({ status: "processing", attempt: "not-sent", attempts: 0 });
    const review = askForReview({ tenant: "acme", detail: "could not be sent", attempts: 0 }, flow);
    expect(holds(review, apply(claimAttempt(flow), stopped))).toBe(false);
    const reviewed = apply(review, stopped);
    expect(holds(claimAttempt(flow), reviewed)).toBe(false);
    expect(holds(cancelUnsent(flow), reviewed)).toBe(false);
  });
});
