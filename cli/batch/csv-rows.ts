/** The rows of a CSV file: each row's cells as the values of its header's fields. */
import { type Csv, type CsvFault, type CsvRecord, csvOf } from "./csv.ts";
import { columnsOf } from "./csv-header.ts";
import { wrongFile } from "./file-errors.ts";
import { itemOf, type RowReading, type Wrong } from "./item.ts";
import { type FileRow, type Outcome, outcomeNames, type Pass, type RowWishes } from "./row.ts";
import { valuesWith } from "./row-values.ts";
import { textOf } from "./text-of-file.ts";

export async function csvPass(file: string, wishes: RowWishes): Promise<Pass> {
  const csv = await csvOf(textOf(file));
  const { header } = csv;
  if (!header) throw wrongFile(file, [{ line: 1, column: "", message: "the file is empty" }]);
  if ("fault" in header) throw wrongFile(file, [{ line: header.line, column: "", message: header.fault }]);
  const columns = columnsOf(file, header, wishes);
  const heading = [...header.cells.slice(0, columns.length), ...outcomeNames];
  return { heading: csv.mark + lineOf(heading, csv), rows: rowsOf(csv, columns, wishes) };
}

async function* rowsOf(csv: Csv, columns: readonly string[], wishes: RowWishes): AsyncGenerator<FileRow> {
  const width = csv.header && "cells" in csv.header ? csv.header.cells.length : 0;
  let row = 0;
  for await (const record of csv.records) {
    row += 1;
    const cells = "cells" in record ? record.cells.slice(0, columns.length) : [];
    const textWith = (outcome: Outcome): string =>
      lineOf([...cells, ...outcomeNames.map((name) => harmless(outcome[name]))], csv);
    const reading = readingOf(record, { columns, width }, wishes);
    yield { line: record.line, row, reading, textWith };
  }
}

/** What the header says. */
interface Shape {
  readonly columns: readonly string[];
  /** With the columns of an outcome. */
  readonly width: number;
}

function readingOf(record: CsvRecord | CsvFault, shape: Shape, wishes: RowWishes): RowReading {
  if ("fault" in record) return { wrong: [{ column: "", message: record.fault }] };
  const cells = record.cells.map((cell) => cell.trim());
  const wrong = misplaced(cells, shape);
  if (wrong.length > 0) return { wrong };
  const named = shape.columns.map((name, at) => [name, cells[at] ?? ""] as const);
  return itemOf(valuesWith(new Map(named.filter(([name, cell]) => name !== "" && cell !== "")), wishes));
}

/** Cells that belong to no column. What a row means then is anybody's guess. */
function misplaced(cells: readonly string[], { columns, width }: Shape): Wrong[] {
  if (cells.length < columns.length || cells.slice(width).some((cell) => cell !== "")) {
    const message = `has ${cells.length} cells, and the header ${width}: is there a separator in a text without quotes?`;
    return [{ column: "", message }];
  }
  return columns.flatMap((name, at) =>
    name === "" && cells[at] !== "" ? [{ column: `column ${at + 1}`, message: "has no name in the header" }] : [],
  );
}

function lineOf(cells: readonly string[], { separator, lineBreak }: Csv): string {
  return cells.map((cell) => quoted(cell, separator)).join(separator) + lineBreak;
}

function quoted(cell: string, separator: string): string {
  return cell.includes(separator) || /["\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** What a provider wrote must not run as a spreadsheet's formula. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
