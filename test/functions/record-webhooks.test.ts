/** Facts about writing down what webhook endpoints are to be told. */
import { describe, expect, test } from "vitest";
import { run as followUp } from "../../functions/follow-up-webhooks.ts";
import { run } from "../../functions/record-webhooks.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import type { WebhookEndpoint } from "../../lib/domain/webhook-endpoint.ts";
import { captureLog } from "../lambda/api-event.ts";
import { newTenant } from "../store/sample.ts";
import { asPrinted, lifeOf, printedTimes, record, statesOf } from "./transaction-stream.ts";
import { deliveryStage } from "./webhook-delivery-stage.ts";

const log = captureLog();

type Stage = ReturnType<typeof deliveryStage>;

/** Oldest first. */
async function recorded({ dependencies, clock }: Stage, { id }: WebhookEndpoint) {
  const { items } = await dependencies.deliveries.list({ endpoint: id, limit: 100, now: clock.now() });
  return items.toReversed();
}

describe("an event", () => {
  test("becomes a delivery for each endpoint of its tenant, due since it happened, each after the one before it", async () => {
    const stage = deliveryStage();
    const endpoints = [await stage.register(0), await stage.register(1)];
    expect(await run(lifeOf(stage.tenant), stage.dependencies)).toEqual({ recorded: 6 });
    const [{ id } = { id: "" }] = statesOf(stage.tenant);
    for (const endpoint of endpoints) {
      const [first, second, third, ...others] = await recorded(stage, endpoint);
      expect(others).toEqual([]);
      expect([first, second, third]).toMatchObject([
        { event: "transaction.pending", webhookId: `${id}_1`, nextAttemptAt: "2026-11-20T09:30:00.000Z" },
        { event: "transaction.processing", webhookId: `${id}_2`, nextAttemptAt: "2026-11-20T09:30:01.000Z" },
        { event: "transaction.succeeded", webhookId: `${id}_3`, nextAttemptAt: "2026-11-20T09:30:02.000Z" },
      ]);
      expect([first?.after, second?.after, third?.after]).toEqual([undefined, first?.id, second?.id]);
    }
  });

  test.each(printedTimes)("is written down once, also when the CLI read it again (with the time %s)", async (time) => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    const life = lifeOf(stage.tenant);
    const printed = { Records: life.Records.map((one) => asPrinted(one, time)) };
    expect(await run(printed, stage.dependencies)).toEqual({ recorded: 3 });
    const first = await recorded(stage, endpoint);
    await run(life, stage.dependencies);
    expect(await recorded(stage, endpoint)).toEqual(first);
    expect(first.map(({ event }) => event)).toEqual([
      "transaction.pending",
      "transaction.processing",
      "transaction.succeeded",
    ]);
  });

  test("is told as the bus is, under the names that endpoints are registered with", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    await run(lifeOf(stage.tenant), stage.dependencies);
    const [{ id } = { id: "" }] = statesOf(stage.tenant);
    expect(JSON.parse((await recorded(stage, endpoint)).at(-1)?.body ?? "")).toEqual({
      type: "transaction.succeeded",
      timestamp: "2026-11-20T09:30:02.000Z",
      data: {
        version: 1,
        id: `${id}.3`,
        tenant: stage.tenant,
        transaction: {
          id,
          kind: "spendback",
          status: "succeeded",
          connection: "ipayout",
          provider: "ipayout",
          amount: { value: 1999, currency: "USD" },
          attempts: 1,
          createdAt: "2026-11-20T09:30:00.000Z",
          updatedAt: "2026-11-20T09:30:02.000Z",
        },
      },
    });
  });

  test("that an endpoint did not ask for is not written, and does not break the order of the others", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register(0, { events: ["transaction.pending", "transaction.succeeded"] });
    await run(lifeOf(stage.tenant), stage.dependencies);
    const [first, last, ...others] = await recorded(stage, endpoint);
    expect([first?.event, last?.event, others]).toEqual(["transaction.pending", "transaction.succeeded", []]);
    expect(last?.after).toBe(first?.id);
  });

  test("with an alarm is two: the question to an operator, and after it the alarm", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    const [, open] = statesOf(stage.tenant);
    const reviewed: Transaction = {
      ...open,
      status: "needs_review",
      alarm: "duplicate_detected",
      log: [...open.log, { at: "2026-11-20T09:30:02.000Z", status: "needs_review", by: "flow", detail: "2 movements" }],
    };
    const resolved: Transaction = {
      ...reviewed,
      status: "succeeded",
      log: [...reviewed.log, { at: "2026-11-20T09:31:00.000Z", status: "succeeded", by: "key:key_1" }],
    };
    await run({ Records: [record(open, reviewed), record(reviewed, resolved)] }, stage.dependencies);
    const all = await recorded(stage, endpoint);
    const named = (event: string) => all.find((one) => one.event === event);
    const alarm = named("transaction.duplicate_detected");
    expect(alarm?.webhookId).toBe(`${open.id}_3_duplicate_detected`);
    expect(alarm?.after).toBe(named("transaction.needs_review")?.id);
    expect(named("transaction.succeeded")?.after).toBe(alarm?.id);
    expect(all).toHaveLength(3);
  });

  test("that comes again from the stream makes nothing twice", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    await run(lifeOf(stage.tenant), stage.dependencies);
    const before = await recorded(stage, endpoint);
    await stage.dependencies.deliveries.replace({ ...before[0], tries: 1 } as (typeof before)[0]);
    await run(lifeOf(stage.tenant), stage.dependencies);
    const after = await recorded(stage, endpoint);
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(after[0]?.tries).toBe(1);
  });

  test("is another tenant's business only with its own endpoints", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    expect(await run(lifeOf(newTenant()), stage.dependencies)).toEqual({ recorded: 0 });
    expect(await recorded(stage, endpoint)).toEqual([]);
  });

  test("for a disabled endpoint has failed from the beginning, so that it can be replayed", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register(0, { disabled: { reason: "gone", at: "2026-11-20T09:00:00.000Z" } });
    await run(lifeOf(stage.tenant), stage.dependencies);
    expect(await recorded(stage, endpoint)).toMatchObject(
      Array(3).fill({ status: "failed", failure: "endpoint_gone" }),
    );
    expect(stage.woken).toEqual([]);
  });

  test("too large with its metadata is told without them, below 20 kB", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    const metadata = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`key-${n}`, "\u0001".repeat(200)]));
    const [pending] = statesOf(stage.tenant);
    await run({ Records: [record(undefined, { ...pending, metadata })] }, stage.dependencies);
    const [{ body } = { body: "" }] = await recorded(stage, endpoint);
    expect(Buffer.byteLength(body)).toBeLessThan(20_000);
    expect(JSON.parse(body).data.transaction).not.toHaveProperty("metadata");
  });
});

