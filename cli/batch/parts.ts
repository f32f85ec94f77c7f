/** Cuts a file's rows into parts that a call takes, the same ones every time. */
import { createHash } from "node:crypto";
import type { BatchItem } from "./item.ts";
import type { FileRow } from "./row.ts";

export interface PartLimits {
  readonly rowsMax: number;
  readonly bytesMax: number;
}

/** What one call takes, and a little less than its 5 MiB: beside the rows it names the batch. */
export const callLimits: PartLimits = { rowsMax: 5_000, bytesMax: 5 * 1024 * 1024 - 4_096 };

export interface Part {
  readonly items: readonly BatchItem[];
  /** Each item's row, to say where the API found a mistake. */
  readonly rows: readonly Pick<FileRow, "line" | "row">[];
  /** SHA-256 of the items, and of nothing else: however the file writes them, it is the same. */
  readonly digest: string;
}

/** @param onRow hears of each row, in their order, also of those that are wrong: they are in no part */
export async function* partsOf(
  rows: AsyncIterable<FileRow>,
  { rowsMax, bytesMax }: PartLimits,
  onRow: (row: FileRow) => void,
): AsyncGenerator<Part> {
  let part = emptyPart();
  for await (const row of rows) {
    onRow(row);
    if ("wrong" in row.reading) continue;
    const { item } = row.reading;
    const text = JSON.stringify(item);
    const bytes = Buffer.byteLength(text) + 1;
    if (part.items.length === rowsMax || part.bytes + bytes > bytesMax) {
      yield finished(part);
      part = emptyPart();
    }
    part.items.push(item);
    part.rows.push({ line: row.line, row: row.row });
    part.hash.update(`${text}\n`);
    part.bytes += bytes;
  }
  if (part.items.length > 0) yield finished(part);
}

interface GrowingPart {
  readonly items: BatchItem[];
  readonly rows: Pick<FileRow, "line" | "row">[];
  readonly hash: ReturnType<typeof createHash>;
  bytes: number;
}

function emptyPart(): GrowingPart {
  return { items: [], rows: [], hash: createHash("sha256"), bytes: 0 };
}

function finished({ items, rows, hash }: GrowingPart): Part {
  return { items, rows, digest: hash.digest("hex") };
}
