/** What a write costs as it is foreseen, against what the database says when it was made: after any history. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noCost } from "../../lib/domain/cost.ts";
import { postpone } from "../../lib/domain/due-transitions.ts";
import { begin } from "../../lib/domain/new-transaction.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import { claimAttempt, note, succeed } from "../../lib/domain/transitions.ts";
import { listenToCapacity } from "../../lib/store/dynamodb-capacity.ts";
import { dynamoClaims } from "../../lib/store/dynamodb-claims.ts";
import { dynamoTransactionLists } from "../../lib/store/dynamodb-listing.ts";
import { dynamoTransactions } from "../../lib/store/dynamodb-transactions.ts";
import { unitsOfAdvance, unitsOfCreate } from "../../lib/store/write-units.ts";
import { physicalName } from "../../local/create-tables.ts";
import { fc } from "../property.ts";
import { canRun, openEmulator } from "./emulator.ts";
import { flowAt, newTenant, sample } from "./sample.ts";
import { step } from "./transition-model.ts";

const table = physicalName("Transactions");

describe.runIf(await canRun("dynoxide"))("a write's units, foreseen,", () => {
  let opened: Awaited<ReturnType<typeof openEmulator>>;
  const told = { writeUnits: 0, readHalfUnits: 0 };
  beforeAll(async () => {
    opened = await openEmulator("dynoxide");
    listenToCapacity(opened.client, ({ writeUnits, readHalfUnits }) => {
      told.writeUnits += writeUnits;
      told.readHalfUnits += readHalfUnits;
    });
  });
  afterAll(() => opened.close());

  /** What was told since it was asked last. */
  const take = () => {
    const taken = { ...told };
    told.writeUnits = 0;
    told.readHalfUnits = 0;
    return taken;
  };
  const store = () => dynamoTransactions(opened.client, table);

  /** Some stay below a KB, some are on its edge, some far above; some are refunds. */
  const beginnings = fc.record({
    description: fc.constantFrom("d", "d".repeat(200), "é".repeat(200)),
    note: fc.integer({ min: 0, max: 900 }).map((length) => "n".repeat(length)),
    original: fc.constantFrom({}, { kind: "refund", original: "stl-1" } as const),
  });

  test("are those that the database tells, creation and every change", async () => {
    let changes = 0;
    let large = 0;
    await fc.assert(
      fc.asyncProperty(
        beginnings,
        fc.array(step, { maxLength: 12 }),
        async ({ description, note: text, original }, steps) => {
          const metadata = { note: text };
          let current: Transaction = sample(newTenant(), 0, { description, metadata, ...original });
          take();
          await store().create(current);
          expect(unitsOfCreate(current)).toBe(take().writeUnits);
          for (const { transitionOf } of steps) {
            const transition = transitionOf(current);
            const foreseen = unitsOfAdvance(transition, current);
            const { advanced, transaction } = await store().advance(current.id, transition);
            const { writeUnits } = take();
            if (!advanced) {
              expect(writeUnits).toBe(1);
              continue;
            }
            expect(foreseen, `${transition.entry.detail} of ${JSON.stringify(current)}`).toBe(writeUnits);
            changes += 1;
            if (foreseen > 3) large += 1;
            current = transaction ?? current;
          }
        },
      ),
      { numRuns: 60 },
    );
    // Far below what any seed draws (about 78 and 19): enough to have been tried.
    expect(changes).toBeGreaterThan(30);
    expect(large).toBeGreaterThan(2);
  });

  const numbers = [0, 7, 10, 99, 1_200, 20_992, -1, -10, -105];
  test.each(numbers)("are right at each byte around a KB's end, with the number %i in the item", async (number) => {
    const spent = { ...noCost, lambdaMs: number };
    const toPostpone = (length: number) => {
      const transaction = sample(newTenant(), 0, { metadata: { note: "n".repeat(length) } });
      const transition = { ...postpone(transaction, "2026-11-20T11:00:00.000Z", "due", flowAt(1)), spent };
      return { transaction, transition, foreseen: unitsOfAdvance(transition, transaction) };
    };
    const small = toPostpone(0).foreseen;
    let end = 1;
    while (toPostpone(end).foreseen === small) end += 1;
    for (let length = end - 4; length <= end + 4; length++) {
      const { transaction, transition, foreseen } = toPostpone(length);
      await store().create(transaction);
      take();
      await store().advance(transaction.id, transition);
      expect(take().writeUnits, `${length - end} bytes behind it`).toBe(foreseen);
    }
  });

  test("of a change whose transaction nobody has read are those of a small one that is due", async () => {
    const transaction = sample(newTenant());
    await store().create(transaction);
    const open = { kind: "accepted", detail: "Pending" } as const;
    const claim = claimAttempt(flowAt(1));
    take();
    const { transaction: claimed = transaction } = await store().advance(transaction.id, claim);
    expect(unitsOfAdvance(claim)).toBe(take().writeUnits);
    const later = note(claimed, open, flowAt(2), "2026-11-20T10:00:00.000Z");
    await store().advance(transaction.id, later);
    expect(unitsOfAdvance(later)).toBe(take().writeUnits);
    const end = succeed({ kind: "settled", detail: "Completed" }, flowAt(3));
    await store().advance(transaction.id, end);
    expect(unitsOfAdvance(end)).toBe(take().writeUnits);
  });

  test("of an order are three and one for a refund's index", () => {
    const wish = {
      id: "txn_1",
      tenant: "acme",
      kind: "refund",
      connection: "paysafe",
      provider: "paysafe",
      fingerprint: "print",
    } as const;
    expect(unitsOfCreate(begin(wish, flowAt(0)))).toBe(3);
    expect(unitsOfCreate(begin({ ...wish, original: "stl-1" }, flowAt(0)))).toBe(4);
  });

  test("are told for reads in halves, and for a refused claim as one", async () => {
    const transaction = sample(newTenant());
    await store().create(transaction);
    take();
    await store().get(transaction.id, "consistent");
    await store().get(transaction.id, "eventual");
    expect(take()).toEqual({ writeUnits: 0, readHalfUnits: 3 });
    await dynamoTransactionLists(opened.client, table).list({ tenant: transaction.tenant, limit: 5 });
    expect(take().readHalfUnits).toBeGreaterThan(0);
    const claims = dynamoClaims(opened.client, physicalName("Idempotency"));
    await claims.claim(transaction.id, "print", flowAt(0).at);
    await claims.claim(transaction.id, "print", flowAt(0).at);
    expect(take()).toEqual({ writeUnits: 2, readHalfUnits: 0 });
  });
});
