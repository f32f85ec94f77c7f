/** Facts about the metered store: it does what the store does, and its writes say what was consumed, however they end. */
import { describe, expect, test } from "vitest";
import { noCost } from "../../lib/domain/cost.ts";
import { dueNow } from "../../lib/domain/due-transitions.ts";
import { StoreUnavailableError } from "../../lib/domain/errors.ts";
import { claimAttempt, succeed } from "../../lib/domain/transitions.ts";
import { hearUnits, metered } from "../../lib/lambda/meter.ts";
import { meteredTransactions } from "../../lib/lambda/metered-transactions.ts";
import { memoryTransactions } from "../../lib/store/memory-store.ts";
import { flowAt, newTenant, sample } from "../store/sample.ts";

const settled = { kind: "settled", providerTransactionId: "p-1", detail: "Completed" } as const;
const now = () => new Date("2026-11-20T09:30:00.000Z");

function opened() {
  const store = memoryTransactions();
  return { store, transactions: meteredTransactions(store), transaction: sample(newTenant()) };
}

describe("where somebody meters", () => {
  test("a transaction begins with what led to it, and gets what followed with each change", async () => {
    const { store, transactions, transaction } = opened();
    await metered({ now, own: { lambdaCalls: 1, apiCalls: 1 } }, async () => {
      hearUnits({ writeUnits: 1, readHalfUnits: 0 });
      await transactions.create(transaction);
    });
    await metered({ now, own: { lambdaCalls: 1 } }, async () => {
      hearUnits({ writeUnits: 0, readHalfUnits: 2 });
      await transactions.advance(transaction.id, claimAttempt(flowAt(1)));
      // The database tells of the write.
      hearUnits({ writeUnits: 1, readHalfUnits: 0 });
      hearUnits({ writeUnits: 0, readHalfUnits: 1 });
      await transactions.advance(transaction.id, succeed(settled, flowAt(2)));
    });
    // Claim 1, create 1 + 2 indexes, attempt 1, outcome 1 + 1 index.
    expect((await store.get(transaction.id, "consistent"))?.cost).toMatchObject({
      writeUnits: 7,
      readHalfUnits: 3,
      lambdaCalls: 2,
      apiCalls: 1,
    });
  });

  test("what was there before keeps its cost, and a refused change adds nothing to it", async () => {
    const { store, transactions, transaction } = opened();
    const cost = { ...(await first(transactions, transaction)) };
    await metered({ now, own: { lambdaCalls: 1 } }, async (meter) => {
      const again = await transactions.create({ ...transaction, description: "again" });
      expect(again).toMatchObject({ created: false, transaction: { cost } });
      const refused = await transactions.advance(transaction.id, succeed(settled, flowAt(1)));
      expect(refused).toMatchObject({ advanced: false, transaction: { cost } });
      expect(meter.take(0, true).spent.lambdaCalls).toBe(1);
    });
    expect((await store.get(transaction.id, "consistent"))?.cost).toEqual(cost);
  });

  test("what a write that fails had taken is in the next one", async () => {
    const { store, transaction } = opened();
    let fails = true;
    const transactions = meteredTransactions({
      ...store,
      advance: async (id, transition) => {
        if (fails) throw new StoreUnavailableError("throttled");
        return store.advance(id, transition);
      },
    });
    await store.create(transaction);
    await metered({ now, own: { lambdaCalls: 1 } }, async () => {
      await expect(transactions.advance(transaction.id, dueNow(flowAt(1)))).rejects.toThrow(StoreUnavailableError);
      fails = false;
      await transactions.advance(transaction.id, dueNow(flowAt(2)));
    });
    expect((await store.get(transaction.id, "consistent"))?.cost).toMatchObject({ lambdaCalls: 1, writeUnits: 3 });
  });

  test("many changes at once lose nothing and double nothing", async () => {
    const { store, transactions, transaction } = opened();
    await store.create(transaction);
    await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        metered({ now, own: { lambdaCalls: 1 } }, () => transactions.advance(transaction.id, dueNow(flowAt(n)))),
      ),
    );
    expect((await store.get(transaction.id, "consistent"))?.cost?.lambdaCalls).toBe(30);
  });
});

test("where nobody meters, as in a run for many, each write counts itself", async () => {
  const { store, transactions, transaction } = opened();
  await transactions.create(transaction);
  expect((await store.get(transaction.id, "consistent"))?.cost).toEqual({ ...noCost, writeUnits: 3 });
  await transactions.advance(transaction.id, claimAttempt(flowAt(1)));
  expect((await store.get(transaction.id, "consistent"))?.cost).toEqual({ ...noCost, writeUnits: 4 });
});

async function first(transactions: ReturnType<typeof meteredTransactions>, transaction: ReturnType<typeof sample>) {
  const { transaction: created } = await metered({ now, own: { lambdaCalls: 1 } }, () =>
    transactions.create(transaction),
  );
  expect(created?.cost?.lambdaCalls).toBe(1);
  return created?.cost;
}
