/** The header of a CSV file: which column is which field, or all that is wrong with it. */
import type { Kind } from "../../lib/domain/transaction.ts";
import type { CsvRecord } from "./csv.ts";
import { readKind } from "./field-values.ts";
import { canonicalName, fieldsOf, nearestName } from "./fields.ts";
import { type FileError, wrongFile } from "./file-errors.ts";
import { outcomeNames, type RowWishes } from "./row.ts";
import { keyAdvice, keyNameOf } from "./row-values.ts";

/** The names of the columns, as values have them; empty where a column has none. @throws CommandError */
export function columnsOf(file: string, { line, cells }: CsvRecord, wishes: RowWishes): readonly string[] {
  if (cells.length === 1 && cells[0]?.includes("|")) {
    const message = "the columns are separated by |: separate them by commas, semicolons or tabs";
    throw wrongFile(file, [{ line, column: "", message }]);
  }
  const keyName = keyNameOf(wishes);
  const written = withoutOutcome(cells.map((cell) => cell.trim()));
  const names = written.map((cell) => canonicalName(cell) ?? (cell.toLowerCase() === keyName ? keyName : undefined));
  const wrong = written.flatMap((cell, at): Omit<FileError, "line">[] => {
    const name = names[at];
    if (cell === "") return [];
    if (name === undefined) return [{ column: cell, message: unknownColumn(cell) }];
    return names.indexOf(name) === at ? [] : [{ column: cell, message: "stands there twice" }];
  });
  const missing = missingFrom(names, keyName, wishes);
  const errors = [...wrong, ...missing].map((error) => ({ line, ...error }));
  if (errors.length > 0) throw wrongFile(file, errors);
  return names.map((name) => name ?? "");
}

/** A file of failures may be run again as it is. */
function withoutOutcome(cells: readonly string[]): readonly string[] {
  const last = cells.slice(-outcomeNames.length).map((cell) => cell.toLowerCase());
  return last.join() === outcomeNames.join() ? cells.slice(0, -outcomeNames.length) : cells;
}

export function unknownColumn(name: string): string {
  const nearest = nearestName(name);
  return `is no known field${nearest === undefined ? "" : `: did you mean ${nearest}?`}`;
}

function missingFrom(
  names: readonly (string | undefined)[],
  keyName: string,
  { kind, connection, keyColumn }: RowWishes,
): Omit<FileError, "line">[] {
  const isThere = (name: string): boolean => names.includes(name);
  const known: Kind | undefined = kind === undefined || isThere("kind") ? undefined : readKind(kind);
  const needed = known ? [...fieldsOf(known).values()].filter((field) => field.isRequired) : [];
  const more = needed.filter(({ name }) => !["kind", "key", "connection"].includes(name) && !isThere(name));
  return [
    ...(isThere(keyName)
      ? []
      : [{ column: keyColumn ?? "key", message: keyColumn === undefined ? keyAdvice : "is missing" }]),
    ...(isThere("kind") || kind !== undefined
      ? []
      : [{ column: "kind", message: "is missing; --kind names it for all rows" }]),
    ...(isThere("connection") || connection !== undefined
      ? []
      : [{ column: "connection", message: "is missing; --connection names it for all rows" }]),
    ...more.map(({ name }) => ({ column: name, message: "is missing" })),
  ];
}
