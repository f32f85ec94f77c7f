/** A batch's end is told: on the bus and to the tenant's endpoints, once for each end, whoever dies or fails meanwhile. */
import { describe, expect, test } from "vitest";
import batchSchema from "../../docs/events/moneyback.batch.schema.json" with { type: "json" };
import { run as addItems } from "../../functions/add-batch-items.ts";
import { run as cancelBatch } from "../../functions/cancel-batch.ts";
import { run as retryBatch } from "../../functions/retry-batch.ts";
import type { WebhookDelivery } from "../../lib/domain/webhook-delivery.ts";
import type { WebhookEndpoint } from "../../lib/domain/webhook-endpoint.ts";
import type { BatchEventDetail } from "../../lib/lambda/batch-end.ts";
import type { BusEvent } from "../../lib/lambda/event-bridge.ts";
import { breaches } from "../events/json-schema.ts";
import { captureLog } from "../lambda/api-event.ts";
import { type BatchStage, batchStage, rowsOf } from "./batch-stage.ts";

const logged = captureLog();

const detailOf = ({ detail }: BusEvent) => detail as BatchEventDetail;

/** A stage of which nothing is to be told any more: what was told, each once, in its order. */
const toldOf = ({ told }: BatchStage) => told.map((event) => [event.type, detailOf(event).id]);

async function register(stage: BatchStage, id: string, events?: readonly string[]): Promise<void> {
  const endpoint: WebhookEndpoint = {
    id,
    tenant: stage.tenant,
    url: "https://shop.example.com/hooks",
    ...(events && { events: [...events] }),
    secrets: [{ secret: "whsec_dGVzdA==", madeBy: "call" }],
    rotations: [],
    fingerprint: id,
    createdAt: stage.clock.now().toISOString(),
    revision: 0,
  };
  expect(await stage.endpoints.register(endpoint, stage.clock.now())).toBe("registered");
}

async function deliveriesTo(stage: BatchStage, endpoint: string): Promise<readonly WebhookDelivery[]> {
  return (await stage.deliveries.list({ endpoint, limit: 100, now: stage.clock.now() })).items.toReversed();
}

/** One of its rows fails, the others succeed. */
const oneFails = ({ metadata }: { readonly metadata?: Readonly<Record<string, string>> }) =>
  metadata?.["fails"] ? "failed" : "succeeded";

const rows = () => {
  const [first, ...others] = rowsOf(3);
  return [{ ...first, metadata: { fails: "yes" } }, ...others];
};

