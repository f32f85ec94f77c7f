/** A batch whose runner dies at any await, or has another beside it: each row moves once, and the counts are right in the end. */
import { describe, expect, test } from "vitest";
import { run as addItems } from "../../functions/add-batch-items.ts";
import { run as cancelBatch } from "../../functions/cancel-batch.ts";
import { run as retryBatch } from "../../functions/retry-batch.ts";
import { run as runBatches } from "../../functions/run-batches.ts";
import { run as startBatch } from "../../functions/start-batch.ts";
import { statuses, type Transaction } from "../../lib/domain/transaction.ts";
import { captureLog } from "../lambda/api-event.ts";
import { type Crash, CrashError, everyCrash } from "../lambda/crash.ts";
import { type BatchStage, batchStage, type EndOf, rowsOf } from "./batch-stage.ts";

captureLog();

/** Three calls of three rows: three chunks, so that there is something before and behind each. */
const rows = 9;

/** One row of each chunk fails at its first try. */
const endOf: EndOf = ({ batchRow = 0, id }) => (batchRow % 3 === 2 && firstTries.has(id) ? "failed" : "succeeded");
const firstTries = new Set<string>();

async function posted(stage: BatchStage): Promise<string> {
  const { id } = await stage.post(rowsOf(3, "a"), { start: false });
  for (const name of ["b", "c"]) {
    await addItems({ id, items: rowsOf(3, name) }, stage.dependencies, stage.callWith(name));
  }
  await startBatch({ id }, stage.dependencies, stage.callWith("go"));
  return id;
}

/** A process: its calls are counted; at one of them it dies, or somebody else acts first. */
function processOn(stage: BatchStage, { crash, at, meanwhile }: Interruption = {}) {
  let calls = 0;
  let isDead = false;
  const step = async <T>(act: () => Promise<T>): Promise<T> => {
    if (isDead) throw new CrashError("dead");
    const place = calls++;
    if (place === at) await meanwhile?.();
    isDead = crash?.at === place && crash.when === "before";
    if (isDead) throw new CrashError("before");
    const answer = await act();
    isDead = isDead || crash?.at === place;
    if (isDead) throw new CrashError("after");
    return answer;
  };
  const wrap = <T extends object>(dependency: T): T =>
    Object.fromEntries(
      Object.entries(dependency).map(([name, method]) => [
        name,
        (...given: unknown[]) => step(() => method(...given) as Promise<unknown>),
      ]),
    ) as T;
  const { batches, transactions, originals, names, events } = stage.dependencies;
  const dependencies = {
    ...stage.dependencies,
    batches: wrap(batches),
    transactions: wrap(transactions),
    originals: wrap(originals),
    names: wrap(names),
    events: wrap(events),
  };
  return { dependencies, calls: () => calls };
}

interface Interruption {
  readonly crash?: Crash | undefined;
  /** Before this call somebody else acts. */
  readonly at?: number | undefined;
  readonly meanwhile?: (() => Promise<void>) | undefined;
}

/** Runs the batch once, in a process that may be interrupted. How many calls it made. */
async function interrupted(stage: BatchStage, id: string, interruption: Interruption = {}): Promise<number> {
  const { dependencies, calls } = processOn(stage, interruption);
  await runBatches({ detail: { batch: id } }, dependencies).catch((error: unknown) => {
    if (!(error instanceof CrashError)) throw error;
  });
  return calls();
}

/** Another runner, for whom the lease of the first is over. */
async function another(stage: BatchStage, id: string): Promise<void> {
  const stored = await stage.stored(id);
  const { leaseUntil: _over, ...free } = stored;
  await stage.batches.replace({ ...free, dueAt: stage.clock.now().toISOString() });
  await runBatches({ detail: { batch: id } }, stage.dependencies);
}

interface Act {
  /** Brings the batch to where the process is interrupted. */
  readonly before: (stage: BatchStage) => Promise<string>;
  /** What the rows came to in the end. */
  readonly counts: object;
  readonly made: number;
}

async function loaded(stage: BatchStage): Promise<string> {
  const id = await posted(stage);
  await runBatches({ detail: { batch: id } }, stage.dependencies);
  for (const one of await stage.all()) firstTries.add(one.id);
  return id;
}

/** All at rest, three of them failed. */
async function ended(stage: BatchStage): Promise<string> {
  const id = await loaded(stage);
  stage.clock.advance(60_000);
  await stage.settle(endOf);
  return id;
}

