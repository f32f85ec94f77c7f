/** Random transitions, as commands of a model: the transaction in memory, changed by `lib/domain/apply.ts`. */
import { expect } from "vitest";
import { apply, holds } from "../../lib/domain/apply.ts";
import { noCost } from "../../lib/domain/cost.ts";
import { dueNow, gaveBack, owing, postpone, stopSending, wait } from "../../lib/domain/due-transitions.ts";
import type { MinorUnits } from "../../lib/domain/money.ts";
import { askForReview, cancelUnsent, resolve } from "../../lib/domain/operator-transitions.ts";
import { isFinal, successors, type Transaction } from "../../lib/domain/transaction.ts";
import type { Actor, Transition } from "../../lib/domain/transition.ts";
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
import type { TransactionStore } from "../../lib/store/port.ts";
import { fc } from "../property.ts";
import { flowAt } from "./sample.ts";

export interface Model {
  /** What was stored, oldest first. */
  readonly history: Transaction[];
}

interface Step {
  readonly actor: Actor;
  /** How many states ago the acting execution read the transaction. */
  readonly staleness: number;
  readonly name: string;
  readonly transitionOf: (read: Transaction) => Transition;
}

/** Few details and few actors, so that the same is often learned again. */
const detail = fc.constantFrom("Pending", "Überweisung läuft 💸", "x".repeat(300));
const actor = fc.record({
  by: fc.constantFrom("flow", "follow-up"),
  at: fc.nat({ max: 59 }).map((at) => flowAt(at).at),
});
const id = fc.option(fc.constant({ providerTransactionId: "p-1" }), { nil: {} });

/** Which attempt an execution speaks of. */
const attempts = fc.integer({ min: 0, max: 3 });

const tooLate = { kind: "declined", code: "original_not_refundable", message: "too late" } as const;
const rest = { value: 10_098 as MinorUnits, currency: "USD" };
const shares = [{ linkedAccount: "l-1", percent: "5.75", amount: 581 }];

type Named = readonly [name: string, transitionOf: (read: Transaction, actor: Actor) => Transition];

