/** Facts about running batches: each row an ordinary transaction in its turn, retries of what failed, and cancels. */
import { describe, expect, test } from "vitest";
import { run as addItems } from "../../functions/add-batch-items.ts";
import { run as cancelBatch } from "../../functions/cancel-batch.ts";
import { run as retryBatch } from "../../functions/retry-batch.ts";
import { run as runBatches } from "../../functions/run-batches.ts";
import { run as startBatch } from "../../functions/start-batch.ts";
import { fingerprint, transactionId } from "../../lib/domain/ids.ts";
import { resolve } from "../../lib/domain/operator-transitions.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import { decline, succeed } from "../../lib/domain/transitions.ts";
import { lookAround } from "../../lib/lambda/batch-look-around.ts";
import { createSpendback } from "../../lib/lambda/create-spendback.ts";
import type { Answer } from "../../lib/lambda/endpoint.ts";
import { memoryClaims } from "../../lib/store/memory-store.ts";
import { captureLog } from "../lambda/api-event.ts";
import { sample } from "../store/sample.ts";
import { type BatchStage, batchStage, rowOf, rowsOf } from "./batch-stage.ts";
import { bookOf, config } from "./scripted-connector.ts";

captureLog();

const none = { pending: 0, processing: 0, succeeded: 0, failed: 0, canceled: 0, needs_review: 0 };

const order =
  (act: typeof startBatch) =>
  async (stage: BatchStage, id: string, key: string): Promise<Answer> =>
    await act({ id }, stage.dependencies, stage.callWith(key));
const start = order(startBatch);
const retry = order(retryBatch);
const cancel = order(cancelBatch);

/** What the same request under the same key comes to through the kind's own call. */
const directly = (stage: BatchStage, key: string) => {
  const { kind: _kind, key: _key, ...body } = rowOf(key);
  const { transactions, connections } = stage.dependencies;
  const direct = {
    transactions: { ...stage.transactions, ...transactions },
    claims: memoryClaims(),
    flow: { start: async () => {} },
  };
  return createSpendback(body as never, { ...direct, connections, ...stage.clock }, stage.callWith(key));
};

