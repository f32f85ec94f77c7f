/** Reads CSV as spreadsheets write it: with commas, semicolons or tabs, quoted fields, any line break. */
import { pipeline, Readable } from "node:stream";
import { CsvError, type Parser, parse } from "csv-parse";

export interface CsvRecord {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Where the file stops being CSV. */
export interface CsvFault {
  readonly line: number;
  readonly fault: string;
}

export interface Csv {
  readonly separator: string;
  /** As the first line ends. */
  readonly lineBreak: string;
  /** The byte order mark, where there is one: without it Excel takes UTF-8 for something else. */
  readonly mark: string;
  /** Undefined where the file is empty. */
  readonly header: CsvRecord | CsvFault | undefined;
  /** The records below the header, without those whose cells are all empty. A fault is the last, and may come before records that precede it. */
  readonly records: AsyncGenerator<CsvRecord | CsvFault>;
}

/** The first line decides which of these separates; the first of equals. */
const separators = [",", ";", "\t"] as const;

/** Excel's own hint, as a line before the header. */
const hint = /^sep=(.)(?:\r\n|\n|\r)/i;

export async function csvOf(text: AsyncGenerator<string>): Promise<Csv> {
  const { head: marked, isAll } = await headOf(text);
  const mark = marked.startsWith("\ufeff") ? "\ufeff" : "";
  const head = marked.slice(mark.length);
  const hinted = hint.exec(head);
  const separator = hinted?.[1] ?? separatorOf(firstLine(head));
  const begin = head.slice(hinted?.[0].length ?? 0);
  // Counted here: the parser takes a \r\n within quotes for two lines.
  let line = hinted ? 2 : 1;
  const parser = parse({
    delimiter: separator,
    record_delimiter: ["\r\n", "\n", "\r"],
    // Around quotes, too: within them, and where spaces separate, they stay.
    trim: true,
    // Lengths are compared with the header's, row by row.
    relax_column_count: true,
    on_record: (cells) => {
      const numbered = [String(line), ...cells];
      line += 1 + breaksIn(cells);
      return numbered;
    },
  });
  // What goes wrong in the source is thrown by the parser's iteration.
  pipeline(Readable.from(isAll ? [begin] : rest(begin, text)), parser, () => undefined);
  const records = recordsOf(parser, () => line);
  const { value: header } = await records.next();
  const lineBreak = /\r\n|\n|\r/.exec(head)?.[0] ?? "\n";
  return { separator, lineBreak, mark, header: header || undefined, records };
}

/** The text up to the end of its first two lines, of which one may be a hint; all of it where it has fewer. */
async function headOf(text: AsyncGenerator<string>): Promise<{ head: string; isAll: boolean }> {
  let head = "";
  for (;;) {
    const next = await text.next();
    if (next.done) return { head, isAll: true };
    head += next.value;
    if (/[\r\n].*[\r\n]/s.test(head)) return { head, isAll: false };
  }
}

async function* rest(head: string, text: AsyncGenerator<string>): AsyncGenerator<string> {
  yield head;
  yield* text;
}

/** Up to the first break that no quotes enclose. */
function firstLine(head: string): string {
  return /^(?:"[^"]*"|[^"\r\n])*/.exec(head)?.[0] ?? "";
}

function separatorOf(line: string): string {
  const bare = line.replace(/"[^"]*"/g, "");
  const counts = separators.map((separator) => bare.split(separator).length);
  return separators[counts.indexOf(Math.max(...counts))] ?? ",";
}

async function* recordsOf(parser: Parser, line: () => number): AsyncGenerator<CsvRecord | CsvFault> {
  try {
    for await (const [at, ...cells] of parser as AsyncIterable<string[]>) {
      if (cells.some((cell) => cell.trim() !== "")) yield { line: Number(at), cells };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    yield { line: line(), fault: faultText(error) };
  }
}

function breaksIn(cells: readonly string[]): number {
  return cells.reduce((count, cell) => count + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
}

function faultText({ code, message }: CsvError): string {
  switch (code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return "a quote is opened and never closed";
    case "INVALID_OPENING_QUOTE":
      return 'a quote stands in the middle of a field: put the whole field into quotes and write "" for the one inside';
    case "CSV_INVALID_CLOSING_QUOTE":
    case "CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE":
      return "something follows a closing quote that is no separator";
    default:
      return message;
  }
}
