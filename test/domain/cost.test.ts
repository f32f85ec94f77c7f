/** Costs: counts that add up, and what they come to at list prices. */
import { describe, expect, test } from "vitest";
import { type Cost, costNames, isNothing, noCost, presentCost, sumOfCosts } from "../../lib/domain/cost.ts";
import { pricesAt } from "../../lib/domain/prices.ts";
import { fc } from "../property.ts";

const counts: fc.Arbitrary<Cost> = fc.record(
  Object.fromEntries(costNames.map((name) => [name, fc.nat({ max: 1_000_000 })])) as Record<
    keyof Cost,
    fc.Arbitrary<number>
  >,
);

describe("a cost as it is shown", () => {
  // By hand: 7 × $0.625, 5 × $0.125, 5 × ($0.20 + 208 × $0.0005), 0.48 s × 0.25 GB × $13.3334, $1 + 0.55 s × 0.0625 GB × $16.67, $1; a million each.
  test("is the counts times the list prices, exact to the pico-dollar", () => {
    const cost = {
      writeUnits: 7,
      readHalfUnits: 10,
      lambdaCalls: 5,
      lambdaMs: 480,
      lambdaMbMs: 480 * 256,
      apiCalls: 1,
      flows: 1,
      flowMs: 500,
      transitions: 9,
    };
    expect(presentCost(cost, "2026-11-20T09:30:00.000Z")).toEqual({
      dollars: "0.000010693039",
      writeUnits: 7,
      readUnits: 5,
      lambdaCalls: 5,
      lambdaMs: 480,
      lambdaMbMs: 122_880,
      apiCalls: 1,
      flows: 1,
      flowMs: 500,
      transitions: 9,
      pricesOf: "2026-11-01",
    });
  });

  test.each([
    ["nothing", {}, "0"],
    ["half a read unit", { readHalfUnits: 1 }, "0.0000000625"],
    ["whole dollars, without zeros behind", { apiCalls: 10_000_000 }, "10"],
    ["a quarter", { apiCalls: 1_250_000 }, "1.25"],
    ["more than a float keeps apart", { apiCalls: 9_000_000_000_000_000, readHalfUnits: 1 }, "9000000000.0000000625"],
    ["what was foreseen too high", { writeUnits: -1 }, "0"],
  ])("is decimal text: %s", (_name, some, dollars) => {
    expect(presentCost({ ...noCost, ...some }, "2026-11").dollars).toBe(dollars);
  });

  test("counts no transitions in dollars: Express is not billed by them", () => {
    expect(presentCost({ ...noCost, transitions: 1_000 }, "2026-11").dollars).toBe("0");
  });

  test.each([
    ["before the first table", "2019-03-01T00:00:00.000Z"],
    ["in the first month", "2026-11-30T23:59:59.999Z"],
    ["after it", "2031-01"],
  ])("says which prices: %s", (_name, at) => {
    expect(presentCost(noCost, at).pricesOf).toBe("2026-11-01");
  });
});

describe("price tables", () => {
  test("begin with a month, so that a month has one", () => {
    expect(pricesAt("2026-11-20").from).toMatch(/^\d{4}-\d\d-01$/);
  });

  test("hold whole numbers, each with its source", () => {
    const { from: _from, ...prices } = pricesAt("2026-11-20");
    for (const { femtoDollars, source } of Object.values(prices)) {
      expect(Number.isSafeInteger(femtoDollars)).toBe(true);
      expect(source).toMatch(/^aws\.amazon\.com\//);
    }
  });
});

describe("a sum of costs", () => {
  test("passes over what was never metered", () => {
    const one = { ...noCost, writeUnits: 7 };
    expect(sumOfCosts([one, undefined, one])).toEqual({ ...noCost, writeUnits: 14 });
    expect(isNothing(sumOfCosts([undefined]))).toBe(true);
  });

  test("is the same in any order, and in any parts", () => {
    fc.assert(
      fc.property(fc.array(counts), fc.nat(), (costs, at) => {
        const place = costs.length === 0 ? 0 : at % costs.length;
        const parts = [sumOfCosts(costs.slice(place)), sumOfCosts(costs.slice(0, place))];
        expect(sumOfCosts(parts)).toEqual(sumOfCosts(costs));
      }),
    );
  });

  test("changes none of its parts", () => {
    const one = { ...noCost, flows: 1 };
    sumOfCosts([one, one]);
    expect(one.flows).toBe(1);
    expect(isNothing(noCost)).toBe(true);
  });

  test("is what its rows are shown as, together, to half a pico-dollar a row", () => {
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 50 }), (costs) => {
        const picos = (cost: Cost) => BigInt(presentCost(cost, "2026-11").dollars.replace(/^(\d+)\.?(\d*)$/, digits));
        const digits = (_all: string, whole: string, part: string) => whole + part.padEnd(12, "0");
        const rows = costs.map(picos).reduce((sum, one) => sum + one, 0n);
        const difference = rows - picos(sumOfCosts(costs));
        expect(Math.abs(Number(difference))).toBeLessThanOrEqual(costs.length / 2 + 1);
      }),
    );
  });
});