describe("a row", () => {
  test("becomes a transaction under its key's id, with its place in the batch", async () => {
    const stage = batchStage();
    const { id } = await stage.post([rowOf("a"), rowOf("b", { metadata: { order: "17" }, description: "October" })]);
    await stage.minute();
    const { kind: _kind, key: _key, ...request } = rowOf("a");
    expect(await stage.transactions.get(transactionId(stage.tenant, "spendback", "a"), "consistent")).toEqual({
      ...request,
      id: transactionId(stage.tenant, "spendback", "a"),
      tenant: stage.tenant,
      kind: "spendback",
      provider: "scripted",
      fingerprint: fingerprint(request),
      batch: id,
      batchRow: 1,
      status: "pending",
      attempts: 0,
      createdAt: "2026-11-20T09:30:00.000Z",
      notBefore: "2026-11-20T09:30:00.000Z",
      nextActionAt: "2026-11-20T09:30:00.000Z",
      log: [{ at: "2026-11-20T09:30:00.000Z", status: "pending", by: "batch" }],
    });
    expect((await stage.items(id))[1]).toMatchObject({
      row: 2,
      key: "b",
      transaction: { batchRow: 2, metadata: { order: "17" }, description: "October" },
    });
  });

  test("starts in its turn, at the pace of its connection, over chunks and calls", async () => {
    // 3 requests a transaction at 30 a second: ten transactions a second.
    const stage = batchStage({ config: { ...config, requestsPerSecond: 30 } });
    const { id } = await stage.post(rowsOf(250), { start: false });
    await addItems({ id, items: rowsOf(10, "more") }, stage.dependencies, stage.callWith("more"));
    await start(stage, id, "start");
    await stage.minute();
    const begun = Date.parse("2026-11-20T09:30:00.000Z");
    const turns = (await stage.items(id)).map(({ transaction }) => Date.parse(transaction?.notBefore ?? "") - begun);
    expect(turns).toEqual(Array.from({ length: 260 }, (_, n) => n * 100));
  });

  test("starts in its turn also behind rows that somebody loaded who died before noting how far they reach", async () => {
    // 3 requests a transaction at 3 a second: one transaction a second.
    const stage = batchStage({ config: { ...config, requestsPerSecond: 3 } });
    const { id } = await stage.post(rowsOf(450));
    let chunks = 0;
    const replaceState = async (state: Parameters<typeof stage.batches.replaceState>[0]) => {
      const stored = await stage.batches.replaceState(state);
      chunks += 1;
      if (chunks === 3) throw new Error("died");
      return stored;
    };
    const dying = { ...stage.dependencies, batches: { ...stage.batches, replaceState } };
    await expect(runBatches({ detail: { batch: id } }, dying, () => 30_000)).rejects.toThrow("died");
    stage.clock.advance(31_000);
    await runBatches({ detail: { batch: id } }, stage.dependencies);
    const turns = (await stage.items(id)).map(({ transaction }) => Date.parse(transaction?.notBefore ?? ""));
    const first = Date.parse("2026-11-20T09:30:00.000Z");
    expect(turns.map((turn) => turn - first)).toEqual(Array.from({ length: 450 }, (_, n) => n * 1_000));
  });

  test("is the transaction that its key stands for already, whichever door was first", async () => {
    const stage = batchStage();
    const before = (await directly(stage, "a")).body as Transaction;
    const { id } = await stage.post([rowOf("a"), rowOf("b")]);
    await stage.minute();
    const after = await directly(stage, "b");
    expect(after).toMatchObject({ body: { batch: id, batchRow: 2 }, headers: { "idempotent-replayed": "true" } });
    expect(await stage.all()).toHaveLength(2);
    expect(await stage.items(id)).toMatchObject([
      { key: "a", repeated: true, transaction: { id: before.id } },
      { key: "b", transaction: { id: (after.body as Transaction).id } },
    ]);
    expect((await stage.items(id))[1]).not.toHaveProperty("repeated");
    await stage.settle();
    expect(await stage.show(id)).toMatchObject({ status: "done", repeated: 1, counts: { ...none, succeeded: 2 } });
  });

  test("of two batches is one transaction, and the second batch's repeat", async () => {
    const stage = batchStage();
    const one = await stage.post(rowsOf(3), {}, "one");
    const two = await stage.post([...rowsOf(3), rowOf("own")], {}, "two");
    await stage.settle();
    expect(await stage.all()).toHaveLength(4);
    expect(await stage.show(one.id)).toMatchObject({ status: "done", repeated: 0, counts: { succeeded: 3 } });
    expect(await stage.show(two.id)).toMatchObject({ status: "done", repeated: 3, counts: { succeeded: 4 } });
  });

  test("whose key was taken by another request before its turn fails, and nothing is sent for it", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(3));
    const taken = sample(stage.tenant, 0, {
      id: transactionId(stage.tenant, "spendback", "row-2"),
      status: "succeeded",
      fingerprint: "another request's",
    });
    await stage.transactions.create(taken);
    await stage.settle();
    expect(await stage.show(id)).toMatchObject({
      status: "done",
      counts: { ...none, succeeded: 2, failed: 1 },
      amounts: { USD: { total: 300, succeeded: 200, failed: 100 } },
    });
    const [failed] = await stage.items(id, "failed");
    expect(failed).toMatchObject({ row: 2, key: "row-2", failure: { code: "idempotency_key_reused" } });
    expect(failed).not.toHaveProperty("transaction");
    await retry(stage, id, "again");
    await stage.settle();
    expect(await stage.show(id)).toMatchObject({ counts: { succeeded: 2, failed: 1 } });
  });
});

