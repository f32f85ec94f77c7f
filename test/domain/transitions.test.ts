/** The transitions: only legal moves, one claim at a time, and a log that tells all and stays small. */
import { describe, expect, test } from "vitest";
import { apply, holds } from "../../lib/domain/apply.ts";
import { flowGraceMs, followUpAt } from "../../lib/domain/due-times.ts";
import { postpone } from "../../lib/domain/due-transitions.ts";
import { amountOf } from "../../lib/domain/money.ts";
import { begin } from "../../lib/domain/new-transaction.ts";
import { askForReview, resolve } from "../../lib/domain/operator-transitions.ts";
import type { Status, Transaction } from "../../lib/domain/transaction.ts";
import type { Transition } from "../../lib/domain/transition.ts";
import {
  cancelAtProvider,
  claimAgain,
  claimAttempt,
  decline,
  failUnsent,
  note,
  price,
  recordNotSent,
  succeed,
} from "../../lib/domain/transitions.ts";
import { fc } from "../property.ts";
import { allStates, builders, flow, later, notSent, start, wish } from "./sample-transactions.ts";

/** The picture in the design, section 2, once more: where each state may lead, itself included where news may come. */
const legalMoves: Readonly<Record<Status, readonly Status[]>> = {
  pending: ["pending", "processing", "failed", "canceled"],
  processing: ["processing", "succeeded", "failed", "needs_review", "canceled"],
  needs_review: ["succeeded", "failed"],
  succeeded: [],
  failed: [],
  canceled: [],
};

const settled = { kind: "settled", detail: "Settled", providerTransactionId: "900719925474099312" } as const;
const declined = { kind: "declined", code: "insufficient_funds", message: "No funds", providerCode: "-15" } as const;
const pending = { kind: "accepted", detail: "Pending" } as const;
const canceled = { kind: "canceled", detail: "taken back" } as const;
const doubt = { kind: "unknown", detail: "no answer within 15000 ms" } as const;