describe("the delivery", () => {
  test("is woken once for each endpoint that has anything new", async () => {
    const stage = deliveryStage();
    const endpoints = [await stage.register(0), await stage.register(1, { events: ["transaction.failed"] })];
    await run(
      { Records: [...lifeOf(stage.tenant, 0).Records, ...lifeOf(stage.tenant, 1).Records] },
      stage.dependencies,
    );
    expect(stage.woken).toEqual([
      {
        type: "moneyback.webhooks.due",
        at: "2026-11-20T10:00:00.000Z",
        detail: { version: 1, tenant: stage.tenant, endpoint: endpoints[0]?.id },
      },
    ]);
  });

  test("to an endpoint that has long been failing, or asked for time, is left to the schedule", async () => {
    const stage = deliveryStage();
    const failing = await stage.register(0, { failingSince: "2026-11-20T09:58:00.000Z" });
    const paused = await stage.register(1, { pausedUntil: "2026-11-20T10:01:00.000Z" });
    await run(lifeOf(stage.tenant), stage.dependencies);
    expect(stage.woken).toEqual([]);
    expect(await followUp(stage.dependencies)).toEqual({ woken: 2 });
    const woken = stage.woken.map(({ detail }) => (detail as { endpoint: string }).endpoint);
    expect(woken.sort()).toEqual([failing.id, paused.id].sort());
  });

  test("that cannot be woken is found by the schedule", async () => {
    const stage = deliveryStage();
    const endpoint = await stage.register();
    const events = {
      publish: async () => {
        throw new Error("the bus is down");
      },
    };
    expect(await run(lifeOf(stage.tenant), { ...stage.dependencies, events })).toEqual({ recorded: 3 });
    expect(log.lines()).toMatchObject([{ level: "warn", event: "webhooks not woken" }]);
    await followUp(stage.dependencies);
    expect(stage.woken).toMatchObject([{ detail: { tenant: stage.tenant, endpoint: endpoint.id } }]);
  });
});
