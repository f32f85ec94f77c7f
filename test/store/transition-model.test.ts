/** Random sequences of transitions: every store makes of them what `lib/domain/apply.ts` makes of them. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryTransactions } from "../../lib/store/memory-store.ts";
import type { TransactionStore } from "../../lib/store/port.ts";
import { fc } from "../property.ts";
import { isThorough } from "../thoroughness.ts";
import { canRun, openEmulator } from "./emulator.ts";
import { newTenant, sample } from "./sample.ts";
import { advanceCommand, type Model, step } from "./transition-model.ts";

/** Runs that came to each status: a search that never leaves `pending` would prove nothing. */
async function compare(store: TransactionStore, numRuns: number): Promise<Record<string, number>> {
  const reached: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.commands([step.map(advanceCommand)], { maxCommands: 30, size: "max" }),
      async (withAmount, commands) => {
        const priced = sample(newTenant());
        const { amount: _amount, ...unpriced } = priced;
        const begun = withAmount ? priced : unpriced;
        await store.create(begun);
        const model: Model = { history: [begun] };
        await fc.asyncModelRun(() => ({ model, real: store }), commands);
        const { status } = model.history.at(-1) ?? begun;
        reached[status] = (reached[status] ?? 0) + 1;
      },
    ),
    { numRuns },
  );
  return reached;
}

const dynoxideRuns = await canRun("dynoxide");

describe("a random sequence of transitions", () => {
  test("ends in memory as the domain says", async () => {
    const reached = await compare(memoryTransactions(), 400);
    expect(Object.keys(reached).sort()).toEqual([
      "canceled",
      "failed",
      "needs_review",
      "pending",
      "processing",
      "succeeded",
    ]);
  });

  describe.runIf(dynoxideRuns)("in DynamoDB", () => {
    let opened: Awaited<ReturnType<typeof openEmulator>>;
    beforeAll(async () => {
      opened = await openEmulator("dynoxide");
    });
    afterAll(() => opened.close());

    test("ends as the domain says", async () => {
      const reached = await compare(opened.transactions, isThorough ? 60 : 20);
      expect(Object.keys(reached).length).toBeGreaterThanOrEqual(3);
    }, 60_000);
  });
});
