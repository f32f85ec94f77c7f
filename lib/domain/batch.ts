/** A batch: many requests under one name. Its rows lie apart, in chunks; what a row came to is its transaction's to say. */
import * as z from "zod/mini";
import { derivedId } from "./ids.ts";

export const batchStatuses = ["open", "scheduled", "running", "done", "canceling", "canceled"] as const;
export type BatchStatus = (typeof batchStatuses)[number];

/** Calls that may bring rows to one batch: keeps its record below 150 kB, however many rows it has, and in however many currencies. */
export const partsMax = 1_000;

/** Rows of one batch: whoever asks for its figures reads what was last seen of all of them, ten thousand items a million. */
export const batchRowsMax = 1_000_000;

/** Retries of one batch that are taken. */
export const retriesMax = 100;

const text = z.string().check(z.minLength(1));
const count = z.int().check(z.minimum(0));

/** The rows of one call. */
const Part = z.strictObject({
  /** Stands for the call's key: a repeated call is known by it. */
  id: text,
  /** Stands for the call's body. */
  print: text,
  rows: count,
  chunks: count,
});
export type Part = z.infer<typeof Part>;

/** What a call brings: its rows, and the sums of their amounts as far as they are known. */
export interface Brought {
  readonly part: Part;
  readonly amounts: Batch["amounts"];
}

/** One time that a batch came to its end; after a retry, or more rows, it comes to another. */
const End = z.strictObject({
  /** The batch's revision with it: what the event of it is known by. */
  revision: count,
  status: z.enum(["done", "canceled"]),
  at: text,
});
export type End = z.infer<typeof End>;

/** A batch as it is stored. Members that a newer version wrote are passed over. */
export const Batch = z.object({
  id: text,
  tenant: text,
  name: z.exactOptional(text),
  status: z.enum(batchStatuses),
  /** When it is to begin, where that was asked for. */
  runAt: z.exactOptional(text),
  /** In the order in which they came; only ever appended to, so a row keeps its number. */
  parts: z.array(Part),
  /** Sums of the amounts that are known beforehand, in minor units by currency. */
  amounts: z.record(z.string(), count),
  /** Of the call that made it. */
  fingerprint: text,
  createdAt: text,
  startedAt: z.exactOptional(text),
  endedAt: z.exactOptional(text),
  /** Since when it runs again after an end, and how many chunks and retries it had then. */
  resumed: z.exactOptional(z.strictObject({ at: text, chunks: count, retries: count })),
  /** Ends that the tenant has yet to be told of. Absent: none. */
  untold: z.exactOptional(z.array(End)),
  /** How many chunks have become transactions. */
  loaded: count,
  /** How many chunks of a canceled batch have been gone through. */
  swept: count,
  /** When the next row may start, by connection. */
  turns: z.record(z.string(), text),
  /** Calls for a retry, oldest first, each known by its key. */
  retries: z.array(z.strictObject({ id: text, at: text })),
  /** How many of them are carried out, and how many chunks of the next one. */
  retried: count,
  retriedChunks: count,
  /** Somebody works on it until then. Saves work and no more: two at once do no harm. */
  leaseUntil: z.exactOptional(text),
  /** Drawn by whoever has or had the lease: tells its own, of which the answer was lost, from another's. */
  leaseBy: z.exactOptional(text),
  /** When something must be done about it. Absent: nothing, until somebody calls. */
  dueAt: z.exactOptional(text),
  /** Counts the changes: each is made from the one before. */
  revision: count,
});
export type Batch = z.infer<typeof Batch>;

/** The batch that a tenant's key stands for. */
export function batchId(tenant: string, key: string): string {
  return derivedId("bat", tenant, "batch", key);
}

/** What a call that brings rows, or asks for a retry, is known by. */
export function callId(batch: string, operation: string, key: string): string {
  return derivedId("call", batch, operation, key).slice("call_".length, "call_".length + callIdLength);
}

/** 80 bits: a batch has a thousand of them. */
const callIdLength = 16;

export function rowsOf({ parts }: Pick<Batch, "parts">): number {
  return parts.reduce((sum, { rows }) => sum + rows, 0);
}

export function chunksOf({ parts }: Pick<Batch, "parts">): number {
  return parts.reduce((sum, { chunks }) => sum + chunks, 0);
}

/** Where a chunk lies: its id, and how many rows the batch has before the part that it belongs to. */
export interface ChunkPlace {
  readonly id: string;
  readonly rowsBefore: number;
}

/** The chunks from one to another, both counted from 0 over the whole batch; the last one excluded. */
export function chunkPlaces({ id, parts }: Pick<Batch, "id" | "parts">, from: number, to: number): ChunkPlace[] {
  const places: ChunkPlace[] = [];
  let chunksBefore = 0;
  let rowsBefore = 0;
  for (const part of parts) {
    const first = Math.max(from - chunksBefore, 0);
    const end = Math.min(to - chunksBefore, part.chunks);
    for (let number = first; number < end; number++) places.push({ id: chunkId(id, part, number), rowsBefore });
    chunksBefore += part.chunks;
    rowsBefore += part.rows;
  }
  return places;
}

/** The body is in the name: of two calls with one key and two bodies, at once, neither writes over the other's rows. */
export function chunkId(batch: string, { id, print }: Pick<Part, "id" | "print">, number: number): string {
  return `${batch}#${id}.${print}#${String(number + 1).padStart(4, "0")}`;
}
