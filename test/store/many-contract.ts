/** Facts about reading many transactions by their ids. */
import { describe, expect, test } from "vitest";
import type { TransactionReader, TransactionStore } from "../../lib/store/port.ts";
import { idOf, newTenant, sample } from "./sample.ts";

export function manyContract(store: () => TransactionStore & TransactionReader): void {
  describe.each(["consistent", "eventual"] as const)("many transactions, read %s", (consistency) => {
    test("come by their ids, however many, each once; those that are not there are left out", async () => {
      const tenant = newTenant();
      const created = Array.from({ length: 230 }, (_, n) => sample(tenant, n, { metadata: { n: String(n) } }));
      await Promise.all(created.map((transaction) => store().create(transaction)));
      const ids = created.map(({ id }) => id);
      const found = await store().many([...ids, ...ids, idOf(tenant, 1_000)], consistency);
      expect(found).toEqual(new Map(created.map((transaction) => [transaction.id, transaction])));
      expect(await store().many([], consistency)).toEqual(new Map());
    });

    test("leave out ids that are reserved; what stands under ids tells of these, too", async () => {
      const tenant = newTenant();
      const one = sample(tenant, 0);
      await store().create(one);
      await store().reserve(idOf(tenant, 1), "print");
      const ids = [one.id, idOf(tenant, 1), idOf(tenant, 2)];
      expect(await store().many(ids, consistency)).toEqual(new Map([[one.id, one]]));
      expect(await store().standing(ids, consistency)).toEqual(
        new Map<string, unknown>([
          [one.id, one],
          [idOf(tenant, 1), "reserved"],
        ]),
      );
    });
  });
}
