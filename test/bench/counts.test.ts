/** What the bench counts, held to its limits. Counts only: a time would say more about the machine than about us. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boundsOf, bundle } from "./bundle.ts";
import { type Consumption, type Counts, countKinds, movingUnits, total } from "./counted.ts";
import { handlerNames } from "./handlers.ts";
import { kinds } from "./orders.ts";
import { costOf, movingCost } from "./prices.ts";

/** Design §9, and what a replay may cost. */
const limits = { write: 12, read: 6, replayWrite: 3, bundleBytes: 300_000 };

/** A refund at Paysafe is pending first, as its documents say: the flow waits a second and looks it up. And it holds its part. */
const dollarsPerMillionMax = { spendback: 12, refund: 16, cashback: 12 } as const;

let counts: Counts;
beforeAll(async () => {
  counts = await countKinds();
});

const movingTotal = (consumption: Consumption) => total(movingUnits(consumption));

describe.each(kinds)("a %s", (kind) => {
  test("consumes at most 12 write and 6 read units, also the first, which logs in", () => {
    const { first, later, again = later } = counts[kind];
    for (const units of [first, later, again].map(movingTotal)) {
      expect(units.write).toBeLessThanOrEqual(limits.write);
      expect(units.read).toBeLessThanOrEqual(limits.read);
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
    const cost = movingCost(costOf(kind, counts[kind].later));
    expect(cost).toBeLessThanOrEqual(dollarsPerMillionMax[kind]);
    expect(cost).toBeGreaterThan(5);
  });
});

test("the session is read once a minute, not for every task", () => {
  for (const kind of kinds) expect(counts[kind].later.units["Sessions"]).toBeUndefined();
  expect(counts.spendback.first.units["Sessions"]?.read).toBeGreaterThan(0);
});

describe("the bundle of", async () => {
  const names = await handlerNames();
  const bounds = boundsOf(names);
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "moneyback-bundles-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(names)("%s, with the largest provider that it may load, is at most 300 kB", async (name) => {
    const bound = (await bounds).get(name) ?? Number.POSITIVE_INFINITY;
    expect(bound).toBeGreaterThan(10_000);
    if (bound <= limits.bundleBytes) return;
    const { bytes, onDemand } = await bundle(name, join(folder, name));
    expect(bytes + Math.max(0, ...Object.values(onDemand))).toBeLessThanOrEqual(limits.bundleBytes);
  });
});
