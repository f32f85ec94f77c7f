/** A command that uploads a file may die before or after every call; the same command then finishes its work. */
import { PassThrough } from "node:stream";
import { afterAll, beforeEach, expect, test } from "vitest";
import { apiOf } from "../../cli/api.ts";
import { planOf } from "../../cli/batch/plan.ts";
import { rowFileOf } from "../../cli/batch/rows.ts";
import { upload } from "../../cli/batch/upload.ts";
import type { Context } from "../../cli/context.ts";
import { terminalOf } from "../../cli/terminal.ts";
import { fileOf, spendbacksOf } from "./batch-files.ts";
import { startBatchService } from "./batch-service.ts";

const service = await startBatchService();
afterAll(() => service.stop());
beforeEach(() => service.reset());

const keys = ["a", "b", "c", "d", "e"];
/** Three parts. */
const limits = { rowsMax: 2, bytesMax: 1_000_000 };

/** Whoever waits for the service to come back is dead. */
function life(): Context {
  let drawn = 0;
  return {
    terminal: terminalOf({ stdout: new PassThrough(), stderr: new PassThrough(), isJson: false, environment: {} }),
    environment: {},
    api: async () => apiOf({ url: service.url, apiKey: "mbk_local" }),
    person: async () => undefined,
    partWith: () => undefined,
    now: () => new Date("2026-11-20T09:30:00Z"),
    sleep: () => Promise.reject(new Error("died")),
    newId: () => `drawn-${drawn++}`,
    newSecret: () => "",
  };
}

async function uploadOnce(file: string, runAt: string | undefined) {
  const rows = rowFileOf(file, {});
  return upload({ file: rows, plan: await planOf(rows, limits), name: "n", runAt, nonce: undefined }, life());
}

test.each([undefined, "2026-11-30T08:00:00.000Z"])(
  "every row is in one batch, once (it begins at %s)",
  async (runAt) => {
    const file = await fileOf(spendbacksOf(keys));
    await uploadOnce(file, runAt);
    const paths = service.received.map(({ path }) => path);
    // Three checks, the batch, two more parts, and its start.
    expect(paths).toHaveLength(runAt === undefined ? 7 : 6);
    for (const fault of ["lost call", "lost answer"] as const) {
      for (const at of paths.keys()) {
        service.reset();
        service.faults.set(at, fault);
        await expect(uploadOnce(file, runAt)).rejects.toThrow("died");
        expect(service.received).toHaveLength(at + 1);
        const { batch } = await uploadOnce(file, runAt);
        expect([fault, at, batch.status]).toEqual([fault, at, runAt === undefined ? "running" : "scheduled"]);
        expect(service.batches.map(({ items }) => items.map(({ key }) => key))).toEqual([keys]);
      }
    }
  },
);

test("a file that changes between its reading and its upload is not sent", async () => {
  const before = rowFileOf(await fileOf(spendbacksOf(keys)), {});
  const after = rowFileOf(await fileOf(spendbacksOf([...keys.slice(0, 4), "other"])), {});
  const plan = await planOf(before, limits);
  const wish = { plan, name: "n", runAt: undefined, nonce: undefined };
  await expect(upload({ ...wish, file: after }, life())).rejects.toThrow("changed while it was read");
  const shorter = rowFileOf(await fileOf(spendbacksOf(keys.slice(0, 4))), {});
  await expect(upload({ ...wish, file: shorter }, life())).rejects.toThrow("changed while it was read");
  expect(service.batches).toEqual([]);
});

test("a batch that was canceled before it was whole is not taken for the file's end", async () => {
  const file = await fileOf(spendbacksOf(keys));
  service.faults.set(4, "lost call");
  await expect(uploadOnce(file, undefined)).rejects.toThrow("died");
  const [batch] = service.batches;
  if (batch) batch.status = "canceled";
  await expect(uploadOnce(file, undefined)).rejects.toThrow("was canceled when it had 2 of 5 rows. --again");
});
