/** A row of a file, whatever the file's form, and what the command line says beside it. */
import type { RowReading } from "./item.ts";

export interface RowWishes {
  /** For rows that name none. */
  readonly kind?: string;
  readonly connection?: string;
  /** The column whose text is the key, where it is not `key`. */
  readonly keyColumn?: string;
  /** Put behind each key. */
  readonly keySuffix?: string;
}

export interface FileRow {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  /** Among the rows, from 1. */
  readonly row: number;
  readonly reading: RowReading;
  /** The row as it stands in the file, and behind it what became of it: fit to be corrected and run again. */
  readonly textWith: (outcome: Outcome) => string;
}

/** What became of a row. */
export interface Outcome {
  readonly status: string;
  readonly code: string;
  readonly message: string;
  readonly transaction: string;
}

/** Stand behind the columns of a file of failures, and are passed over where such a file is run again. */
export const outcomeNames = ["status", "code", "message", "transaction"] as const satisfies readonly (keyof Outcome)[];

/** One reading of a file. */
export interface Pass {
  /** What stands above the rows of a file of failures. */
  readonly heading: string;
  readonly rows: AsyncIterable<FileRow>;
}

export interface RowFile {
  readonly name: string;
  /** Reads it from the beginning. @throws CommandError where the file as a whole cannot be meant */
  readonly pass: () => Promise<Pass>;
}