describe("a batch", () => {
  test("waits for its word, or its time, and makes nothing before", async () => {
    const stage = batchStage();
    const open = await stage.post(rowsOf(2, "open"), { start: false }, "open");
    const later = await stage.post(rowsOf(2, "later"), { runAt: "2026-11-20T09:40:00.000Z" }, "later");
    await stage.settle(undefined, 9);
    expect(await stage.all()).toEqual([]);
    await stage.settle(undefined, 4);
    expect(await stage.show(later.id)).toMatchObject({ status: "done", startedAt: "2026-11-20T09:40:00.000Z" });
    expect((await start(stage, open.id, "go")).body).toMatchObject({ status: "running" });
    await stage.settle();
    expect(await stage.show(open.id)).toMatchObject({ status: "done", counts: { succeeded: 2 } });
  });

  test("that waits for its time begins at once when it is told to; telling it twice changes nothing", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(2), { runAt: "2026-11-21T09:30:00.000Z" });
    expect((await start(stage, id, "go")).body).toMatchObject({ status: "running" });
    expect((await start(stage, id, "go")).body).toMatchObject({ status: "running" });
    await stage.settle();
    expect((await start(stage, id, "once more")).body).toMatchObject({ status: "done" });
    expect(await stage.all()).toHaveLength(2);
  });

  test("without rows is done as soon as it starts", async () => {
    const stage = batchStage();
    const { id } = await stage.post([]);
    await start(stage, id, "go");
    await stage.minute();
    expect(await stage.show(id)).toMatchObject({ status: "done", rows: 0, counts: none, amounts: {} });
  });

  test("shows counts that add up to its rows, and amounts to their total, at every moment", async () => {
    const stage = batchStage({ config: { ...config, requestsPerSecond: 3 } });
    const { id } = await stage.post(rowsOf(330));
    const ends: Record<string, "succeeded" | "failed" | "processing"> = { "1": "failed", "2": "processing" };
    for (let n = 0; n < 12; n++) {
      const shown = await stage.show(id);
      expect(Object.values(shown.counts).reduce((sum, count) => sum + count, 0)).toBe(330);
      const { total = 0, ...byStatus } = shown.amounts["USD"] ?? {};
      expect(total).toBe(33_000);
      expect(Object.values(byStatus).reduce((sum, value) => sum + value, 0)).toBe(33_000);
      await stage.minute();
      await stage.live(({ batchRow = 0 }) => ends[String(batchRow % 10)] ?? "succeeded");
    }
    expect(await stage.show(id)).toMatchObject({
      status: "running",
      counts: { ...none, processing: 33, succeeded: 264, failed: 33 },
    });
  });

  test("tells its rate, and when it should end", async () => {
    const stage = batchStage({ config: { ...config, requestsPerSecond: 3 } });
    const { id } = await stage.post(rowsOf(240));
    await stage.minute();
    await stage.live();
    // A row a second: 61 of them are through, and 179 seconds are to come.
    expect(await stage.show(id)).toMatchObject({
      counts: { pending: 179, succeeded: 61 },
      rate: { rowsPerSecond: 1.02 },
      expectedEndAt: "2026-11-20T09:34:00.000Z",
    });
    await stage.settle();
    const done = await stage.show(id);
    expect(done).toMatchObject({ status: "done", rate: { rowsPerSecond: expect.any(Number) } });
    expect(done).not.toHaveProperty("expectedEndAt");
  });

  test("is done while an operator is asked about a row, and shows what he decides", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(3));
    await stage.settle(({ batchRow }) => (batchRow === 2 ? "needs_review" : "succeeded"));
    expect(await stage.show(id)).toMatchObject({ status: "done", counts: { ...none, succeeded: 2, needs_review: 1 } });
    const [asked] = await stage.items(id, "needs_review");
    const actor = { by: "key:k", at: stage.clock.now() };
    await stage.transactions.advance(
      asked?.transaction?.id ?? "",
      resolve({ outcome: "failed", reason: "seen" }, actor),
    );
    expect(await stage.show(id)).toMatchObject({ status: "done", counts: { ...none, succeeded: 2, failed: 1 } });
    expect(await stage.items(id, "failed")).toMatchObject([{ row: 2 }]);
    expect(await stage.items(id, "needs_review")).toEqual([]);
    await retry(stage, id, "again");
    await stage.settle();
    expect(await stage.show(id)).toMatchObject({ status: "done", counts: { ...none, succeeded: 3 } });
  });

  test("is left alone while somebody works on it, and taken over when his time is up", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(1));
    const waking = { detail: { batch: id } };
    const stored = await stage.stored(id);
    const until = new Date(stage.clock.now().getTime() + 30_000).toISOString();
    await stage.batches.replace({ ...stored, leaseUntil: until });
    await runBatches(waking, stage.dependencies);
    expect(await stage.all()).toEqual([]);
    stage.clock.advance(30_000);
    await runBatches(waking, stage.dependencies);
    expect(await stage.all()).toHaveLength(1);
  });

  test("is not ended by one who slept while it was retried, and whose time is up", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(1));
    await stage.settle(() => "failed", 1);
    const { batches } = stage.dependencies;
    let reads = 0;
    const asleep = async (): Promise<void> => {
      stage.clock.advance(900_000);
      await retry(stage, id, "again");
      await runBatches({ detail: { batch: id } }, stage.dependencies);
    };
    // It has seen that every row is at rest, and wakes up to say so.
    const get = async (asked: string) => {
      if (++reads === 2) await asleep();
      return batches.get(asked);
    };
    await runBatches({ detail: { batch: id } }, { ...stage.dependencies, batches: { ...batches, get } });
    expect(reads).toBeGreaterThan(1);
    expect(await stage.stored(id)).toMatchObject({ status: "running", dueAt: expect.any(String) });
    await stage.settle();
    expect(await stage.show(id)).toMatchObject({ status: "done", counts: { succeeded: 1 } });
  });

  test("is gone on with by the next run where the time of one is up", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(1_000));
    stage.woken.length = 0;
    let calls = 0;
    await runBatches({ detail: { batch: id } }, stage.dependencies, () => (calls++ < 6 ? 20_000 : 1_000));
    const made = (await stage.all()).length;
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(1_000);
    expect(stage.woken).toMatchObject([{ detail: { batch: id } }]);
    await stage.settle();
    expect(await stage.show(id)).toMatchObject({ status: "done", counts: { succeeded: 1_000 } });
  });

  test("is looked at ever more seldom while nothing changes", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(1));
    const waits: number[] = [];
    for (let n = 0; n < 10; n++) {
      await runBatches({ detail: { batch: id } }, stage.dependencies);
      const { dueAt = "" } = await stage.stored(id);
      waits.push((Date.parse(dueAt) - stage.clock.now().getTime()) / 1_000);
      stage.clock.advance((waits.at(-1) ?? 0) * 1_000);
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 900, 900, 900]);
  });
});