describe("the end of a batch", () => {
  test("is told on the bus, with what became of its rows, as its schema says", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rows(), { name: "returns" });
    await stage.settle(oneFails);
    expect(stage.told).toHaveLength(1);
    const [event] = stage.told as [BusEvent];
    const { endedAt, revision } = await stage.stored(id);
    expect(event).toMatchObject({ type: "moneyback.batch.done", at: endedAt });
    expect(breaches(batchSchema, JSON.parse(JSON.stringify(event.detail)))).toEqual([]);
    expect(event.detail).toMatchObject({
      version: 1,
      tenant: stage.tenant,
      batch: {
        id,
        name: "returns",
        status: "done",
        rows: 3,
        counts: { pending: 0, processing: 0, succeeded: 2, failed: 1, canceled: 0, needs_review: 0 },
        amounts: { USD: { total: 300, succeeded: 200, failed: 100 } },
        endedAt,
      },
    });
    // The last change notes that it was told.
    expect(detailOf(event).id).toBe(`${id}.${revision - 1}`);
    expect(await stage.stored(id)).not.toHaveProperty("untold");
    expect(await stage.stored(id)).not.toHaveProperty("dueAt");
  });

  test("is delivered to endpoints that want it, and to no others", async () => {
    const stage = batchStage();
    await register(stage, "whe_all");
    await register(stage, "whe_ends", ["batch.done"]);
    await register(stage, "whe_cancels", ["batch.canceled"]);
    await register(stage, "whe_transactions", ["transaction.succeeded"]);
    const { id } = await stage.post(rowsOf(2));
    await stage.settle();
    const [{ id: eventId }] = stage.told.map(detailOf) as [BatchEventDetail];
    for (const endpoint of ["whe_all", "whe_ends"]) {
      const [delivery, ...others] = await deliveriesTo(stage, endpoint);
      expect(others).toEqual([]);
      expect(delivery).toMatchObject({
        event: "batch.done",
        webhookId: eventId.replace(".", "_"),
        batch: id,
        status: "pending",
      });
      expect(delivery).not.toHaveProperty("transaction");
      const { at, detail } = stage.told[0] as BusEvent;
      expect(JSON.parse(delivery?.body ?? "")).toEqual({
        type: "batch.done",
        timestamp: at,
        data: JSON.parse(JSON.stringify(detail)),
      });
    }
    for (const endpoint of ["whe_cancels", "whe_transactions"]) expect(await deliveriesTo(stage, endpoint)).toEqual([]);
  });

  test("comes again after a retry and after more rows, each time under a later id", async () => {
    const stage = batchStage();
    await register(stage, "whe_all");
    const { id } = await stage.post(rows());
    await stage.settle(oneFails);
    await retryBatch({ id }, stage.dependencies, stage.callWith("again"));
    await stage.settle();
    await addItems({ id, items: rowsOf(2, "more") }, stage.dependencies, stage.callWith("more"));
    await stage.settle();
    expect(
      stage.told.map(detailOf).map(({ batch }) => [batch.rows, batch.counts.succeeded, batch.counts.failed]),
    ).toEqual([
      [3, 2, 1],
      [3, 3, 0],
      [5, 5, 0],
    ]);
    const versions = stage.told.map((event) => Number(detailOf(event).id.split(".")[1]));
    expect(versions).toEqual([...new Set(versions)].sort((one, other) => one - other));
    expect(await deliveriesTo(stage, "whe_all")).toHaveLength(3);
  });

  test.each([{ start: false }, { runAt: "2026-12-24T08:00:00.000Z" }])(
    "is told of one that is canceled before it began: %j",
    async (options) => {
      const stage = batchStage();
      await register(stage, "whe_all");
      const { id } = await stage.post(rowsOf(2), options);
      await cancelBatch({ id }, stage.dependencies, stage.callWith("cancel"));
      await stage.settle();
      expect(stage.told.map(({ type }) => type)).toEqual(["moneyback.batch.canceled"]);
      expect(detailOf(stage.told[0] as BusEvent).batch).toMatchObject({
        id,
        status: "canceled",
        counts: { canceled: 2 },
      });
      expect((await deliveriesTo(stage, "whe_all")).map(({ event }) => event)).toEqual(["batch.canceled"]);
    },
  );

  test("is told of one that is canceled on its way", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(3));
    await stage.minute();
    await cancelBatch({ id }, stage.dependencies, stage.callWith("cancel"));
    await stage.settle();
    expect(stage.told.map(({ type }) => type)).toEqual(["moneyback.batch.canceled"]);
  });

  /** Something that is needed to tell fails until it is mended. */
  const failures: Readonly<Record<string, (stage: BatchStage) => () => void>> = {
    "the bus": (stage) => broken(stage.dependencies.events, "publish", (events) => isEnd(events as BusEvent[])),
    "the list of endpoints": (stage) => broken(stage.endpoints, "list"),
    "a delivery": (stage) => broken(stage.deliveries, "create"),
  };

  describe.each(Object.keys(failures))("of which nobody can be told, as %s fails,", (name) => {
    test("stays to be told, and is told when that is over", async () => {
      const stage = batchStage();
      await register(stage, "whe_all");
      const mend = failures[name]?.(stage);
      const { id } = await stage.post(rowsOf(2));
      await stage.settle();
      expect(await stage.show(id)).toMatchObject({ status: "done", counts: { succeeded: 2 } });
      expect(await stage.stored(id)).toMatchObject({ untold: [{ status: "done" }] });
      expect(logged.lines().filter(({ event }) => event === "end of batch not told").length).toBeGreaterThan(0);
      mend?.();
      await stage.settle(undefined, 3);
      expect(new Set(toldOf(stage).map(([, event]) => event)).size).toBe(1);
      expect(await deliveriesTo(stage, "whe_all")).toHaveLength(1);
      expect(await stage.stored(id)).not.toHaveProperty("untold");
    });

    test("keeps no row waiting: a retry and more rows go on, and every end is told in the end", async () => {
      const stage = batchStage();
      await register(stage, "whe_all");
      const mend = failures[name]?.(stage);
      const { id } = await stage.post(rows());
      await stage.settle(oneFails);
      await retryBatch({ id }, stage.dependencies, stage.callWith("again"));
      await stage.settle();
      expect(await stage.show(id)).toMatchObject({ status: "done", counts: { succeeded: 3 } });
      mend?.();
      await stage.settle(undefined, 3);
      expect(new Set(toldOf(stage).map(([, event]) => event)).size).toBe(2);
      expect((await deliveriesTo(stage, "whe_all")).map(({ batch }) => batch)).toEqual([id, id]);
    });
  });
});

const isEnd = (events: readonly BusEvent[]): boolean => events.some(({ type }) => type.startsWith("moneyback.batch."));

/** Lets a method fail, where its first argument is meant; gives what mends it. */
function broken<Name extends string>(
  store: { [name in Name]: (...given: never[]) => Promise<unknown> },
  name: Name,
  isMeant: (first: unknown) => boolean = () => true,
): () => void {
  const whole = store[name];
  const partly = async (...given: never[]): Promise<unknown> => {
    if (isMeant(given[0])) throw new Error("not now");
    return whole(...given);
  };
  store[name] = partly;
  return () => {
    store[name] = whole;
  };
}
