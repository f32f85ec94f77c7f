/** What a batch's counts say: how much is open, whether it is over, and the exit code that it stands for. */
import { exitCodeOf, exitCodes } from "../exit-codes.ts";
import type { Batch } from "./api.ts";

/** Rows that the provider's last word is awaited for, or whose turn has not come. */
export function openOf({ counts }: Pick<Batch, "counts">): number {
  return counts.pending + counts.processing;
}

/** Whether waiting on would be in vain. What needs review waits for an operator, not for time; a newer service's status is open. */
export function isOver(batch: Pick<Batch, "status" | "counts">): boolean {
  return ["done", "canceled"].includes(batch.status) && openOf(batch) === 0;
}

/** The worst of its rows' exit codes: open before review, review before failed, failed before done. */
export function batchExit(batch: Pick<Batch, "status" | "counts">): number {
  if (!isOver(batch)) return exitCodes.open;
  const { counts } = batch;
  if (counts.needs_review > 0) return exitCodeOf.needs_review;
  return counts.failed + counts.canceled > 0 ? exitCodes.failed : exitCodes.done;
}

/** Whether it was canceled before anything of it began: none of its keys stands for anything then. */
export function isUnused({ status, startedAt }: Pick<Batch, "status" | "startedAt">): boolean {
  return status === "canceled" && startedAt === undefined;
}