describe("a retry", () => {
  test("sends what definitely failed once more, and nothing else", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(6));
    const ends: Record<number, "failed" | "processing" | "needs_review"> = {
      2: "failed",
      3: "processing",
      4: "needs_review",
      5: "failed",
    };
    await stage.settle(({ batchRow = 0 }) => ends[batchRow] ?? "succeeded");
    expect(await stage.show(id)).toMatchObject({
      status: "running",
      counts: { failed: 2, processing: 1, succeeded: 2 },
    });
    const before = await stage.all();
    expect((await retry(stage, id, "again")).body).toMatchObject({ status: "running" });
    await stage.settle();
    const made = (await stage.all()).filter((one) => before.every(({ id: known }) => known !== one.id));
    expect(made.map(({ id: made }) => made).sort()).toEqual(
      ["row-2", "row-5"].map((key) => transactionId(stage.tenant, "spendback:retry:1", key)).sort(),
    );
    expect(made).toMatchObject([
      { status: "succeeded", batch: id },
      { status: "succeeded", batch: id },
    ]);
    expect(await stage.show(id)).toMatchObject({
      counts: { ...none, processing: 1, succeeded: 4, needs_review: 1 },
      amounts: { USD: { total: 600, processing: 100, succeeded: 400, needs_review: 100 } },
    });
  });

  test("of one key is one retry; another key tries once more", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(1));
    const fails = () => "failed" as const;
    await stage.settle(fails);
    await retry(stage, id, "again");
    await stage.settle(fails);
    await retry(stage, id, "again");
    await stage.settle(fails);
    expect(await stage.all()).toHaveLength(2);
    await retry(stage, id, "once more");
    await stage.settle();
    expect(await stage.all()).toHaveLength(3);
    expect(await stage.show(id)).toMatchObject({ status: "done", counts: { ...none, succeeded: 1 } });
  });

  test("by two batches that share a key is one transaction", async () => {
    const stage = batchStage();
    const one = await stage.post(rowsOf(1), {}, "one");
    const two = await stage.post(rowsOf(1), {}, "two");
    await stage.settle(() => "failed");
    await retry(stage, one.id, "r");
    await retry(stage, two.id, "r");
    await stage.settle();
    expect(await stage.all()).toHaveLength(2);
    for (const { id } of [one, two])
      expect(await stage.show(id)).toMatchObject({ status: "done", counts: { succeeded: 1 } });
  });

  test("takes in what has failed by then: what fails later is not tried by it, also where its runner died", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(2));
    await stage.settle(({ batchRow }) => (batchRow === 1 ? "succeeded" : "processing"));
    await retry(stage, id, "again");
    stage.woken.length = 0;
    let writes = 0;
    // It takes the batch, goes through its rows, and dies before it has noted that.
    const replace: typeof stage.batches.replace = async (next) => {
      if (writes++ > 0) throw new Error("died");
      return stage.batches.replace(next);
    };
    const dying = { ...stage.dependencies, batches: { ...stage.batches, replace } };
    await expect(runBatches({ detail: { batch: id } }, dying)).rejects.toThrow("died");
    const open = (await stage.all()).find(({ batchRow }) => batchRow === 2);
    const actor = { by: "flow", at: stage.clock.now() };
    await stage.transactions.advance(
      open?.id ?? "",
      decline({ kind: "declined", code: "provider_declined", message: "no" }, 1, actor),
    );
    stage.clock.advance(3_600_000);
    await stage.settle();
    expect(await stage.all()).toHaveLength(2);
    expect(await stage.show(id)).toMatchObject({ status: "done", counts: { ...none, succeeded: 1, failed: 1 } });
  });

  test("is what its key stands for from then on, through every door: what was paid is nowhere called failed", async () => {
    const stage = batchStage();
    const one = await stage.post(rowsOf(1), {}, "one");
    const two = await stage.post(rowsOf(1), {}, "two");
    await stage.settle(() => "failed");
    expect(await directly(stage, "row-1")).toMatchObject({ body: { status: "failed" } });
    await retry(stage, one.id, "r");
    await stage.settle(() => "failed");
    await retry(stage, one.id, "r2");
    await stage.settle();
    const paid = (await stage.all()).filter(({ status }) => status === "succeeded");
    expect(paid).toMatchObject([{ id: transactionId(stage.tenant, "spendback:retry:2", "row-1"), batch: one.id }]);
    const [{ id = "" } = {}] = paid;

    // By its own call, and where the connection is gone since.
    expect(await directly(stage, "row-1")).toMatchObject({ body: { id, status: "succeeded" } });
    const gone = { ...stage, dependencies: { ...stage.dependencies, connections: bookOf([]) } };
    expect(await directly(gone, "row-1")).toMatchObject({ body: { id, status: "succeeded" } });
    // In another batch, dry or not.
    const dry = (await stage.post(rowsOf(1), { dryRun: true }, "dry")) as unknown;
    expect(dry).toMatchObject({ items: [{ verdict: "repeated", transaction: { id, status: "succeeded" } }] });
    const three = await stage.post(rowsOf(1), {}, "three");
    await stage.settle();
    expect(await stage.show(three.id)).toMatchObject({ repeated: 1, counts: { ...none, succeeded: 1 } });
    expect(await stage.items(three.id)).toMatchObject([{ status: "succeeded", repeated: true, transaction: { id } }]);
    // One that saw the first try only learns of the others by its own retry, and makes none.
    await retry(stage, two.id, "r");
    await stage.settle();
    expect(await stage.show(two.id)).toMatchObject({ counts: { ...none, succeeded: 1 } });
    expect(await stage.all()).toHaveLength(3);
  });

  test("that failed elsewhere, too, is one try further here", async () => {
    const stage = batchStage();
    const one = await stage.post(rowsOf(1), {}, "one");
    await stage.settle(() => "failed");
    await retry(stage, one.id, "r");
    await stage.settle(() => "failed");
    const two = await stage.post(rowsOf(1), {}, "two");
    await stage.settle();
    expect(await stage.show(two.id)).toMatchObject({ status: "done", counts: { ...none, failed: 1 } });
    await retry(stage, two.id, "r");
    await stage.settle();
    expect(await stage.show(two.id)).toMatchObject({ status: "done", counts: { ...none, succeeded: 1 } });
    expect((await stage.all()).map(({ batch }) => batch).sort()).toEqual([one.id, one.id, two.id].sort());
  });

  test("before the batch began does nothing", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(1), { start: false });
    expect((await retry(stage, id, "r")).body).toMatchObject({ status: "open" });
    expect((await stage.stored(id)).retries).toEqual([]);
  });
});