const acts: Readonly<Record<string, Act>> = {
  "loading it": {
    before: posted,
    counts: { succeeded: rows },
    made: rows,
  },
  "looking at it": {
    before: async (stage) => {
      const id = await loaded(stage);
      stage.clock.advance(60_000);
      await stage.live(endOf);
      return id;
    },
    counts: { succeeded: 6, failed: 3 },
    made: rows,
  },
  "retrying it": {
    before: async (stage) => {
      const id = await ended(stage);
      await retryBatch({ id }, stage.dependencies, stage.callWith("again"));
      return id;
    },
    counts: { succeeded: rows },
    made: rows + 3,
  },
  "canceling it while nothing is loaded": {
    before: async (stage) => {
      const id = await posted(stage);
      await cancelBatch({ id }, stage.dependencies, stage.callWith("stop"));
      return id;
    },
    counts: { canceled: rows },
    made: rows,
  },
  "canceling it while it is on its way": {
    before: async (stage) => {
      const id = await loaded(stage);
      stage.clock.advance(50);
      await stage.live(endOf);
      await cancelBatch({ id }, stage.dependencies, stage.callWith("stop"));
      return id;
    },
    // One in ten milliseconds at a connection without a rate; the first starts at once.
    counts: { succeeded: 4, failed: 2, canceled: 3 },
    made: rows,
  },
};

/** What is told of the batch is what its transactions say, and no row has moved twice. */
async function verify(stage: BatchStage, id: string, { counts, made }: Pick<Act, "counts" | "made">, where: string) {
  const shown = await stage.show(id);
  expect(shown, where).toMatchObject({ status: expect.stringMatching(/^(done|canceled)$/), counts });
  expect((await stage.stored(id)).status, where).toBe(shown.status);
  const all = await stage.all();
  expect(all, where).toHaveLength(made);
  expect(movedTwice(all), where).toEqual([]);
  const items = await stage.items(id);
  const byStatus = statuses.map((status) => [status, items.filter((item) => item.status === status).length]);
  expect(shown.counts, where).toEqual(Object.fromEntries(byStatus));
}

/** Rows of which more than one transaction moved, or is about to. */
function movedTwice(all: readonly Transaction[]): number[] {
  const moved = all
    .filter(({ status }) => status !== "failed" && status !== "canceled")
    .map(({ batchRow = 0 }) => batchRow);
  return moved.filter((row, place) => moved.indexOf(row) !== place);
}

describe.each(Object.entries(acts))("a runner that dies %s", (_name, act) => {
  test("is followed by another that brings each row to its end, wherever it died", async () => {
    const whole = batchStage();
    const calls = await interrupted(whole, await act.before(whole));
    expect(calls).toBeGreaterThan(5);
    for (const crash of everyCrash(calls)) {
      const stage = batchStage();
      const id = await act.before(stage);
      await interrupted(stage, id, { crash });
      stage.clock.advance(900_000);
      await stage.settle(endOrSucceed(act));
      await verify(stage, id, act, `${crash.when} call ${crash.at}`);
    }
  });

  test("or is slow does no harm to another that works on it at the same time", async () => {
    const whole = batchStage();
    const calls = await interrupted(whole, await act.before(whole));
    for (let at = 0; at < calls; at++) {
      const stage = batchStage();
      const id = await act.before(stage);
      await interrupted(stage, id, { at, meanwhile: () => another(stage, id) });
      stage.clock.advance(900_000);
      await stage.settle(endOrSucceed(act));
      await verify(stage, id, act, `at call ${at}`);
    }
  });
});

/** Where the act is about failures, the failures were before it: what it leaves succeeds. */
function endOrSucceed({ counts }: Act): EndOf {
  return "failed" in counts ? endOf : () => "succeeded";
}

describe("a cancel", () => {
  test.each([
    ["loads it", acts["loading it"]],
    ["retries it", acts["retrying it"]],
  ] as const)("stops a batch for good, however slow the one is that still %s", async (_name, act) => {
    if (!act) throw new Error("no such act");
    const whole = batchStage();
    const calls = await interrupted(whole, await act.before(whole));
    for (let at = 0; at < calls; at++) {
      const stage = batchStage();
      const id = await act.before(stage);
      let toldAt: Awaited<ReturnType<BatchStage["show"]>> | undefined;
      await interrupted(stage, id, {
        at,
        meanwhile: async () => {
          await cancelBatch({ id }, stage.dependencies, stage.callWith("stop"));
          await another(stage, id);
          toldAt = await stage.show(id);
        },
      });
      const where = `at call ${at}`;
      // It may have ended before the cancel came: then there was nothing to cancel.
      const isCanceled = (await stage.stored(id)).status !== "done";
      if (isCanceled) {
        expect(toldAt?.counts.pending, where).toBe(0);
        expect(
          (await stage.all()).filter(({ status }) => status === "pending"),
          where,
        ).toEqual([]);
      }
      stage.clock.advance(900_000);
      await stage.settle(() => "succeeded");
      const shown = await stage.show(id);
      if (isCanceled) expect(shown.counts, where).toEqual(toldAt?.counts);
      expect(movedTwice(await stage.all()), where).toEqual([]);
    }
  });
});
