/** Writes the rows that failed into a file of their own: as they stood in the input, and behind each why. */
import { type FileHandle, open } from "node:fs/promises";
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
  /** Overwritten. Absent: a new file beside the input. */
  readonly to: string | undefined;
}

/** Where they were written. */
export async function writeFailures({ batch, file, to }: FailuresWish, context: Context): Promise<string> {
  const { path, handle } =
    to === undefined ? await newFileBeside(file.name) : { path: to, handle: await open(to, "w") };
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
  return path;
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
}

/** `payouts.failures.csv`, `payouts.failures-2.csv`, …: somebody may be correcting an earlier one. */
async function newFileBeside(input: string): Promise<Opened> {
  const extension = extname(input);
  const stem = join(dirname(input), basename(input, extension));
  for (let count = 1; ; count++) {
    const path = `${stem}.failures${count === 1 ? "" : `-${count}`}${extension}`;
    const handle = await open(path, "wx").catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "EEXIST") return undefined;
      throw error;
    });
    if (handle) return { path, handle };
  }
}