describe("every transition in every state", () => {
  /** Each transition, made for each state and tried on each, so stale reads are among them. Those that come out alike are tried once. */
  const tried = Object.entries(builders).flatMap(([name, build]) =>
    [...new Map(allStates.map(build).map((transition) => [JSON.stringify(transition), transition])).values()].flatMap(
      (transition) =>
        allStates.filter((actual) => holds(transition, actual)).map((actual) => ({ name, actual, transition })),
    ),
  );

  /** Giving back what an end owes is no move: it is over before and after. */
  const moves = tried.filter(({ name }) => name !== "gaveBack");

  test("that gives back changes nothing else", () => {
    const gave = tried.filter(({ name }) => name === "gaveBack");
    expect(gave.length).toBeGreaterThan(0);
    for (const { actual, transition } of gave) {
      const { owed, nextActionAt, log, ...rest } = apply(transition, actual);
      expect([owed, nextActionAt]).toStrictEqual([undefined, undefined]);
      expect(actual).toMatchObject({ ...rest, owed: true });
      expect(log.slice(0, -1)).toStrictEqual(actual.log);
    }
  });

  test("is allowed somewhere, so that the facts below are about something", () => {
    expect(new Set(tried.map(({ name }) => name))).toStrictEqual(new Set(Object.keys(builders)));
  });

  test("moves only where the design lets it", () => {
    const illegal = moves
      .map(({ name, actual, transition }) => ({ name, from: actual.status, to: apply(transition, actual).status }))
      .filter(({ from, to }) => !legalMoves[from].includes(to));
    expect(illegal).toStrictEqual([]);
  });

  test("leaves a final state alone, but for what it owes", () => {
    const changed = moves.filter(({ actual }) => ["succeeded", "failed", "canceled"].includes(actual.status));
    expect(changed).toStrictEqual([]);
  });

  test("writes one log line with the state that it leads to, or counts one that is there", () => {
    for (const { actual, transition } of tried) {
      const { log, status } = apply(transition, actual);
      if (transition.fold === undefined) {
        expect(log.slice(0, -1)).toStrictEqual(actual.log);
        expect(log.at(-1)).toMatchObject({ status, by: transition.entry.by, at: transition.entry.at });
      } else {
        expect(log.length).toBe(actual.log.length);
        expect(status).toBe(actual.status);
      }
    }
  });

  test("ends with no next action and no attempt, or with a time for the next action", () => {
    for (const { actual, transition } of tried) {
      const after = apply(transition, actual);
      const isOver = ["succeeded", "failed", "canceled"].includes(after.status);
      const isDue = !isOver || after.owed === true;
      expect([after.nextActionAt !== undefined, isOver && after.attempt !== undefined]).toStrictEqual([isDue, false]);
    }
  });

  test("never touches what was asked for", () => {
    for (const { actual, transition } of tried) {
      const { id, tenant, kind, connection, amount, recipient, fingerprint, createdAt } = apply(transition, actual);
      expect({ id, tenant, kind, connection, amount, recipient, fingerprint, createdAt }).toStrictEqual({
        id: "txn_00000000000000000000000001",
        tenant: "acme",
        kind: "spendback",
        connection: "ipayout",
        amount: amountOf(1999, "USD"),
        recipient: { id: "ben-alice" },
        fingerprint: "f".repeat(43),
        createdAt: "2026-11-05T10:00:00.000Z",
      });
    }
  });

  test("gives a provider's last word only to an attempt that is open", () => {
    const lastWords = tried.filter(({ name }) => /^(succeed|decline|cancelAtProvider|note)/.test(name));
    expect(lastWords.filter(({ actual }) => actual.status !== "processing" || actual.attempt !== "open")).toStrictEqual(
      [],
    );
  });

  test("fails or cancels as unsent only what has no open attempt", () => {
    const failed = tried.filter(({ name }) => /^(failUnsent|cancelUnsent)/.test(name));
    expect(
      failed.filter(({ actual }) => actual.status === "processing" && actual.attempt !== "not-sent"),
    ).toStrictEqual([]);
  });

  test("of an operator, or one that takes its sending away, comes where it belongs and nowhere else", () => {
    const from = (names: RegExp) =>
      [...new Set(tried.filter(({ name }) => names.test(name)).map(({ actual }) => actual.status))].sort();
    expect(from(/^resolve/)).toStrictEqual(["needs_review"]);
    expect(from(/^askForReview/)).toStrictEqual(["processing"]);
    expect(from(/^stopSending/)).toStrictEqual(["pending"]);
    expect(from(/^dueNow/)).toStrictEqual(["pending"]);
  });

  test("does not change the transaction it is applied to", () => {
    const before = structuredClone(allStates);
    for (const { actual, transition } of tried) apply(transition, actual);
    expect(allStates).toStrictEqual(before);
  });
});

