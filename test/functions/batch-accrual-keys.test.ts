/** A key that comes as a row of a batch and as a cashback for the schedule: it is paid once, by whichever door was first. */
import { describe, expect, test } from "vitest";
import { run as cancelBatch } from "../../functions/cancel-batch.ts";
import { amountOf } from "../../lib/domain/money.ts";
import { scheduledCashbacks } from "../../lib/lambda/create-accrual.ts";
import type { ConfiguredConnection } from "../../lib/providers/connections.ts";
import type { Connector } from "../../lib/providers/port.ts";
import { captureLog } from "../lambda/api-event.ts";
import { type BatchStage, batchStage } from "./batch-stage.ts";

captureLog();

const wallets: Partial<ConfiguredConnection> = {
  connector: { cashback: { check: () => [] } } as unknown as Connector,
};

const body = {
  connection: "scripted",
  receiver: { walletNumber: "W-1" },
  amount: amountOf(500, "TRY"),
};

const row = { kind: "cashback", key: "thanks", ...body };

/** What taking an accrual calls. */
function doorOf({ clock, accruals, dependencies, transactions }: BatchStage) {
  return { ...clock, accruals, transactions, claims: dependencies.claims, connections: dependencies.connections };
}

function accrue(stage: BatchStage, door = doorOf(stage)) {
  return scheduledCashbacks(door).take(body, stage.callWith("thanks"));
}

describe("a key of a cashback", () => {
  test("that stands for an accrual is not paid by a batch as well", async () => {
    const stage = batchStage(wallets);
    await accrue(stage);
    const { id } = await stage.post([row]);
    await stage.settle();
    expect(await stage.all()).toEqual([]);
    expect(await stage.show(id)).toMatchObject({ status: "done", counts: { failed: 1 } });
    expect(await stage.items(id)).toMatchObject([{ failure: { code: "idempotency_key_reused" } }]);
  });

  test("that stands for an accrual is not even canceled by a batch", async () => {
    const stage = batchStage(wallets);
    await accrue(stage);
    const { id } = await stage.post([row]);
    await cancelBatch({ id }, stage.dependencies, stage.callWith("stop"));
    await stage.settle();
    expect(await stage.all()).toEqual([]);
    expect(await stage.show(id)).toMatchObject({ status: "canceled", counts: { failed: 1 } });
  });

  test("that stands for a row of a batch is not accrued", async () => {
    const stage = batchStage(wallets);
    await stage.post([row]);
    await stage.settle();
    await expect(accrue(stage)).rejects.toMatchObject({ code: "idempotency_key_reused" });
    expect(await stage.all()).toMatchObject([{ status: "succeeded" }]);
  });

  test("of two at once stands for one of them, at whichever call of the accrual the batch comes between", async () => {
    for (let at = 0; at < 4; at++) {
      const stage = batchStage(wallets);
      await stage.post([row]);
      let calls = 0;
      const between = <T extends object>(store: T): T =>
        Object.fromEntries(
          Object.entries(store).map(([name, call]) => [
            name,
            async (...given: unknown[]) => {
              if (calls++ === at) await stage.settle();
              return call(...given);
            },
          ]),
        ) as T;
      const door = doorOf(stage);
      const [accruals, claims] = [between(door.accruals), between(door.claims)];
      const accrued = await accrue(stage, {
        ...door,
        accruals,
        claims,
        transactions: between(door.transactions),
      }).then(
        () => 1,
        () => 0,
      );
      await stage.settle();
      expect(calls, `settled before call ${at}`).toBeGreaterThan(at === 3 ? 2 : at);
      expect(accrued + (await stage.all()).length, `the batch ran before call ${at}`).toBe(1);
    }
  });
});
