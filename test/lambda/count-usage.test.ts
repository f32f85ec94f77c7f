/** Facts about counting a month: every transaction once, with its last word, however often and by whomever it is counted. */
import { describe, expect, test } from "vitest";
import { noCost } from "../../lib/domain/cost.ts";
import type { MinorUnits } from "../../lib/domain/money.ts";
import type { Kind, Status, Transaction } from "../../lib/domain/transaction.ts";
import { countUsage } from "../../lib/lambda/count-usage.ts";
import { memoryTransactions } from "../../lib/store/memory-store.ts";
import { memoryUsage } from "../../lib/store/memory-usage.ts";
import type { UsageStore } from "../../lib/store/usage.ts";
import { fc } from "../property.ts";
import { flowAt, sample } from "../store/sample.ts";

const november = { tenant: "acme", month: "2026-11" };
const always = () => true;
const cost = { ...noCost, writeUnits: 7, lambdaCalls: 5 };

function opened(usage: UsageStore = memoryUsage()) {
  const transactions = memoryTransactions();
  let now = new Date("2026-11-20T12:00:00.000Z");
  let reads = 0;
  const watched: typeof transactions = {
    ...transactions,
    list: async (query) => {
      const page = await transactions.list(query);
      reads += page.items.length;
      return page;
    },
  };
  return {
    transactions,
    usage,
    dependencies: { usage, transactions: watched, now: () => now },
    at: (text: string) => {
      now = new Date(text);
    },
    /** How many transactions were read since it was asked last. */
    reads: () => {
      const read = reads;
      reads = 0;
      return read;
    },
  };
}

let count = 0;

/** A transaction of the tenant that is as far as it says. */
function one(createdAt: string, members: Partial<Transaction> & { status?: Status; kind?: Kind } = {}): Transaction {
  return sample("acme", ++count, { createdAt, cost, status: "succeeded", ...members });
}

const jpy = (value: number) => ({ value: value as MinorUnits, currency: "JPY" });

describe("a month's figures", () => {
  test("are its transactions by kind and status, what succeeded by currency, and their cost", async () => {
    const { transactions, dependencies } = opened();
    await transactions.create(one("2026-11-01T00:00:00.000Z"));
    await transactions.create(one("2026-11-10T00:00:00.000Z", { kind: "refund", amount: jpy(500) }));
    await transactions.create(one("2026-11-10T00:00:00.000Z", { kind: "cashback", amount: jpy(70) }));
    await transactions.create(one("2026-11-10T00:00:00.000Z", { status: "failed", amount: jpy(9_000) }));
    await transactions.create(one("2026-11-20T11:59:59.000Z", { status: "processing", attempt: "open" }));
    expect(await countUsage(november, dependencies, always)).toEqual({
      figures: {
        transactions: { spendback: 3, refund: 1, cashback: 1 },
        byStatus: { pending: 0, processing: 1, succeeded: 3, failed: 1, canceled: 0, needs_review: 0 },
        moved: { USD: 1_999n, JPY: 570n },
        cost: { ...noCost, writeUnits: 35, lambdaCalls: 25 },
      },
      countedTo: "2026-11-20T12:00:00.000Z",
    });
  });

  test("are of what began in it by UTC, to the millisecond, and of its tenant alone", async () => {
    const { transactions, dependencies, at } = opened();
    at("2027-01-15T00:00:00.000Z");
    const before = one("2026-10-31T23:59:59.999Z");
    const inside = [one("2026-11-01T00:00:00.000Z"), one("2026-11-30T23:59:59.999Z")];
    const after = one("2026-12-01T00:00:00.000Z");
    const other = { ...one("2026-11-15T00:00:00.000Z"), tenant: "other" };
    for (const transaction of [before, ...inside, after, other]) await transactions.create(transaction);
    const months = ["2026-10", "2026-11", "2026-12"].map((month) =>
      countUsage({ tenant: "acme", month }, dependencies, always),
    );
    expect((await Promise.all(months)).map(({ figures }) => figures.transactions.spendback)).toEqual([1, 2, 1]);
  });

  test("follow what was open when it was first found, until it is over, and then no more", async () => {
    const { transactions, dependencies, usage, at } = opened();
    const open = one("2026-11-20T09:00:00.000Z", { status: "processing", attempt: "open" });
    await transactions.create(open);
    expect((await countUsage(november, dependencies, always)).figures.byStatus).toMatchObject({ processing: 1 });
    expect((await usage.get("acme", "2026-11"))?.open).toEqual([open.id]);

    await transactions.advance(open.id, {
      expect: [{ status: "processing" }],
      set: { status: "succeeded" },
      remove: ["attempt", "nextActionAt"],
      entry: { at: flowAt(1).at.toISOString(), status: "succeeded", by: "flow" },
      spent: { ...noCost, writeUnits: 2 },
    });
    at("2026-11-20T13:00:00.000Z");
    const { figures } = await countUsage(november, dependencies, always);
    expect(figures).toMatchObject({ byStatus: { processing: 0, succeeded: 1 }, moved: { USD: 1_999n } });
    expect(figures.cost.writeUnits).toBe(9);
    expect((await usage.get("acme", "2026-11"))?.open).toEqual([]);
  });

  test("keep what is over and still owes something open: its cost may grow", async () => {
    const { transactions, dependencies, usage } = opened();
    const owing = one("2026-11-20T09:00:00.000Z", { kind: "refund", status: "failed", owed: true });
    await transactions.create(owing);
    expect((await countUsage(november, dependencies, always)).figures.transactions.refund).toBe(1);
    expect((await usage.get("acme", "2026-11"))?.open).toEqual([owing.id]);
  });

  test("have what was written late, though it bears an earlier time", async () => {
    const { transactions, dependencies, at } = opened();
    await transactions.create(one("2026-11-20T11:59:50.000Z"));
    await countUsage(november, dependencies, always);
    await transactions.create(one("2026-11-20T11:59:40.000Z"));
    at("2026-11-20T12:00:30.000Z");
    expect((await countUsage(november, dependencies, always)).figures.transactions.spendback).toBe(2);
    at("2026-11-21T12:00:30.000Z");
    expect((await countUsage(november, dependencies, always)).figures.transactions.spendback).toBe(2);
  });
});

