/** What is wrong with a file, by line and column. */
import { CommandError } from "../command-error.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Part } from "./parts.ts";

export interface FileError {
  readonly line: number;
  /** Among the rows, from 1; absent for the header. */
  readonly row?: number;
  /** Empty for the row as a whole. */
  readonly column: string;
  readonly message: string;
}

/** @param exitCode `refused` where it was the API that found them */
export function wrongFile(
  file: string,
  errors: readonly FileError[],
  exitCode: number = exitCodes.failure,
): CommandError {
  const count = errors.length === 1 ? "one mistake" : `${errors.length} mistakes`;
  return new CommandError(exitCode, "wrong_file", `${file} has ${count}, and nothing of it moves.`, {
    errors: errors.map((error) => ({ path: placeOf(error), ...error })),
  });
}

function placeOf({ line, column }: FileError): string {
  return column === "" ? `line ${line}` : `line ${line}, ${column}`;
}

/** The rows that the API refuses, with their lines; empty where that is not what it says. */
export function refusedRows(error: unknown, { rows }: Pick<Part, "rows">): FileError[] {
  const errors = error instanceof CommandError ? error.problem["errors"] : undefined;
  if (!Array.isArray(errors)) return [];
  return errors.flatMap(({ row, path, message }: { row?: number; path: string; message: string }): FileError[] => {
    const place = row === undefined ? undefined : rows[row - 1];
    return place ? [{ ...place, column: columnIn(path), message }] : [];
  });
}

/** `items[16].amount.value` and `items.16.amount.value` are of the column `amount`. */
function columnIn(path: string): string {
  const inner = path.replace(/^items(?:\[\d+\]|\.\d+)\.?/, "");
  return inner.replace(/^(amount|originalAmount|splits)\..*$/, "$1");
}
