/** Remembers how far each shard of a stream has been delivered, so that a restart neither repeats nor skips records. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";

export interface StreamCheckpoint {
  /** The last delivered sequence number; undefined where nothing from that place has been. A place is one shard of one stream. */
  get(place: string): string | undefined;
  set(place: string, sequenceNumber: string): void;
}

export function memoryCheckpoint(): StreamCheckpoint {
  const delivered = new Map<string, string>();
  return { get: (place) => delivered.get(place), set: (place, number) => void delivered.set(place, number) };
}

/** Keeps it in a file. One that cannot be read counts as none: records then come again, which a stream's reader must bear anyway. */
export function fileCheckpoint(file: string): StreamCheckpoint {
  const delivered = new Map<string, string>(read(file));
  return {
    get: (place) => delivered.get(place),
    set(place, sequenceNumber) {
      delivered.set(place, sequenceNumber);
      // Renaming is all or nothing: a crash leaves the old file or the new one.
      writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(delivered)));
      renameSync(`${file}.new`, file);
    },
  };
}

function read(file: string): [string, string][] {
  try {
    return Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, string>);
  } catch {
    return [];
  }
}