const transition: fc.Arbitrary<Named> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .option(fc.constantFrom("[]", "rows before"), { nil: undefined })
      .map(
        (snapshot): Named => [
          "claim",
          (_read, by) => claimAttempt(by, snapshot === undefined ? {} : { attemptId: "a-1", snapshot }),
        ],
      ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom("unreachable", "rate-limited", "busy", "session-rejected"),
        detail,
        fc.integer({ min: 0, max: 3 }),
      )
      .map(
        ([reason, text, attempts]): Named => [
          `attempt ${attempts} not sent`,
          (_read, by) => recordNotSent({ kind: "not-sent", reason, detail: text }, attempts, by),
        ],
      ),
  },
  attempts.map(
    (n): Named => [
      "claim again",
      (_read, by) => claimAgain(by, { attempts: n, attemptId: "a-2", nextActionAt: "2026-11-20T11:30:00.000Z" }),
    ],
  ),
  fc
    .tuple(detail, id)
    .map(([text, ids]): Named => ["settled", (_read, by) => succeed({ kind: "settled", detail: text, ...ids }, by)]),
  fc
    .tuple(detail, fc.option(fc.constant({ providerCode: "-15" }), { nil: {} }), attempts)
    .map(
      ([message, code, n]): Named => [
        `declined, attempt ${n}`,
        (_read, by) => decline({ kind: "declined", code: "insufficient_funds", message, ...code }, n, by),
      ],
    ),
  attempts.map(
    (n): Named => [
      `canceled, attempt ${n}`,
      (_read, by) => cancelAtProvider({ kind: "canceled", detail: "taken back" }, n, by),
    ],
  ),
  fc.constant<Named>(["canceled, nothing sent", (_read, by) => cancelUnsent(by)]),
  fc.constant<Named>(["canceled, owing", ({ id }, by) => owing(id, cancelUnsent(by), by)]),
  attempts.map((n): Named => ["declined, owing", ({ id }, by) => owing(id, decline(tooLate, n, by), by)]),
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom("succeeded", "failed"), id)
      .map(
        ([outcome, ids]): Named => [
          `resolved, ${outcome}`,
          (_read, by) => resolve({ outcome, reason: "seen", ...ids }, by),
        ],
      ),
  },
  fc.constant<Named>([
    "resolved, owing",
    ({ id }, by) => owing(id, resolve({ outcome: "failed", reason: "not seen" }, by), by),
  ]),
  fc.constant<Named>(["sending stopped", (_read, by) => stopSending("could not be sent", by)]),
  fc.constant<Named>(["due now", (_read, by) => dueNow(by)]),
  fc.constant<Named>(["waits", (read, by) => wait(read, "txn_other", by)]),
  {
    weight: 2,
    arbitrary: fc
      .constantFrom("succeeded", "failed", "canceled")
      .map((status): Named => [`gave back, ${status}`, (_read, by) => gaveBack(status, by)]),
  },
  fc.constant<Named>(["priced", (_read, by) => price(rest, shares, by)]),
  fc.constant<Named>(["fail", (_read, by) => failUnsent("credentials_rejected", by)]),
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom("accepted", "unknown"), detail, id, fc.boolean())
      .map(
        ([kind, text, ids, later]): Named => [
          kind,
          (read, by) => note(read, { kind, detail: text, ...ids }, by, later ? "2026-11-20T10:00:00.000Z" : undefined),
        ],
      ),
  },
  fc
    .option(fc.constant({ alarm: "duplicate_detected" } as const), { nil: {} })
    .map(
      (alarm): Named => [
        "review",
        ({ tenant, attempts: seen }, by) =>
          askForReview({ tenant, detail: "contradiction", attempts: seen, ...alarm }, by),
      ],
    ),
  {
    weight: 2,
    arbitrary: fc
      .constantFrom("2026-11-20T11:00:00.000Z", "2026-11-20T12:00:00.000Z")
      .map((at): Named => ["postpone", (read, by) => postpone(read, at, "due: flow started again", by)]),
  },
);

/** Metered or not; what was foreseen too high is taken back. */
const spent = fc.constantFrom<Partial<Transition>>(
  {},
  { spent: noCost },
  { spent: { ...noCost, writeUnits: 2, readHalfUnits: 3, lambdaMs: 41, lambdaMbMs: 20_992 } },
  { spent: { ...noCost, writeUnits: -1, flows: 1, flowMs: 1_200, transitions: 9, apiCalls: 1, lambdaCalls: 5 } },
);

export const step: fc.Arbitrary<Step> = fc
  .tuple(transition, actor, fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 3 })), spent)
  .map(([[name, transitionOf], by, staleness, consumed]) => ({
    name,
    actor: by,
    staleness,
    transitionOf: (read) => ({ ...transitionOf(read, by), ...consumed }),
  }));

/** Carries out one step on both sides and compares what came of it. */
export function advanceCommand({ name, actor: { by }, staleness, transitionOf }: Step) {
  return {
    check: () => true,
    toString: () => `${name} by ${by}${staleness > 0 ? `, read ${staleness} states ago` : ""}`,
    async run({ history }: Model, store: TransactionStore): Promise<void> {
      const current = history.at(-1) as Transaction;
      const read = history.at(-1 - staleness) ?? current;
      const wanted = transitionOf(read);
      const answer = await store.advance(current.id, wanted);

      const expected = holds(wanted, current) ? apply(wanted, current) : current;
      expect(answer).toStrictEqual({ advanced: holds(wanted, current), transaction: expected });
      expect(await store.get(current.id, "consistent")).toStrictEqual(expected);
      if (!answer.advanced) return;
      // What the table of states allows, whatever model and store agree on.
      if (isFinal(current.status)) expect(expected.status).toBe(current.status);
      else expect(successors[current.status]).toContain(expected.status);
      expect(expected.attempts - current.attempts).toBe(name.startsWith("claim") ? 1 : 0);
      expect(expected.log.length - current.log.length).toBeOneOf([0, 1]);
      history.push(expected);
    },
  };
}
