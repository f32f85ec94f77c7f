/** What the bench counts, held to its limits. Counts only: a time would say more about the machine than about us. */
import { beforeAll, describe, expect, test } from "vitest";
import { measureBatchRow } from "./batch-row.ts";
import { type Counts, countKinds } from "./counted.ts";
import { type Consumption, movingUnits, total } from "./metered-stack.ts";
import { kinds } from "./orders.ts";
import { costOf, movingCost } from "./prices.ts";

/** Design §9, and what a replay may cost. */
const limits = { write: 12, replayWrite: 3 };

/** A cashback also asks whether its key stands for an accrual. */
const readMax = { spendback: 6, refund: 6, cashback: 7 } as const;

/** A refund at Paysafe is pending first, as its documents say: the flow waits a second and looks it up. And it holds its part. */
const dollarsPerMillionMax = { spendback: 12, refund: 16, cashback: 12 } as const;

/** A whole stack, twelve orders one after the other: six seconds, and many times that where others work on the machine. */
const countMsMax = 180_000;

let counts: Counts;
beforeAll(async () => {
  counts = await countKinds();
}, countMsMax);

const movingTotal = (consumption: Consumption) => total(movingUnits(consumption));

describe.each(kinds)("a %s", (kind) => {
  test(`consumes at most 12 write and ${readMax[kind]} read units, also the first, which logs in`, () => {
    const { first, later, again = later } = counts[kind];
    for (const units of [first, later, again].map(movingTotal)) {
      expect(units.write).toBeLessThanOrEqual(limits.write);
      expect(units.read).toBeLessThanOrEqual(readMax[kind]);
      // A meter that sees nothing would pass, too.
      expect(units.write).toBeGreaterThan(4);
      expect(units.read).toBeGreaterThan(0);
    }
  });

  test("writes each index once when it begins, and the due one once more when it ends", () => {
    const { units } = counts[kind].later;
    expect(units["Transactions/byTenant"]).toEqual({ write: 1, read: 0 });
    expect(units["Transactions/due"]).toEqual({ write: 2, read: 0 });
    expect(units["Transactions/byOriginal"]).toEqual(kind === "refund" ? { write: 1, read: 0 } : undefined);
  });

  test("repeated with its key consumes at most 3 write units and calls no provider", () => {
    const { replay } = counts[kind];
    expect(movingTotal(replay).write).toBeLessThanOrEqual(limits.replayWrite);
    expect(replay.lambdaCalls).toEqual({ authorize: 1, [`create-${kind}`]: 1 });
    expect(replay.transitions).toBe(0);
  });

  test("is three tasks of the flow and two Lambdas before it; a refund is looked up once", () => {
    const { "publish-events": _events, "record-webhooks": _webhooks, ...calls } = counts[kind].later.lambdaCalls;
    expect(calls).toEqual({
      authorize: 1,
      [`create-${kind}`]: 1,
      authenticate: 1,
      "check-funds": 1,
      [`submit-${kind}`]: 1,
      ...(kind === "refund" && { "look-up": 1 }),
    });
  });

  test(`costs at most $${dollarsPerMillionMax[kind]} per million at list price`, () => {
    const cost = movingCost(costOf(counts[kind].later));
    expect(cost).toBeLessThanOrEqual(dollarsPerMillionMax[kind]);
    expect(cost).toBeGreaterThan(5);
  });
});

test("a row of a batch consumes at most four write units more than a cashback of its own: its turn, and its part of the batch", {
  timeout: countMsMax,
}, async () => {
  const row = await measureBatchRow(20);
  const alone = movingTotal(counts.cashback.later);
  expect(row.writeUnits).toBeLessThanOrEqual(alone.write + 4);
  expect(row.writeUnits).toBeGreaterThan(alone.write);
  expect(row.dollarsPerMillion).toBeLessThanOrEqual(dollarsPerMillionMax.cashback);
});

test("the session is read once a minute, not for every task", () => {
  for (const kind of kinds) expect(counts[kind].later.units["Sessions"]).toBeUndefined();
  expect(counts.spendback.first.units["Sessions"]?.read).toBeGreaterThan(0);
});
