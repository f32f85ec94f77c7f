/** Writes the rows that failed into a file of their own: as they stood in the input, and behind each why. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rm, stat } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { usage } from "../command-error.ts";
import type { Context } from "../context.ts";
import { pageMax, readRows, type ShownRow } from "./api.ts";
import { patiently } from "./patience.ts";
import type { Outcome, RowFile } from "./row.ts";

/** Rows whose money surely did not move. One that needs review may have moved: it belongs in no file that is run again. */
const failedStatuses = ["failed", "canceled"] as const;

export interface FailuresWish {
  readonly batch: string;
  readonly file: RowFile;
  /** Overwritten. Absent: a new file beside the input, unless one with the same content is there. */
  readonly to: string | undefined;
}

/** Where they were written, or stood already. */
export async function writeFailures({ batch, file, to }: FailuresWish, context: Context): Promise<string> {
  if (to !== undefined) {
    await fill(await open(to, "w"), { batch, file }, context);
    return to;
  }
  const { path, handle, earlier } = await newFileBeside(file.name);
  await fill(handle, { batch, file }, context);
  for (const other of earlier) {
    if (!(await isSame(other, path))) continue;
    await rm(path);
    return other;
  }
  return path;
}

async function fill(
  handle: FileHandle,
  { batch, file }: Pick<FailuresWish, "batch" | "file">,
  context: Context,
): Promise<void> {
  try {
    const { heading, rows } = await file.pass();
    await handle.write(heading);
    const failures = failedStatuses.map((status) => pickerOf(failedRows(batch, status, context)));
    for await (const row of rows) {
      for (const pick of failures) {
        const failed = await pick(row.row);
        if (failed) await handle.write(row.textWith(outcomeOf(failed)));
      }
    }
  } finally {
    await handle.close();
  }
}

/** @throws CommandError where the failures would take the place of the input */
export function refuseInput(input: string, failures: string | undefined): void {
  if (failures === undefined || resolve(failures) !== resolve(input)) return;
  throw usage(`--failures ${failures} is the file itself: name another.`);
}

async function* failedRows(batch: string, status: string, context: Context): AsyncGenerator<ShownRow> {
  let cursor: string | undefined;
  do {
    const query = { status, limit: pageMax, cursor };
    const page = await patiently(() => readRows(batch, query, context), context);
    yield* page.items;
    ({ cursor } = page);
  } while (cursor !== undefined);
}

/** The row with a number, if it is among those. Asked for growing numbers. */
function pickerOf(rows: AsyncGenerator<ShownRow>): (row: number) => Promise<ShownRow | undefined> {
  let head: IteratorResult<ShownRow> | undefined;
  return async (row) => {
    head ??= await rows.next();
    if (head.done || head.value.row !== row) return undefined;
    const { value } = head;
    head = undefined;
    return value;
  };
}

function outcomeOf({ status, failure, transaction }: ShownRow): Outcome {
  const { code = "", message = "" } = failure ?? {};
  return { status, code, message, transaction: transaction?.id ?? "" };
}

interface Opened {
  readonly path: string;
  readonly handle: FileHandle;
  /** Files that had the names before this one. */
  readonly earlier: readonly string[];
}

/** `payouts.failures.csv`, `payouts.failures-2.csv`, …: somebody may be correcting an earlier one. */
async function newFileBeside(input: string): Promise<Opened> {
  const extension = extname(input);
  const stem = join(dirname(input), basename(input, extension));
  const earlier: string[] = [];
  for (let count = 1; ; count++) {
    const path = `${stem}.failures${count === 1 ? "" : `-${count}`}${extension}`;
    const handle = await open(path, "wx").catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "EEXIST") return undefined;
      throw error;
    });
    if (handle) return { path, handle, earlier };
    earlier.push(path);
  }
}

/** Rows name their transactions, so the same content is of the same batch, and nobody has corrected it. */
async function isSame(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([stat(one), stat(other)]);
  if (!first.isFile() || first.size !== second.size) return false;
  return (await digestOf(one)) === (await digestOf(other));
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest("hex");
}
