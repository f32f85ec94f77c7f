/** Facts about who works on a batch: one at a time, and nobody's error, death or lost answer keeps it waiting for long. */
import { describe, expect, test } from "vitest";
import { run as runBatches } from "../../functions/run-batches.ts";
import { StoreUnavailableError } from "../../lib/domain/errors.ts";
import { captureLog } from "../lambda/api-event.ts";
import { type BatchStage, batchStage, rowsOf } from "./batch-stage.ts";

captureLog();

/** The whole time that a Lambda has. */
const wholeRun = () => 900_000;

type Dependencies = BatchStage["dependencies"];

const work = (id: string, given: Dependencies) => runBatches({ detail: { batch: id } }, given, wholeRun);

const unavailable = async (): Promise<never> => {
  throw new StoreUnavailableError("the database is not available");
};

async function posted(count = 3): Promise<{ stage: BatchStage; id: string }> {
  const stage = batchStage();
  const { id } = await stage.post(rowsOf(count));
  stage.woken.length = 0;
  return { stage, id };
}

describe("a batch", () => {
  test("whose runner met an error is given back, and gone on with seconds later", async () => {
    const { stage, id } = await posted();
    const failing = { ...stage.dependencies, batches: { ...stage.batches, states: unavailable } };
    await expect(work(id, failing)).rejects.toThrow("not available");
    expect(await stage.stored(id)).not.toHaveProperty("leaseUntil");
    stage.clock.advance(5_000);
    await work(id, stage.dependencies);
    expect(await stage.all()).toHaveLength(3);
  });

  test("whose runner could not even give it back waits a minute, not for the time that the runner had", async () => {
    const { stage, id } = await posted();
    let writes = 0;
    const replace: Dependencies["batches"]["replace"] = (next) =>
      writes++ === 0 ? stage.batches.replace(next) : unavailable();
    const failing = { ...stage.dependencies, batches: { ...stage.batches, states: unavailable, replace } };
    await expect(work(id, failing)).rejects.toThrow("not available");
    await work(id, stage.dependencies);
    expect(await stage.all()).toEqual([]);
    stage.clock.advance(60_000);
    await work(id, stage.dependencies);
    expect(await stage.all()).toHaveLength(3);
  });

  test("is worked on by whoever took it, also where the answer that said so was lost", async () => {
    const { stage, id } = await posted();
    let writes = 0;
    // What the second try of a write says whose first try was carried out.
    const replace: Dependencies["batches"]["replace"] = async (next) => {
      const stored = await stage.batches.replace(next);
      return writes++ === 0 ? undefined : stored;
    };
    await work(id, { ...stage.dependencies, batches: { ...stage.batches, replace } });
    expect(await stage.all()).toHaveLength(3);
  });

  test("is left alone by others for as long as its runner gets further", async () => {
    const { stage, id } = await posted(3_000);
    const made: number[] = [];
    // Each chunk takes three seconds: thirty chunks are longer than a lease.
    const chunk: Dependencies["batches"]["chunk"] = async (chunkId) => {
      stage.clock.advance(3_000);
      if ((await stage.stored(id)).loaded === 20) {
        const before = (await stage.all()).length;
        await work(id, stage.dependencies);
        made.push((await stage.all()).length - before);
      }
      return stage.batches.chunk(chunkId);
    };
    await work(id, { ...stage.dependencies, batches: { ...stage.batches, chunk } });
    expect(made.length).toBeGreaterThan(9);
    expect(made.filter((count) => count > 0)).toEqual([]);
    expect(await stage.all()).toHaveLength(3_000);
  });

  test("that another one has taken over is left to him: what he has is not given back for him", async () => {
    const { stage, id } = await posted(3_000);
    const states: Dependencies["batches"]["states"] = async (ids, consistency) => {
      const stored = await stage.stored(id);
      if (stored.loaded === 10 && stored.leaseBy !== "another") {
        const until = new Date(stage.clock.now().getTime() + 60_000).toISOString();
        await stage.batches.replace({ ...stored, leaseBy: "another", leaseUntil: until, dueAt: until });
      }
      return stage.batches.states(ids, consistency);
    };
    await work(id, { ...stage.dependencies, batches: { ...stage.batches, states } });
    expect(await stage.stored(id)).toMatchObject({ leaseBy: "another", leaseUntil: expect.any(String) });
    expect((await stage.all()).length).toBeLessThan(3_000);
  });
});
