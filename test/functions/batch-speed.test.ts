/** What a batch tells of its speed and its end: true while it runs, after a retry, after more rows, and for ever after. */
import { describe, expect, test } from "vitest";
import { run as addItems } from "../../functions/add-batch-items.ts";
import { run as cancelBatch } from "../../functions/cancel-batch.ts";
import { run as retryBatch } from "../../functions/retry-batch.ts";
import { succeed } from "../../lib/domain/transitions.ts";
import { captureLog } from "../lambda/api-event.ts";
import { type BatchStage, batchStage, type EndOf, rowsOf } from "./batch-stage.ts";
import { config } from "./scripted-connector.ts";

captureLog();

/** A row a second. */
const slow = () => batchStage({ config: { ...config, requestsPerSecond: 3 } });

/** When the last of the batch's transactions came to rest. */
async function lastEnd(stage: BatchStage): Promise<string> {
  return (await stage.all()).map(({ log }) => log.at(-1)?.at ?? "").reduce((one, other) => (one > other ? one : other));
}

async function retry(stage: BatchStage, id: string): Promise<void> {
  await retryBatch({ id }, stage.dependencies, stage.callWith(`retry at ${stage.clock.now().toISOString()}`));
}

const day = 86_400_000;

describe("the end of a batch", () => {
  test("is when its last row came to rest, however late that is noticed; the rate stays what it was", async () => {
    const stage = slow();
    const { id } = await stage.post(rowsOf(30));
    await stage.minute();
    await stage.live();
    const end = await lastEnd(stage);
    // No run has looked since; the rows tell.
    stage.clock.advance(45_000);
    const seen = await stage.show(id);
    expect(seen).toMatchObject({ status: "done", endedAt: end });
    expect(await stage.stored(id)).toMatchObject({ status: "running" });
    await stage.settle();
    expect(await stage.stored(id)).toMatchObject({ status: "done", endedAt: end });
    stage.clock.advance(day);
    const { rate, endedAt } = await stage.show(id);
    expect({ rate, endedAt }).toEqual({ rate: seen.rate, endedAt: end });
    // 30 rows in the minute that passed from the start to the first look.
    expect(rate).toEqual({ rowsPerSecond: 0.5 });
  });

  test("of rows that were all there before is when that was seen", async () => {
    const stage = batchStage();
    await stage.post(rowsOf(3), {}, "first");
    await stage.settle();
    stage.clock.advance(day);
    const second = await stage.post(rowsOf(3), {}, "second");
    const before = stage.clock.now().toISOString();
    await stage.settle();
    const { endedAt = "" } = await stage.show(second.id);
    expect(endedAt >= before).toBe(true);
  });

  test("of a canceled batch counts no canceled row as carried out", async () => {
    const stage = slow();
    const { id } = await stage.post(rowsOf(240));
    await stage.minute();
    await stage.live();
    await cancelBatch({ id }, stage.dependencies, stage.callWith("cancel"));
    await stage.settle();
    const canceled = await stage.show(id);
    expect(canceled).toMatchObject({ status: "canceled", counts: { succeeded: 61, canceled: 179 } });
    // 61 rows in the 60 seconds until the cancel.
    expect(canceled.rate).toEqual({ rowsPerSecond: 1.02 });
    stage.clock.advance(day);
    expect((await stage.show(id)).rate).toEqual(canceled.rate);
  });
});

describe("a batch that runs again after its end", () => {
  const everySecondFails: EndOf = ({ batchRow = 0 }) => (batchRow % 2 === 0 ? "failed" : "succeeded");

  test("by a retry a day later has the rate of the retry, and an end in sight", async () => {
    const stage = slow();
    const { id } = await stage.post(rowsOf(240));
    await stage.settle(everySecondFails);
    expect(await stage.show(id)).toMatchObject({ status: "done", counts: { failed: 120 } });
    stage.clock.advance(day);
    await retry(stage, id);
    await stage.minute();
    await stage.live();
    // A row a second again: 61 of the 120 in 60 seconds, and 59 to come.
    expect(await stage.show(id)).toMatchObject({
      status: "running",
      counts: { pending: 59, succeeded: 181 },
      rate: { rowsPerSecond: 1.02 },
    });
    const { expectedEndAt = "" } = await stage.show(id);
    expect(Date.parse(expectedEndAt) - stage.clock.now().getTime()).toBeLessThan(70_000);
    await stage.settle();
    expect(await stage.show(id)).toMatchObject({ status: "done", endedAt: await lastEnd(stage) });
  });

  test("by further rows has the rate of these", async () => {
    const stage = slow();
    const { id } = await stage.post(rowsOf(120));
    await stage.settle();
    stage.clock.advance(day);
    await addItems({ id, items: rowsOf(120, "more") }, stage.dependencies, stage.callWith("more"));
    await stage.minute();
    await stage.live();
    expect(await stage.show(id)).toMatchObject({ counts: { pending: 59 }, rate: { rowsPerSecond: 1.02 } });
  });

  test("by two retries counts what the second one carried out, and nothing of the first", async () => {
    const stage = slow();
    const { id } = await stage.post(rowsOf(60));
    await stage.settle(() => "failed");
    await retry(stage, id);
    await stage.settle(({ batchRow = 0 }) => (batchRow <= 30 ? "failed" : "succeeded"));
    stage.clock.advance(day);
    await retry(stage, id);
    await stage.minute();
    await stage.live();
    const { rate, counts } = await stage.show(id);
    expect(counts).toMatchObject({ succeeded: 60, failed: 0 });
    expect(rate).toEqual({ rowsPerSecond: 0.5 });
  });
});

describe("rows that a provider has and says nothing of", () => {
  test("have no end in sight, and slow nothing down", async () => {
    const stage = slow();
    const { id } = await stage.post(rowsOf(30));
    await stage.settle(({ batchRow = 0 }) => (batchRow > 25 ? "processing" : "succeeded"));
    const waits = await stage.show(id);
    expect(waits).toMatchObject({ status: "running", counts: { processing: 5, succeeded: 25 } });
    expect(waits).not.toHaveProperty("expectedEndAt");
    stage.clock.advance(day);
    expect((await stage.show(id)).rate).toEqual(waits.rate);
  });

  test("do not keep an answer from telling what others have come to", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(800));
    // A row of each of the first six chunks waits, and all of the last one.
    await stage.settle(({ batchRow = 0 }) => (batchRow > 700 || batchRow % 100 === 1 ? "processing" : "succeeded"));
    expect(await stage.show(id)).toMatchObject({ counts: { processing: 107, succeeded: 693 } });
    const actor = { by: "follow-up", at: stage.clock.now() };
    const ofTheLast = (await stage.all()).filter(({ batchRow = 0 }) => batchRow > 700);
    for (const row of ofTheLast)
      await stage.transactions.advance(row.id, succeed({ kind: "settled", detail: "moved" }, actor));
    // No run has looked since.
    expect(await stage.show(id)).toMatchObject({ counts: { processing: 7, succeeded: 793 } });
  });
});