describe("a cancel", () => {
  test("before it began is one write: nothing is made to be canceled", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(3), { start: false });
    expect((await cancel(stage, id, "stop")).body).toMatchObject({
      status: "canceled",
      counts: { ...none, canceled: 3 },
      amounts: { USD: { total: 300, canceled: 300 } },
    });
    await stage.settle();
    expect(await stage.all()).toEqual([]);
    expect(await stage.items(id)).toMatchObject([
      { status: "canceled" },
      { status: "canceled" },
      { status: "canceled" },
    ]);
    for (const act of [start, retry]) {
      await expect(act(stage, id, "more")).rejects.toMatchObject({ code: "batch_closed" });
    }
  });

  test("cancels what was not sent; what is on its way goes on, and then the batch is canceled", async () => {
    const stage = batchStage({ config: { ...config, requestsPerSecond: 3 } });
    const { id } = await stage.post(rowsOf(200));
    await stage.minute();
    await stage.live(({ batchRow = 0 }) => (batchRow > 50 ? "processing" : "succeeded"));
    expect((await cancel(stage, id, "stop")).body).toMatchObject({ status: "canceling" });
    await stage.minute();
    expect(await stage.show(id)).toMatchObject({
      status: "canceling",
      counts: { ...none, processing: 11, succeeded: 50, canceled: 139 },
    });
    const open = (await stage.all()).filter(({ status }) => status === "processing");
    for (const one of open) {
      await stage.transactions.advance(
        one.id,
        succeed({ kind: "settled", detail: "" }, { by: "flow", at: stage.clock.now() }),
      );
    }
    await stage.settle();
    expect(await stage.show(id)).toMatchObject({
      status: "canceled",
      endedAt: expect.any(String),
      counts: { ...none, succeeded: 61, canceled: 139 },
    });
    expect(await cancel(stage, id, "again")).toMatchObject({ status: 202, body: { status: "canceled" } });
  });

  test("makes no try that was decided on before it: such a row is canceled", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(3));
    await stage.settle(() => "failed");
    await retry(stage, id, "again");
    stage.woken.length = 0;
    const create = async () => {
      throw new Error("died");
    };
    const dying = { ...stage.dependencies, transactions: { ...stage.transactions, create } };
    await expect(runBatches({ detail: { batch: id } }, dying)).rejects.toThrow("died");
    await cancel(stage, id, "stop");
    stage.woken.length = 0;
    stage.clock.advance(3_600_000);
    // A runner that takes long to sweep looks around meanwhile.
    await lookAround(await stage.stored(id), async () => true, stage.dependencies);
    expect(await stage.all()).toHaveLength(3);
    await stage.settle();
    expect(await stage.show(id)).toMatchObject({ status: "canceled", counts: { ...none, canceled: 3 } });
  });

  test("leaves alone what another door made under a row's key", async () => {
    const stage = batchStage();
    await directly(stage, "row-1");
    const { id } = await stage.post(rowsOf(2));
    await stage.minute();
    await cancel(stage, id, "stop");
    await stage.minute();
    expect(await stage.show(id)).toMatchObject({ counts: { ...none, pending: 1, canceled: 1 } });
    stage.clock.advance(120_000);
    await stage.settle();
    expect(await stage.show(id)).toMatchObject({ status: "canceled", counts: { ...none, succeeded: 1, canceled: 1 } });
  });

  test("of what is done changes nothing", async () => {
    const stage = batchStage();
    const { id } = await stage.post(rowsOf(1));
    await stage.settle();
    expect((await cancel(stage, id, "stop")).body).toMatchObject({ status: "done", counts: { succeeded: 1 } });
  });
});
