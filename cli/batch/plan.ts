/** Reads a whole file before anything is sent: every mistake is found, and what the calls will be is known. */
import { createHash } from "node:crypto";
import { CommandError } from "../command-error.ts";
import { exitCodes } from "../exit-codes.ts";
import { type FileError, wrongFile } from "./file-errors.ts";
import type { BatchItem } from "./item.ts";
import { callLimits, type Part, type PartLimits, partsOf } from "./parts.ts";
import type { FileRow, RowFile } from "./row.ts";

export interface Plan {
  readonly rows: number;
  /** Each part's, in order. */
  readonly digests: readonly string[];
  readonly limits: PartLimits;
}

/** @throws CommandError naming every wrong row */
export async function planOf(file: RowFile, limits: PartLimits = callLimits): Promise<Plan> {
  const errors: FileError[] = [];
  const keys = keyRegister();
  const digests: string[] = [];
  let rows = 0;
  const { rows: read } = await file.pass();
  const parts = partsOf(read, limits, (row) => errors.push(...mistakesIn(row), ...keys.repeatedBy(row)));
  for await (const part of parts) {
    digests.push(part.digest);
    rows += part.items.length;
  }
  if (errors.length > 0)
    throw wrongFile(
      file.name,
      errors.sort((one, other) => one.line - other.line),
    );
  if (rows === 0) throw wrongFile(file.name, [{ line: 1, column: "", message: "the file has no rows" }]);
  return { rows, digests, limits };
}

/** The parts once more, to be sent. @throws CommandError where the file is not what was planned any longer */
export async function* plannedParts(file: RowFile, plan: Plan): AsyncGenerator<Part> {
  let count = 0;
  const { rows } = await file.pass();
  const parts = partsOf(rows, plan.limits, () => undefined);
  for await (const part of parts) {
    if (part.digest !== plan.digests[count]) throw changed(file);
    count += 1;
    yield part;
  }
  if (count !== plan.digests.length) throw changed(file);
}

/** Stands for the rows under these names: the same file under the same name is the same batch. */
export function digestOf({ digests }: Plan, names: readonly string[]): string {
  return createHash("sha256")
    .update(JSON.stringify([names, digests]))
    .digest("hex");
}

function changed({ name }: RowFile): CommandError {
  return new CommandError(exitCodes.failure, "file_changed", `${name} changed while it was read. Run it again.`);
}

function mistakesIn({ line, row, reading }: FileRow): FileError[] {
  return "wrong" in reading ? reading.wrong.map((one) => ({ line, row, ...one })) : [];
}

type Named = Pick<BatchItem, "kind" | "key">;

/** Where each key stood first. Keys are all that is kept of the rows. */
function keyRegister() {
  const lines = new Map<string, number>();
  const identityOf = ({ kind, key }: Named): string => `${kind} ${key.replace(/^"(.*)"$/, "$1")}`;
  return {
    /** A row that is wrong has its key, too. */
    repeatedBy({ line, row, reading }: FileRow): FileError[] {
      const name = "item" in reading ? reading.item : reading.name;
      if (!name) return [];
      const identity = identityOf(name);
      const first = lines.get(identity);
      if (first === undefined) {
        lines.set(identity, line);
        return [];
      }
      const message = `"${name.key}" is the key of line ${first} already: two payments need two keys`;
      return [{ line, row, column: "key", message }];
    },
  };
}
