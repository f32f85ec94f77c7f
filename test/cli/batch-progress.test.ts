/** Facts about how a batch's progress is told. */
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import type { Batch } from "../../cli/batch/api.ts";
import { progressOf } from "../../cli/batch/progress.ts";
import { terminalOf } from "../../cli/terminal.ts";

const none = { pending: 0, processing: 0, succeeded: 0, failed: 0, canceled: 0, needs_review: 0 };

function batchOf(counts: Partial<Batch["counts"]>, members: Partial<Batch> = {}): Batch {
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const createdAt = "2026-11-20T09:00:00.000Z";
  return {
    id: "bat_1",
    status: "running",
    rows,
    repeated: 0,
    createdAt,
    counts: { ...none, ...counts },
    amounts: {},
    ...members,
  };
}

/** What is told of batches that are seen so many seconds apart. */
function told(looks: readonly Batch[], secondsApart: number, isTTY: boolean): string[] {
  const stderr = Object.assign(new PassThrough(), { isTTY, columns: 200 });
  const terminal = terminalOf({ stdout: new PassThrough(), stderr, isJson: false, environment: {} });
  let ms = Date.parse("2026-11-20T09:30:00Z");
  const progress = progressOf({ terminal, now: () => new Date(ms) });
  for (const batch of looks) {
    progress.show(batch);
    ms += secondsApart * 1000;
  }
  return String(stderr.read() ?? "")
    .split(isTTY ? "\r\u001b[2K" : "\n")
    .filter((text) => text !== "");
}

describe("progress", () => {
  test.each([
    [
      batchOf(
        { pending: 90, processing: 5, succeeded: 5 },
        { rate: { rowsPerSecond: 4.75 }, expectedEndAt: "2026-11-20T09:30:20Z" },
      ),
      "5/100 5% · 4.8/s · 20 s left · 5 succeeded",
    ],
    [
      batchOf(
        { pending: 900, succeeded: 99, needs_review: 1 },
        { rate: { rowsPerSecond: 12.3 }, expectedEndAt: "2026-11-20T11:45:00Z" },
      ),
      "100/1000 10% · 12/s · 2 h 15 min left · 99 succeeded, 1 needs review",
    ],
    [batchOf({ pending: 10 }, { rate: { rowsPerSecond: 2 } }), "0/10 0% · 2.0/s · 5 s left"],
    [batchOf({ pending: 10 }, { rate: { rowsPerSecond: 0 }, expectedEndAt: "soon" }), "0/10 0%"],
    [batchOf({ pending: 1, succeeded: 999 }), "999/1000 99% · 999 succeeded"],
    [
      batchOf({ processing: 28, succeeded: 672 }, { rate: { rowsPerSecond: 4.75 } }),
      "672/700 96% · 28 await the provider's word · 672 succeeded",
    ],
    [batchOf({ failed: 3, canceled: 1 }, { status: "done" }), "4/4 100% · 3 failed, 1 canceled"],
    [batchOf({ pending: 4 }, { status: "canceling" }), "0/4 0% · canceling"],
    [
      batchOf({ pending: 4 }, { status: "scheduled", runAt: "2026-11-30T08:00:00.000Z" }),
      "begins at 2026-11-30T08:00:00.000Z",
    ],
    [batchOf({ pending: 4 }, { status: "open" }), "not started: moneyback batch start bat_1"],
    [batchOf({}), "0/0 0%"],
  ])("%# reads as it should", (batch, text) => {
    expect(told([batch], 0, false)).toEqual([text]);
  });

  test("has a bar that is full only when all is over", () => {
    const looks = [batchOf({ pending: 100 }), batchOf({ pending: 1, succeeded: 99 }), batchOf({ succeeded: 100 })];
    const bars = told(looks, 0, true).map((text) => text.slice(0, 22));
    expect(bars).toEqual([`[${"░".repeat(20)}]`, `[${"█".repeat(19)}░]`, `[${"█".repeat(20)}]`]);
  });

  test("reckons the rate itself where the service does not say it", () => {
    const looks = [batchOf({ pending: 100 }), batchOf({ pending: 60, succeeded: 40 })];
    expect(told(looks, 10, true).at(-1)).toContain("40/100 40% · 4.0/s · 15 s left");
  });

  test("is told every ten seconds where nobody looks, and only what is new", () => {
    const same = batchOf({ pending: 1, succeeded: 1 });
    expect(told([same, same, same, batchOf({ succeeded: 2 })], 10, false)).toHaveLength(2);
    expect(told([same, batchOf({ succeeded: 2 })], 9, false)).toHaveLength(1);
  });
});
