/** Thousands of lives of the product in which everything goes wrong; and the proof that such a life would show a mistake. */
import { constants, setPriority } from "node:os";
import { describe, expect, test } from "vitest";
import { statuses, type Transaction } from "../../lib/domain/transaction.ts";
import { isThorough } from "../thoroughness.ts";
import type { Options, Sabotage } from "./options.ts";
import { simulateMany } from "./pool.ts";
import { failureOf, reportOf } from "./report.ts";
import { shrink } from "./shrink.ts";
import { type Run, simulate } from "./simulate.ts";
import { gapsIn } from "./tally.ts";

const runs = isThorough ? 10_000 : 200;

// Nothing here looks at a clock: its threads take the time that other tests, which do, leave.
setPriority(constants.priority.PRIORITY_LOW);

test(`in ${runs} simulations nothing moves twice, and nothing is lost`, { timeout: 900_000 }, async () => {
  const started = performance.now();
  const tally = await simulateMany({ from: 1, runs });
  console.log(reportOf(tally, (performance.now() - started) / 1000));
  expect(tally.violations).toEqual([]);
  expect(tally.runs).toBe(runs);
  // Every fault struck, and every end was reached: a search that has not been everywhere proves less than it seems.
  if (isThorough) expect(gapsIn(tally)).toEqual([]);
});

describe("a seed", { timeout: 300_000 }, () => {
  test("says everything: the same one gives the same steps", async () => {
    const first = await simulate(7, { isTraced: true });
    const second = await simulate(7, { isTraced: true });
    expect(first.steps.length).toBeGreaterThan(20);
    expect(second.trace?.hash()).toBe(first.trace?.hash());
  });

  test("is told from the next one", async () => {
    const first = await simulate(7, { isTraced: true });
    const other = await simulate(8, { isTraced: true });
    expect(other.trace?.hash()).not.toBe(first.trace?.hash());
  });
});

/** Any state will do. */
const anyState = statuses.map((status) => ({ status }));

/** Products with one thing broken, and what must be found out about them. */
const broken: readonly (Sabotage & { readonly what: string; readonly invariants: readonly string[] })[] = [
  {
    what: "whose claims of an attempt succeed always",
    invariants: ["final-states-never-change", "never-resent-where-forbidden"],
    stores: (stores) => ({
      ...stores,
      transactions: {
        ...stores.transactions,
        advance: (id, transition) =>
          stores.transactions.advance(id, transition.attempts ? { ...transition, expect: anyState } : transition),
      },
    }),
  },
  {
    what: "that takes a reset for a sure sign that nothing was sent",
    invariants: ["never-resent-where-forbidden"],
    dependencies: (given) => ({
      ...given,
      transactions: {
        ...given.transactions,
        advance: (id, transition) =>
          given.transactions.advance(
            id,
            transition.entry.detail === "unknown: ECONNRESET"
              ? { ...transition, set: { ...transition.set, attempt: "not-sent" } }
              : transition,
          ),
      },
    }),
  },
  {
    what: "that takes a time-out for a failure",
    invariants: ["failed-only-when-not-moved", "failed-never-moves-later", "holds-of-the-failed-are-given-back"],
    dependencies: (given) => ({
      ...given,
      transactions: {
        ...given.transactions,
        advance: (id, transition) =>
          given.transactions.advance(
            id,
            transition.entry.detail?.startsWith("unknown: no answer")
              ? {
                  ...transition,
                  set: { status: "failed" },
                  remove: ["attempt", "nextActionAt"],
                  entry: { ...transition.entry, status: "failed" },
                }
              : transition,
          ),
      },
    }),
  },
  {
    what: "that lets every refund hold what it wants",
    invariants: ["holds-of-the-succeeded-stay"],
    stores: (stores) => ({ ...stores, originals: { ...stores.originals, hold: async () => ({ kind: "held" }) } }),
  },
  {
    what: "that takes every request under a known key for a repeat",
    invariants: ["other-request-refused"],
    stores: (stores) => {
      let newest = "";
      const alike = (one: Transaction): Transaction => ({ ...one, fingerprint: newest });
      const { transactions, claims } = stores;
      return {
        ...stores,
        claims: {
          ...claims,
          claim: (id, fingerprint, now) => {
            newest = fingerprint;
            return claims.claim(id, fingerprint, now);
          },
        },
        transactions: {
          ...transactions,
          get: async (id, consistency) => {
            const found = await transactions.get(id, consistency);
            return found && alike(found);
          },
        },
      };
    },
  },
];

describe("a product", () => {
  test.each(broken)("$what is found out", { timeout: 300_000 }, async ({ invariants, ...sabotage }) => {
    const failed = await firstFailure({ sabotage });
    expect(invariants).toContain(failed?.violation?.invariant);
  });

  test("that is broken gives a trace that a person can read, and the seed of it", { timeout: 300_000 }, async () => {
    const [, sabotage = {}] = broken;
    const failed = await firstFailure({ sabotage });
    const small = failed && (await shrink(failed, { sabotage }));
    const whole = failed && (await simulate(failed.seed, { sabotage, isTraced: true }));
    expect(small?.violation?.invariant).toBe(failed?.violation?.invariant);
    expect(small?.trace?.lines.length).toBeLessThan(whole?.trace?.lines.length ?? 0);
    expect(small && failureOf(small)).toContain(`seed ${failed?.seed} breaks ${failed?.violation?.invariant}`);
    expect(small && failureOf(small)).toMatch(/submit-\w+#\d+ +transactions\.advance/);
  });
});

/** The first of some hundred seeds that shows that something is wrong. */
async function firstFailure(options: Options): Promise<Run | undefined> {
  for (let seed = 1; seed <= 1_000; seed++) {
    const run = await simulate(seed, options);
    if (run.violation) return run;
  }
  return undefined;
}