describe("counting on", () => {
  const filled = async (number: number) => {
    const stage = opened();
    const start = Date.parse("2026-11-05T00:00:00.000Z");
    for (let n = 0; n < number; n++) await stage.transactions.create(one(new Date(start + n * 60_000).toISOString()));
    return stage;
  };

  test("reads each transaction once, whoever asks again", async () => {
    const { dependencies, reads } = await filled(450);
    expect((await countUsage(november, dependencies, always)).figures.transactions.spendback).toBe(450);
    expect(reads()).toBe(450);
    expect((await countUsage(november, dependencies, always)).figures.transactions.spendback).toBe(450);
    expect(reads()).toBe(0);
  });

  test("goes on where it was stopped, and says how far it is", async () => {
    const { dependencies, reads } = await filled(450);
    let pages = 2;
    const first = await countUsage(november, dependencies, () => pages-- > 0);
    expect(first).toMatchObject({
      figures: { transactions: { spendback: 200 } },
      countedTo: "2026-11-01T00:00:00.000Z",
    });
    const last = await countUsage(november, dependencies, always);
    expect(last).toMatchObject({
      figures: { transactions: { spendback: 450 } },
      countedTo: "2026-11-20T12:00:00.000Z",
    });
    expect(reads()).toBe(450);
  });

  test("of a month that is over, and everything in it, reads nothing but its record", async () => {
    const { dependencies, at, transactions } = await filled(3);
    at("2026-12-03T00:00:00.000Z");
    await countUsage(november, dependencies, always);
    const silent = { ...dependencies, transactions: { ...transactions, list: unasked, get: unasked } };
    expect(await countUsage(november, silent, always)).toMatchObject({
      figures: { transactions: { spendback: 3 } },
      countedTo: "2026-12-01T00:00:00.000Z",
    });
  });

  test("waits where more than a thousand are open, and goes on when they are over", async () => {
    const { transactions, dependencies, usage } = opened();
    const open = Array.from({ length: 1_050 }, () =>
      one("2026-11-06T00:00:00.000Z", { status: "processing", attempt: "open" }),
    );
    for (const transaction of open) await transactions.create(transaction);
    const first = await countUsage(november, dependencies, always);
    expect(first.countedTo).toBe("2026-11-01T00:00:00.000Z");
    expect(first.figures.byStatus.processing).toBe(1_000);
    for (const { id } of open) {
      await transactions.advance(id, {
        expect: [{ status: "processing" }],
        set: { status: "failed" },
        remove: ["attempt", "nextActionAt"],
        entry: { at: flowAt(1).at.toISOString(), status: "failed", by: "flow" },
      });
    }
    expect((await countUsage(november, dependencies, always)).figures.byStatus).toMatchObject({ failed: 1_050 });
    expect((await usage.get("acme", "2026-11"))?.open).toEqual([]);
  });

  test("fails rather than lose one that it had found", async () => {
    const { dependencies, transactions } = opened();
    await transactions.create(one("2026-11-06T00:00:00.000Z", { status: "processing", attempt: "open" }));
    await countUsage(november, dependencies, always);
    const empty = { ...dependencies, transactions: memoryTransactions() };
    await expect(countUsage(november, empty, always)).rejects.toThrow(/is not there/);
  });

  test("by many at once, each of which may die before or after it stores, counts each transaction once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ workers: fc.integer({ min: 1, max: 4 }), pages: fc.nat({ max: 4 }) }), { maxLength: 6 }),
        fc.array(fc.constantFrom("stores", "dies before", "dies after"), { minLength: 1, maxLength: 12 }),
        async (rounds, fates) => {
          const inner = memoryUsage();
          let writes = 0;
          const dying: UsageStore = {
            get: inner.get,
            replace: async (next) => {
              const fate = fates[writes++ % fates.length];
              if (fate === "dies before") throw new Error("died");
              const stored = await inner.replace(next);
              if (fate === "dies after") throw new Error("died");
              return stored;
            },
          };
          const { transactions, dependencies } = opened(dying);
          for (let n = 0; n < 230; n++) {
            const status = n % 7 === 0 ? ("processing" as const) : ("succeeded" as const);
            await transactions.create(one(`2026-11-05T00:${String(n % 60).padStart(2, "0")}:00.000Z`, { status }));
          }
          for (const { workers, pages } of rounds) {
            const runs = Array.from({ length: workers }, () => {
              let left = pages;
              return countUsage(november, dependencies, () => left-- > 0).catch(() => undefined);
            });
            await Promise.all(runs);
          }
          const { figures } = await countUsage(november, { ...dependencies, usage: inner }, always);
          expect(figures.transactions.spendback).toBe(230);
          expect(figures.byStatus).toMatchObject({ processing: 33, succeeded: 197 });
          expect(figures.cost.writeUnits).toBe(230 * 7);
        },
      ),
      { numRuns: 40 },
    );
  });
});

async function unasked(): Promise<never> {
  throw new Error("nothing was to be asked");
}
