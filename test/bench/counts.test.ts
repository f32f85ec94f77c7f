/** What the bench counts, held to its limits. Counts only: a time would say more about the machine than about us. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "./bundle.ts";
import { handlerNames } from "./handlers.ts";
import { costOf, movingCost } from "./prices.ts";
import { countSpendback, movingUnits, type SpendbackCounts, total } from "./spendback.ts";

/** Design §9, and what a replay may cost. */
const limits = { write: 12, read: 6, replayWrite: 3, dollarsPerMillion: 12, bundleBytes: 300_000 };

describe("a spendback", () => {
  let counts: SpendbackCounts;
  beforeAll(async () => {
    counts = await countSpendback();
  });

  test("consumes at most 12 write and 6 read units, also the first, which logs in", () => {
    for (const units of [counts.first, counts.later].map(movingUnits)) {
      expect(total(units).write).toBeLessThanOrEqual(limits.write);
      expect(total(units).read).toBeLessThanOrEqual(limits.read);
      // A meter that sees nothing would pass, too.
      expect(total(units).write).toBeGreaterThan(4);
      expect(total(units).read).toBeGreaterThan(1);
    }
  });

  test("writes each index once when it begins, and the due one once more when it ends", () => {
    expect(counts.later.units["Transactions/byTenant"]).toEqual({ write: 1, read: 0 });
    expect(counts.later.units["Transactions/due"]).toEqual({ write: 2, read: 0 });
  });

  test("repeated with its key consumes at most 3 write units and calls no provider", () => {
    expect(total(movingUnits(counts.replay)).write).toBeLessThanOrEqual(limits.replayWrite);
    expect(counts.replay.lambdaCalls).toEqual({ authorize: 1, "create-spendback": 1 });
    expect(counts.replay.transitions).toBe(0);
  });

  test("is three tasks of the flow and two Lambdas before it", () => {
    const { "publish-events": _events, "record-webhooks": _webhooks, ...calls } = counts.later.lambdaCalls;
    expect(calls).toEqual({
      authorize: 1,
      "create-spendback": 1,
      authenticate: 1,
      "check-funds": 1,
      "submit-spendback": 1,
    });
  });

  test("costs at most $12 per million at list price", () => {
    expect(movingCost(costOf(counts.later))).toBeLessThanOrEqual(limits.dollarsPerMillion);
    expect(movingCost(costOf(counts.later))).toBeGreaterThan(5);
  });
});

describe("the bundle of", async () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "moneyback-bundles-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(await handlerNames())("%s, with the largest provider that it may load, is at most 300 kB", async (name) => {
    const { bytes, onDemand } = await bundle(name, join(folder, name));
    expect(bytes + Math.max(0, ...Object.values(onDemand))).toBeLessThanOrEqual(limits.bundleBytes);
  });
});