describe("an attempt", () => {
  const begun = begin(wish, { by: "api", at: start });
  const claimed = apply(claimAttempt(flow), begun);

  test("is claimed before anything is sent, and counted", () => {
    expect(claimed).toMatchObject({ status: "processing", attempt: "open", attempts: 1 });
  });

  test("is claimed only once while it is open", () => {
    expect(holds(claimAttempt(flow), begun)).toBe(true);
    expect(holds(claimAttempt(flow), claimed)).toBe(false);
    expect(holds(claimAttempt(flow), apply(note(claimed, doubt, flow), claimed))).toBe(false);
  });

  test("may be claimed again once the last one surely sent nothing", () => {
    const free = apply(recordNotSent(notSent, 1, flow), claimed);
    expect(free).toMatchObject({ status: "processing", attempt: "not-sent", attempts: 1 });
    expect(holds(claimAttempt(flow), free)).toBe(true);
    expect(apply(claimAttempt(flow), free)).toMatchObject({ attempt: "open", attempts: 2 });
  });

  test("is not freed by the news of an earlier one that arrives late", () => {
    const second = apply(claimAttempt(flow), apply(recordNotSent(notSent, 1, flow), claimed));
    expect(holds(recordNotSent(notSent, 1, flow), second)).toBe(false);
    expect(holds(recordNotSent(notSent, 2, flow), second)).toBe(true);
  });

  test("that sent nothing cannot have succeeded or been declined", () => {
    const free = apply(recordNotSent(notSent, 1, flow), claimed);
    expect(holds(succeed(settled, flow), free)).toBe(false);
    expect(holds(decline(declined, 1, flow), free)).toBe(false);
    expect(holds(cancelAtProvider(canceled, 1, flow), free)).toBe(false);
  });

  const again = (attempts: number) =>
    claimAgain(flow, { attempts, attemptId: "attempt-2", nextActionAt: later(91_000).toISOString() });

  test("in doubt is claimed again only after exactly that attempt, and is due when its flow should be through", () => {
    expect(holds(again(0), claimed)).toBe(false);
    expect(holds(again(2), claimed)).toBe(false);
    const second = apply(again(1), claimed);
    expect(second).toMatchObject({
      status: "processing",
      attempt: "open",
      attempts: 2,
      attemptId: "attempt-2",
      nextActionAt: "2026-11-05T10:01:31.000Z",
    });
    expect(second.log.at(-1)?.detail).toBe(
      "attempt claimed again: nothing was found, and a duplicate would be rejected",
    );
  });

  test("in doubt is claimed again by one of two", () => {
    expect(holds(again(1), claimed)).toBe(true);
    expect(holds(again(1), apply(again(1), claimed))).toBe(false);
  });

  test("is not claimed again where nothing is in doubt: before the first, or after one that sent nothing", () => {
    expect(holds(again(0), begun)).toBe(false);
    expect(holds(again(1), apply(recordNotSent(notSent, 1, flow), claimed))).toBe(false);
    expect(holds(again(1), apply(succeed(settled, flow), claimed))).toBe(false);
  });

  test("that was claimed again leaves the refusals of the one before it without effect, and takes its success", () => {
    const second = apply(again(1), claimed);
    expect(holds(decline(declined, 1, flow), second)).toBe(false);
    expect(holds(cancelAtProvider(canceled, 1, flow), second)).toBe(false);
    expect(holds(recordNotSent(notSent, 1, flow), second)).toBe(false);
    expect(holds(decline(declined, 2, flow), second)).toBe(true);
    expect(holds(cancelAtProvider(canceled, 2, flow), second)).toBe(true);
    expect(apply(succeed(settled, flow), second)).toMatchObject({ status: "succeeded", attempts: 2 });
  });

  test("that was claimed since keeps a transaction from an operator who is asked about the one before", () => {
    const review = askForReview({ tenant: "acme", detail: "nothing was found", attempts: 1 }, flow);
    expect(holds(review, claimed)).toBe(true);
    expect(holds(review, apply(again(1), claimed))).toBe(false);
    const free = apply(recordNotSent(notSent, 1, flow), claimed);
    expect(holds(review, free)).toBe(true);
    expect(holds(review, apply(claimAttempt(flow), free))).toBe(false);
  });

  test("is held by one at most, whoever does what in whatever order and with however old a view", () => {
    const step = fc.record({ name: fc.constantFrom(...Object.keys(builders)), age: fc.nat(4) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const seen: Transaction[] = [begun];
        let holders = 0;
        let claims = 0;
        for (const { name, age } of steps) {
          const current = seen.at(-1) ?? begun;
          const read = seen.at(-1 - age) ?? begun;
          const transition = builders[name]?.(read);
          if (!transition || !holds(transition, current)) continue;
          if (name === "claimAttempt") holders += 1;
          // Claiming again passes the right on: the attempt before may have been sent, and may not be any more.
          if (name.startsWith("claim")) claims += 1;
          if (name.startsWith("recordNotSent")) holders -= 1;
          const after = apply(transition, current);
          seen.push(after);
          expect(holders).toBeLessThanOrEqual(1);
          expect(after.attempts).toBe(claims);
          // Giving back what an end owes is no move.
          if (name !== "gaveBack") expect(legalMoves[current.status]).toContain(after.status);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("a transaction", () => {
  test("begins pending, with nothing sent, and due when its flow should be through", () => {
    expect(begin(wish, { by: "api", at: start })).toStrictEqual({
      ...wish,
      status: "pending",
      attempts: 0,
      createdAt: "2026-11-05T10:00:00.000Z",
      nextActionAt: "2026-11-05T10:01:30.000Z",
      log: [{ at: "2026-11-05T10:00:00.000Z", status: "pending", by: "api" }],
    });
    expect(flowGraceMs).toBe(90_000);
  });

  const claimed = apply(claimAttempt(flow), begin(wish, { by: "api", at: start }));

  test("keeps the provider's id of a success, digit by digit", () => {
    const { status, providerTransactionId, nextActionAt } = apply(succeed(settled, flow), claimed);
    expect([status, providerTransactionId, nextActionAt]).toStrictEqual(["succeeded", "900719925474099312", undefined]);
  });

  test("keeps the provider's code and words of a decline", () => {
    expect(apply(decline(declined, 1, flow), claimed).failure).toStrictEqual({
      code: "insufficient_funds",
      message: "No funds",
      providerCode: "-15",
    });
  });

  test("keeps no more than 200 characters of what a provider says about a decline, so that it can be stored", () => {
    const { failure } = apply(decline({ ...declined, message: "x".repeat(1_000_000) }, 1, flow), claimed);
    expect(failure?.message).toBe("x".repeat(200));
  });

  test("says why it failed when nothing was sent", () => {
    expect(apply(failUnsent("insufficient_funds", flow), begin(wish, { by: "api", at: start }))).toMatchObject({
      status: "failed",
      attempts: 0,
      failure: { code: "insufficient_funds", message: "The payer's balance does not cover the amount." },
    });
  });

  test("is canceled once the provider says that it took the order back, and never while that is open", () => {
    const after = apply(cancelAtProvider(canceled, 1, flow), claimed);
    expect([after.status, after.failure, after.nextActionAt]).toStrictEqual(["canceled", undefined, undefined]);
    expect(after.log.at(-1)).toMatchObject({ status: "canceled", detail: "taken back" });
    expect(holds(cancelAtProvider(canceled, 1, flow), begin(wish, { by: "api", at: start }))).toBe(false);
  });
});

describe("the log", () => {
  const claimed = apply(claimAttempt(flow), begin(wish, { by: "api", at: start }));

  /** Notes the same outcome again and again, each time from the state just read. */
  function noteTimes(times: number, outcome: Parameters<typeof note>[1], by = "flow", from = claimed): Transaction {
    let transaction = from;
    for (let n = 1; n <= times; n++) {
      transaction = apply(note(transaction, outcome, { by, at: later(n * 1_000) }), transaction);
    }
    return transaction;
  }

  test("counts what is noted again instead of writing it again", () => {
    const { log } = noteTimes(1_000, pending);
    expect(log.length).toBe(3);
    expect(log[2]).toStrictEqual({
      at: "2026-11-05T10:00:01.000Z",
      status: "processing",
      by: "flow",
      detail: "accepted: Pending",
      count: 1_000,
      lastAt: "2026-11-05T10:16:40.000Z",
    });
  });

  test("counts a repeated note that is longer than a line may be", () => {
    expect(noteTimes(50, { kind: "unknown", detail: "x".repeat(5_000) }).log.length).toBe(3);
  });

  test("writes a note that says something else, or that another one made", () => {
    const once = noteTimes(2, pending);
    expect(noteTimes(2, doubt, "flow", once).log.map(({ count }) => count)).toStrictEqual([undefined, undefined, 2, 2]);
    expect(noteTimes(1, pending, "follow-up", once).log.length).toBe(4);
  });

  test("counts a flow that is started again without anything learned", () => {
    let transaction = claimed;
    for (let n = 1; n <= 20; n++) {
      const at = later(n * 60_000);
      transaction = apply(
        postpone(transaction, followUpAt(at, n), "due: flow started again", { by: "follow-up", at }),
        transaction,
      );
    }
    expect(transaction.log.length).toBe(3);
    expect(transaction.log[2]).toMatchObject({ detail: "due: flow started again", count: 20 });
  });

  test("has no line longer than 200 characters, however much a provider says", () => {
    const much = "x".repeat(1_000_000);
    const longest: Transition[] = [
      recordNotSent({ kind: "not-sent", reason: "rate-limited", detail: much }, 1, flow),
      succeed({ kind: "settled", detail: much }, flow),
      cancelAtProvider({ kind: "canceled", detail: much }, 1, flow),
      decline({ kind: "declined", code: "provider_declined", message: much }, 1, flow),
      note(claimed, { kind: "accepted", detail: much }, flow),
      note(claimed, { kind: "unknown", detail: much }, flow),
      askForReview({ tenant: "acme", detail: much }, flow),
      resolve({ outcome: "failed", reason: much }, flow),
      postpone(claimed, later(60_000).toISOString(), much, flow),
    ];
    for (const { entry } of longest) expect(entry.detail?.length).toBe(200);
  });

  test("notes the provider's id of an order that it took, and when to ask again", () => {
    const transition = note(claimed, { ...pending, providerTransactionId: "17" }, flow, later(10_000).toISOString());
    expect(apply(transition, claimed)).toMatchObject({
      status: "processing",
      providerTransactionId: "17",
      nextActionAt: "2026-11-05T10:00:10.000Z",
    });
  });
});

describe("following up", () => {
  test.each([
    [0, "10:00:10"],
    [1, "10:00:30"],
    [2, "10:02:00"],
    [3, "10:10:00"],
    [4, "11:00:00"],
    [5, "11:00:00"],
    [1_000, "11:00:00"],
  ])("for the %dth time comes at %s", (n, time) => {
    expect(followUpAt(start, n)).toBe(`2026-11-05T${time}.000Z`);
  });

  const claimed = apply(claimAttempt(flow), begin(wish, { by: "api", at: start }));
  const byFollowUp = { by: "follow-up", at: later(90_000) };

  test("is done by one of two that saw the same state", () => {
    const first = postpone(claimed, later(190_000).toISOString(), "due: flow started again", byFollowUp);
    const second = postpone(claimed, later(190_001).toISOString(), "due: flow started again", byFollowUp);
    expect(holds(second, claimed)).toBe(true);
    expect(holds(second, apply(first, claimed))).toBe(false);
  });

  // Where a line is folded the log does not grow, so its length alone does not tell the states apart.
  test("is done by one of two that saw the same state, also when nothing was learned since the last time", () => {
    const again = apply(
      postpone(claimed, later(190_000).toISOString(), "due: flow started again", byFollowUp),
      claimed,
    );
    const first = postpone(again, later(390_000).toISOString(), "due: flow started again", byFollowUp);
    const second = postpone(again, later(390_001).toISOString(), "due: flow started again", byFollowUp);
    expect(holds(second, apply(first, again))).toBe(false);
  });

  test("leaves alone what ended, or went to an operator, since the index was read", () => {
    for (const status of ["succeeded", "failed", "canceled", "needs_review"] as const) {
      const over: Transaction = { ...claimed, status };
      expect(holds(postpone(over, later(190_000).toISOString(), "due: flow started again", byFollowUp), over)).toBe(
        false,
      );
    }
  });
});

describe("the amount of a refund of the rest", () => {
  const { amount: _amount, ...unpriced } = begin(
    { ...wish, kind: "refund", original: "stl-1" },
    { by: "api", at: start },
  );

  test("is fixed once, by one of two that learned it", () => {
    const first = price(amountOf(10_000, "USD"), undefined, flow);
    const second = price(amountOf(7_000, "USD"), undefined, flow);
    expect(holds(second, unpriced)).toBe(true);
    const priced = apply(first, unpriced);
    expect(priced.amount).toEqual({ value: 10_000, currency: "USD" });
    expect(holds(second, priced)).toBe(false);
  });
});
