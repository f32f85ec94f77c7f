/** What every store of usage does. */
import { describe, expect, test } from "vitest";
import { noCost } from "../../lib/domain/cost.ts";
import { beginMonth, type MonthUsage } from "../../lib/domain/usage.ts";
import type { UsageStore } from "../../lib/store/usage.ts";
import { newTenant } from "./sample.ts";

const month = "2026-11";

/** Every member, and a sum that no double holds. */
function full(tenant: string): MonthUsage {
  return {
    tenant,
    month,
    figures: {
      transactions: { spendback: 3, refund: 2, cashback: 1 },
      byStatus: { pending: 0, processing: 0, succeeded: 4, failed: 1, canceled: 1, needs_review: 0 },
      moved: { USD: 9_007_199_254_740_993n, JPY: 12n },
      cost: { ...noCost, writeUnits: 42, readHalfUnits: 7 },
    },
    open: ["txn_1", "txn_2"],
    countedTo: "2026-11-20T09:25:00.000Z",
    underWay: { to: "2026-11-20T09:55:00.000Z", before: "2026-11-20T09:40:00.000Z#txn_3" },
    revision: 0,
  };
}

export function usageContract(store: () => UsageStore): void {
  test("nothing is there before somebody has begun", async () => {
    expect(await store().get(newTenant(), month)).toBeUndefined();
  });

  test("a record comes back member for member, one revision further", async () => {
    const record = full(newTenant());
    const stored = { ...record, revision: 1 };
    expect(await store().replace(record)).toStrictEqual(stored);
    expect(await store().get(record.tenant, month)).toStrictEqual(stored);
    const { underWay: _underWay, ...done } = { ...stored, open: [] };
    expect(await store().replace(done)).toStrictEqual({ ...done, revision: 2 });
    expect(await store().get(record.tenant, month)).toStrictEqual({ ...done, revision: 2 });
  });

  test("of 20 that made something of the same record one stores it, the first as well as a later one", async () => {
    const tenant = newTenant();
    for (const revision of [0, 1]) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          store().replace({ ...beginMonth(tenant, month), open: [`txn_${n}`], revision }),
        ),
      );
      const winners = answers.flatMap((one) => one ?? []);
      expect(winners).toHaveLength(1);
      expect(await store().get(tenant, month)).toStrictEqual(winners[0]);
    }
  });

  describe("records", () => {
    test("of two months and two tenants do not meet", async () => {
      const tenant = newTenant();
      await store().replace(full(tenant));
      expect(await store().get(tenant, "2026-12")).toBeUndefined();
      expect(await store().get(`${tenant}#`, month)).toBeUndefined();
      expect(await store().get(`#${tenant}`, month)).toBeUndefined();
    });
  });
}
