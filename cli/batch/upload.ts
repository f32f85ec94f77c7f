/** Sends a file's rows: all of them are checked before the first is stored, and stored before the first one moves. */
import { CommandError } from "../command-error.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { addRows, type Batch, changeBatch, postBatch } from "./api.ts";
import { type FileError, refusedRows, wrongFile } from "./file-errors.ts";
import type { Part } from "./parts.ts";
import { patiently } from "./patience.ts";
import { digestOf, type Plan, plannedParts } from "./plan.ts";
import type { RowFile } from "./row.ts";

export interface Upload {
  readonly file: RowFile;
  readonly plan: Plan;
  readonly name: string;
  /** ISO 8601: the batch begins then. Absent: when it is whole. */
  readonly runAt: string | undefined;
  /** Makes it another batch than before. */
  readonly nonce: string | undefined;
}

export interface Uploaded {
  readonly batch: Batch;
  /** Whether the file was uploaded before, wholly or in part. */
  readonly isContinued: boolean;
}

/**
 *   check every part ── create (open) with the first ── add the others ── start
 *
 * Every call's key comes from the rows and the name, so a command that died anywhere is finished by the same command.
 * @throws CommandError naming every row that the API refuses
 */
export async function upload(wish: Upload, context: Context): Promise<Uploaded> {
  const { file, plan, runAt } = wish;
  const key = `cli-batch-${digestOf(plan, [wish.name, ...(wish.nonce === undefined ? [] : [wish.nonce])])}`;
  // One call takes its rows together or not at all; of several, the last might be refused when the first are stored.
  if (plan.digests.length > 1) await checkParts(file, plan, context);
  const parts = plannedParts(file, plan);
  const first = await parts.next();
  if (first.done) throw wrongFile(file.name, [{ line: 1, column: "", message: "the file has no rows" }]);
  const created = await explained(file, first.value, () => create(wish, first.value, key, context));
  let { batch } = created;
  if (isCanceled(created)) return whole(created, plan);
  let rows = first.value.items.length;
  for await (const part of parts) {
    context.terminal.live(`Uploading: ${rows} of ${plan.rows} rows`);
    batch = await explained(file, part, () =>
      patiently(() => addRows(batch.id, part.items, `${key}-${rows}`, context), context),
    );
    rows += part.items.length;
  }
  if (runAt === undefined) {
    batch = await patiently(() => changeBatch(batch.id, "start", `${key}-start`, context), context).catch(advised);
  }
  return { ...created, batch };
}

/** Of a batch that was canceled, nothing moves any more: how it ended is all there is to tell. */
function isCanceled({ batch, isContinued }: Uploaded): boolean {
  return isContinued && ["canceling", "canceled"].includes(batch.status);
}

/** @throws CommandError where it was canceled before all of the file was in it */
function whole(uploaded: Uploaded, { rows }: Plan): Uploaded {
  const { id, rows: stored } = uploaded.batch;
  if (stored === rows) return uploaded;
  const what = `${id} was canceled when it had ${stored} of ${rows} rows. --again makes another batch of this file.`;
  throw new CommandError(exitCodes.refused, "batch_closed", what, { batch: id });
}

async function create(
  { name, runAt, plan }: Upload,
  { items }: Part,
  key: string,
  context: Context,
): Promise<Uploaded> {
  const { terminal, partWith } = context;
  terminal.live(`Uploading ${plan.rows} rows`);
  const body = { items, name, ...(runAt === undefined ? { start: false } : { runAt }) };
  const { body: batch, headers } = await patiently(() => postBatch<Batch>(body, key, context), context);
  const isContinued = headers.get("idempotent-replayed") === "true";
  if (isContinued) {
    terminal.note(`This file was uploaded before: continuing ${batch.id}.`, { continued: batch.id });
  }
  partWith(
    runAt === undefined
      ? `${batch.id} is not started, and nothing of it moves; the same command goes on where this one ended.`
      : `What was uploaded moves at ${runAt}; the same command adds the rest.`,
  );
  return { batch, isContinued };
}

async function checkParts(file: RowFile, plan: Plan, context: Context): Promise<void> {
  const errors: FileError[] = [];
  let rows = 0;
  for await (const part of plannedParts(file, plan)) {
    context.terminal.live(`Checking: ${rows} of ${plan.rows} rows`);
    const body = { items: part.items, dryRun: true };
    const key = `cli-check-${context.newId()}`;
    await patiently(() => postBatch(body, key, context), context).catch((error: unknown) => {
      const refused = refusedRows(error, part);
      if (refused.length === 0) throw error;
      errors.push(...refused);
    });
    rows += part.items.length;
  }
  if (errors.length > 0) throw wrongFile(file.name, errors, exitCodes.refused);
}

/** What the API refuses, in the file's own terms. */
async function explained<T>({ name }: RowFile, part: Part, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const refused = refusedRows(error, part);
    if (refused.length > 0) throw wrongFile(name, refused, exitCodes.refused);
    throw advised(error);
  }
}

/** What the file's earlier batch does not take any longer, another one does; what got no answer is repeated. */
function advised(error: unknown): never {
  if (!(error instanceof CommandError)) throw error;
  if (error.exitCode !== exitCodes.refused) throw error.with({}, " The same command goes on where this one ended.");
  switch (error.problem.code) {
    case "idempotency_key_reused":
      throw error.with({}, " This file was uploaded before, with another --at. --again makes another batch of it.");
    case "batch_closed":
      throw error.with({}, " --again makes another batch of this file.");
    default:
      throw error;
  }
}
