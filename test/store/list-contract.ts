/** Facts about listing a tenant's transactions: order, pages, filters. */
import { beforeAll, describe, expect, test } from "vitest";
import { kinds, statuses, type Transaction } from "../../lib/domain/transaction.ts";
import type { TransactionLists, TransactionPage, TransactionQuery, TransactionStore } from "../../lib/store/port.ts";
import { newTenant, sample } from "./sample.ts";

type Filters = Omit<TransactionQuery, "tenant" | "limit" | "before">;

/** Every third millisecond has three transactions, so a page may end amid equals. */
const perMillisecond = 3;
const count = 66;

function moment(n: number): string {
  return new Date(Date.UTC(2026, 10, 20, 9, 30, 0, n)).toISOString();
}

function history(tenant: string): Transaction[] {
  return Array.from({ length: count }, (_, n) => {
    const batch = n % 4 === 0 ? {} : { batch: `batch-${n % 3}` };
    const original = n % 3 === 1 ? { original: `original-${n % 2}` } : {};
    return sample(tenant, n, {
      createdAt: moment(Math.floor(n / perMillisecond)),
      kind: kinds[n % 3] ?? "spendback",
      connection: n % 5 < 3 ? "first" : "second",
      status: statuses[n % 7] ?? "pending",
      ...batch,
      ...original,
    });
  });
}

/** Newest first; among equals by id, downwards. */
function newestFirst(transactions: readonly Transaction[]): string[] {
  return transactions
    .map(({ createdAt, id }) => `${createdAt} ${id}`)
    .sort()
    .reverse()
    .map((line) => line.split(" ")[1] ?? "");
}

function matches(transaction: Transaction, filters: Filters): boolean {
  return (
    (filters.kind === undefined || transaction.kind === filters.kind) &&
    (filters.status === undefined || transaction.status === filters.status) &&
    (filters.connection === undefined || transaction.connection === filters.connection) &&
    (filters.batch === undefined || transaction.batch === filters.batch) &&
    (filters.original === undefined || transaction.original === filters.original) &&
    (filters.from === undefined || Date.parse(transaction.createdAt) >= Date.parse(filters.from)) &&
    (filters.to === undefined || Date.parse(transaction.createdAt) < Date.parse(filters.to))
  );
}

const members: Required<Filters> = {
  kind: "refund",
  status: "processing",
  connection: "first",
  batch: "batch-1",
  original: "original-0",
  from: moment(4),
  to: moment(17),
};

/** Every choice of filters: none, each alone, all of them combined. */
const choices: Filters[] = Array.from({ length: 128 }, (_, bits) =>
  Object.fromEntries(Object.entries(members).filter((_, place) => bits & (1 << place))),
);

export function listContract(store: () => TransactionStore & TransactionLists): void {
  const pagesOf = async (query: Omit<TransactionQuery, "before">): Promise<TransactionPage[]> => {
    const pages: TransactionPage[] = [];
    for (let before: string | undefined; ; ) {
      const page = await store().list({ ...query, ...(before !== undefined && { before }) });
      pages.push(page);
      if (page.next === undefined) return pages;
      if (pages.length > 2 * count) throw new Error("the pages do not end");
      before = page.next;
    }
  };
  const idsOf = (pages: readonly TransactionPage[]): string[] =>
    pages.flatMap(({ items }) => items.map(({ id }) => id));

  describe("list", () => {
    const tenant = newTenant();
    const all = history(tenant);
    beforeAll(async () => {
      await Promise.all(all.map((transaction) => store().create(transaction)));
    });

    test("gives whole transactions, newest first, equals by id", async () => {
      const { items, next } = await store().list({ tenant, limit: 100 });
      expect(items.map(({ id }) => id)).toEqual(newestFirst(all));
      expect(next).toBeUndefined();
      for (const item of items) expect(item).toStrictEqual(all.find(({ id }) => id === item.id));
    });

    test.each([1, 2, 3, 5, 7, 10, 25, 33, 65, 66, 67, 100])(
      "pages of %i give each transaction exactly once",
      async (limit) => {
        const pages = await pagesOf({ tenant, limit });
        expect(idsOf(pages)).toEqual(newestFirst(all));
        for (const { items } of pages) expect(items.length).toBeLessThanOrEqual(limit);
      },
    );

    test.each([
      { what: "every combination", limit: 100, chosen: choices },
      { what: "many combinations", limit: 4, chosen: choices.filter((_, place) => place % 5 === 1) },
    ])("filters alone and in $what, in pages of $limit", async ({ limit, chosen }) => {
      for (const filters of chosen) {
        const expected = newestFirst(all.filter((one) => matches(one, filters)));
        expect(idsOf(await pagesOf({ tenant, limit, ...filters })), JSON.stringify(filters)).toEqual(expected);
      }
    });

    test("was asked for something that is there: most combinations find a transaction", () => {
      const found = choices.filter((filters) => all.some((one) => matches(one, filters)));
      expect(found.length).toBeGreaterThanOrEqual(96);
    });

    test("shows another tenant nothing, even one whose name begins alike", async () => {
      for (const other of [newTenant(), `${tenant}#0`, tenant.slice(0, -1), ""]) {
        expect(await store().list({ tenant: other, limit: 100 })).toEqual({ items: [] });
      }
    });

    test("finds nothing where the beginning is not before the end", async () => {
      expect(await store().list({ tenant, limit: 10, from: moment(9), to: moment(3) })).toEqual({ items: [] });
      expect(await store().list({ tenant, limit: 10, from: moment(9), to: moment(9) })).toEqual({ items: [] });
    });

    test("takes the beginning in and leaves the end out, to the millisecond", async () => {
      const { items } = await store().list({ tenant, limit: 100, from: moment(9), to: moment(10) });
      expect(items.map(({ createdAt }) => createdAt)).toEqual([moment(9), moment(9), moment(9)]);
    });

    test("goes on where a page ended though newer transactions came in between", async () => {
      const own = newTenant();
      const old = Array.from({ length: 9 }, (_, n) => sample(own, n, { createdAt: moment(n) }));
      for (const transaction of old) await store().create(transaction);
      const { items, next = "" } = await store().list({ tenant: own, limit: 4 });
      await store().create(sample(own, 99, { createdAt: moment(500) }));
      const rest = await store().list({ tenant: own, limit: 100, before: next });
      expect([...items, ...rest.items].map(({ id }) => id)).toEqual(newestFirst(old));
    });

    test("reaches the end through short pages when a status is rare", async () => {
      const own = newTenant();
      const many = Array.from({ length: 320 }, (_, n) =>
        sample(own, n, { createdAt: moment(n), status: n === 2 || n === 250 ? "needs_review" : "succeeded" }),
      );
      await Promise.all(many.map((transaction) => store().create(transaction)));
      const rare = many.filter(({ status }) => status === "needs_review");
      for (const limit of [1, 2, 25]) {
        expect(idsOf(await pagesOf({ tenant: own, limit, status: "needs_review" }))).toEqual(newestFirst(rare));
        expect(idsOf(await pagesOf({ tenant: own, limit, status: "canceled" }))).toEqual([]);
      }
    });
  });
}
