/** What a batch shows of its cost: sums of counts, at the prices of its day. */
import { expect, test } from "vitest";
import { costOf, plus, shownCost } from "../../lib/domain/batch-cost.ts";
import { noCost } from "../../lib/domain/cost.ts";

const one = { ...noCost, writeUnits: 7, readHalfUnits: 9, lambdaCalls: 3 };

test("two transactions cost the sum of their counts", () => {
  const shown = shownCost(plus(costOf({ cost: one }), costOf({ cost: one })), "2026-11-20T00:00:00.000Z");
  expect(shown).toMatchObject({ transactions: 2, writeUnits: 14, readUnits: 9, lambdaCalls: 6 });
  expect(Number(shown?.dollars)).toBeGreaterThan(0);
});

test("a transaction that was never metered is not counted", () => {
  expect(shownCost(plus(costOf({ cost: one }), costOf({})), "2026-11-20T00:00:00.000Z")?.transactions).toBe(1);
});

test("nothing is shown while nothing is known", () => {
  expect(shownCost({}, "2026-11-20T00:00:00.000Z")).toBeUndefined();
});
