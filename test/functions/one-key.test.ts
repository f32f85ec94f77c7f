/** Facts about a key of cashbacks: it stands for one accrual or for one payment, through whichever doors it comes. */
import { describe, expect, test } from "vitest";
import { run as createBatch } from "../../functions/create-batch.ts";
import { run as listItems } from "../../functions/list-batch-items.ts";
import { run as publishEvents } from "../../functions/publish-events.ts";
import { run as runBatches } from "../../functions/run-batches.ts";
import type { VisibleError } from "../../lib/domain/errors.ts";
import type { ShownBatch } from "../../lib/lambda/shown-batch.ts";
import { memoryBatches } from "../../lib/store/memory-batches.ts";
import { memoryNames, memoryOriginals } from "../../lib/store/memory-originals.ts";
import { memoryWebhookDeliveries, memoryWebhookEndpoints } from "../../lib/store/memory-webhooks.ts";
import { captureLog } from "../lambda/api-event.ts";
import { type CashbackStage, cashbackStage } from "./cashback-stage.ts";

captureLog();

const row = {
  kind: "cashback",
  key: "order-4711",
  connection: "wallets",
  receiver: { walletNumber: "W-1" },
  amount: { value: 100, currency: "TRY" },
};

function keyStage() {
  const stage = cashbackStage();
  const batches = memoryBatches();
  const dependencies = {
    ...stage.dependencies,
    batches,
    originals: memoryOriginals(),
    names: memoryNames(),
    endpoints: memoryWebhookEndpoints(),
    deliveries: memoryWebhookDeliveries(),
    newId: () => "run",
    dryRun: async () => ({}) as never,
  };
  return {
    ...stage,
    dependencies,
    async post(options: object = {}): Promise<ShownBatch> {
      const { body } = await createBatch({ items: [row], ...options }, dependencies, stage.call("batch"));
      stage.woken.length = 0;
      return body as ShownBatch;
    },
    work: (id: string, given: typeof dependencies = dependencies) => runBatches({ detail: { batch: id } }, given),
    items: async (id: string) =>
      (await listItems({ id, limit: 10 }, dependencies, stage.call())).body as { items: object[] },
  };
}

/** What moves for the key in the end, once by its schedule and once by its batch where both have taken it. */
async function moved(stage: CashbackStage): Promise<number> {
  await stage.schedule();
  stage.clock.advance(3 * 3_600_000);
  await stage.runDue();
  return (await stage.carryOut()).length;
}

describe("a key of cashbacks", () => {
  test("that stands for an accrual is refused in a batch's row, which says so", async () => {
    const stage = keyStage();
    await stage.accrue({}, "order-4711");
    const refused = await stage.post().catch((error: VisibleError) => error);
    expect(refused).toMatchObject({
      code: "validation_failed",
      errors: [
        {
          row: 1,
          path: "items.0.key",
          message: "stands for a cashback by schedule already: a new wish needs a new key",
        },
      ],
    });
    expect(await moved(stage)).toBe(1);
  });

  test("that became an accrual before the row's turn is not paid by the row", async () => {
    const stage = keyStage();
    const { id } = await stage.post({ runAt: "2026-11-20T05:30:00.000Z" });
    await stage.accrue({}, "order-4711");
    stage.clock.advance(31 * 60_000);
    await stage.work(id);
    expect(await stage.items(id)).toMatchObject({
      items: [{ status: "failed", failure: { code: "idempotency_key_reused" } }],
    });
    expect(await moved(stage)).toBe(1);
  });

  test("that a row has paid cannot become an accrual", async () => {
    const stage = keyStage();
    const { id } = await stage.post();
    await stage.work(id);
    await expect(stage.accrue({}, "order-4711")).rejects.toMatchObject({ code: "idempotency_key_reused" });
    expect(await moved(stage)).toBe(1);
  });

  test("moves once at whichever call of the row's loading the accrual comes, months later, too", async () => {
    let calls = 1;
    for (let at = 0; at < calls; at++) {
      const stage = keyStage();
      const { id } = await stage.post({ start: true });
      let place = 0;
      const stepped = <T extends object>(dependency: T): T =>
        Object.fromEntries(
          Object.entries(dependency).map(([name, method]) => [
            name,
            async (...given: unknown[]) => {
              if (place++ === at) {
                stage.clock.advance(at % 2 === 0 ? 0 : 60 * 86_400_000);
                await stage.accrue({}, "order-4711").catch(() => "refused");
              }
              return method(...given);
            },
          ]),
        ) as T;
      const { batches, transactions } = stage.dependencies;
      await stage.work(id, {
        ...stage.dependencies,
        batches: stepped(batches),
        transactions: stepped(transactions),
      });
      calls = place;
      expect([at, await moved(stage)]).toEqual([at, 1]);
    }
    expect(calls).toBeGreaterThan(5);
  });

  test("that is reserved tells nobody anything: there is no transaction", async () => {
    const published: unknown[] = [];
    const events = { publish: async (given: readonly unknown[]) => void published.push(...given) };
    const image = { id: { S: "txn_1" }, reservedFor: { S: "print" } };
    expect(await publishEvents({ Records: [{ dynamodb: { NewImage: image } }] }, { events })).toEqual({ published: 0 });
    expect(published).toEqual([]);
  });
});
