/** `batch run`: a file's rows become a batch, which is followed until it is over; what failed goes into a file of its own. */
import { basename } from "node:path";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Batch } from "./api.ts";
import { batchExit, isUnused } from "./batch-state.ts";
import { batchText } from "./batch-text.ts";
import { dryRun } from "./dry-run.ts";
import { type FailuresWish, refuseInput, writeFailures } from "./failures.ts";
import { followBatch } from "./follow-batch.ts";
import { planOf } from "./plan.ts";
import type { RowWishes } from "./row.ts";
import { rowFileOf } from "./rows.ts";
import { upload } from "./upload.ts";

export interface RunOptions extends RowWishes {
  readonly file: string;
  readonly dryRun?: boolean;
  /** Absent: the file's own name. */
  readonly name?: string;
  /** ISO 8601 in UTC: when the batch begins. */
  readonly at?: string;
  readonly failures?: string;
  readonly again?: boolean;
  readonly wait: boolean;
}

export async function runBatch(options: RunOptions, context: Context): Promise<number> {
  const { terminal, partWith } = context;
  refuseInput(options.file, options.failures);
  const file = rowFileOf(options.file, options);
  partWith("Nothing was sent.");
  terminal.live(`Reading ${file.name}`);
  const plan = await planOf(file);
  if (options.dryRun) return dryRun(file, plan, context);

  const { name = basename(file.name), at: runAt, again = false } = options;
  if (again)
    terminal.note("Another batch of the same rows: those that were transactions before stay these, and pay once.");
  const nonce = again ? context.newId() : undefined;
  const { batch, isContinued } = await upload({ file, plan, name, runAt, nonce }, context);
  const ended = options.wait ? await followBatch({ id: batch.id, known: batch }, context) : batch;
  const failuresFile = hasFailures(ended)
    ? await failuresOf({ batch: batch.id, file, to: options.failures }, context)
    : undefined;
  const told = { ...ended, continued: isContinued, ...(failuresFile !== undefined && { failuresFile }) };
  terminal.show(told, () => [batchText(ended, terminal), ...remarks(ended, failuresFile)].join("\n"));
  return batchExit(ended);
}

/** Rows that another try needs. What was canceled before it began needs none: the file as it is may be run again. */
function hasFailures(batch: Batch): boolean {
  const { failed, canceled } = batch.counts;
  return batchExit(batch) !== exitCodes.open && failed + canceled > 0 && !isUnused(batch);
}

function remarks(batch: Batch, failuresFile: string | undefined): string[] {
  const { id, counts } = batch;
  return [
    ...(batchExit(batch) === exitCodes.open ? [`It is still open: moneyback batch watch ${id}`] : []),
    ...(counts.needs_review > 0 ? [`An operator is needed: moneyback batch items ${id} --status needs_review`] : []),
    ...(isUnused(batch)
      ? ["It was canceled before it began, so its keys are free: --again makes another batch of this file."]
      : []),
    ...(failuresFile === undefined ? [] : waysOn(batch, failuresFile)),
  ];
}

/** A canceled batch takes no retry, and the rows that it began keep their keys. */
function waysOn({ id, status }: Batch, failuresFile: string): string[] {
  if (status === "canceled") {
    return [
      `It was canceled on the way. What did not move is in ${failuresFile}: run that file with a --key-suffix,`,
      "as the old keys stand for what was canceled or failed.",
    ];
  }
  return [
    `What failed is in ${failuresFile}. Either moneyback batch retry ${id} tries the same again,`,
    "or you correct the file and run it with a --key-suffix: the old keys stand for what failed.",
  ];
}

/** A disk that is full must not hide how the batch ended. */
async function failuresOf(wish: FailuresWish, context: Context): Promise<string | undefined> {
  try {
    return await writeFailures(wish, context);
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    const detail = `The failures cannot be written: ${error.message}`;
    context.terminal.note(`${detail}. To see them: moneyback batch items ${wish.batch} --status failed`, {
      code: "failures_not_written",
      detail,
    });
    return undefined;
  }
}
