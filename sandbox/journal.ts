/** The file that keeps the truth across restarts: one JSON line a change, written before the change is answered. */

import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

export interface Journal<Entry> {
  /** What was there when it was opened, oldest first. */
  readonly entries: readonly Entry[];
  /** Synchronous: when it returns, the line survives the end of this process. */
  append(entry: Entry): void;
  clear(): void;
  close(): void;
}

/** A journal that forgets. */
export const openMemoryJournal = <Entry>(): Journal<Entry> => ({
  entries: [],
  append: () => {},
  clear: () => {},
  close: () => {},
});

/** `sandbox.jsonl` in a directory, made where absent. Throws where a line before the last is unreadable. */
export const openFileJournal = <Entry>(directory: string): Journal<Entry> => {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, "sandbox.jsonl");
  const entries = existsSync(path) ? readEntries<Entry>(path) : [];
  const file = openSync(path, "a");
  return {
    entries,
    append: (entry) => void writeSync(file, `${JSON.stringify(entry)}\n`),
    clear: () => ftruncateSync(file, 0),
    close: () => closeSync(file),
  };
};

/** The readable lines. A torn last line (killed while writing, so never answered) is cut off the file. */
const readEntries = <Entry>(path: string): Entry[] => {
  const text = readFileSync(path, "utf8");
  const entries: Entry[] = [];
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf("\n", start);
    const entry = end === -1 ? undefined : readLine<Entry>(text.slice(start, end));
    if (entry === undefined) {
      if (end !== -1 && end + 1 < text.length) throw new Error(`${path}: unreadable line ${entries.length + 1}`);
      truncateSync(path, Buffer.byteLength(text.slice(0, start)));
      break;
    }
    entries.push(entry);
    start = end + 1;
  }
  return entries;
};

const readLine = <Entry>(line: string): Entry | undefined => {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
};
