/** What is noted before a refund is sent: when, and which rows the account had, so that the new one stands out. */
import { createHash } from "node:crypto";
import * as z from "zod/mini";
import type { Listing } from "./listing.ts";

/** Ids are kept as this much of their SHA-256: every write of the transaction pays for the note's length. 48 bits tell 2,000 rows apart. */
const digestLength = 8;

/** A note may have 100 kB. The longest that our pages allow has 16. */
const knownLengthMax = 90_000;

const Note = z.object({
  at: z.iso.datetime(),
  total: z.int(),
  /** Digests, one after the other. Absent where not every row could be read. */
  known: z.exactOptional(z.string()),
});

export interface Snapshot {
  readonly at: Date;
  readonly knows: (transactionId: string) => boolean;
}

/**
 * The note, as compact JSON. Where the listing is not complete, or too long, only the total is noted: the refund may go, but
 * one that is left in doubt is an operator's, because a new row could not be told from an old one.
 */
export function writeSnapshot({ rows, isComplete, total }: Listing, at: Date): string {
  const known = rows.map(({ transactionId }) => digestOf(transactionId)).join("");
  const isWhole = isComplete && known.length <= knownLengthMax;
  return JSON.stringify({ at: at.toISOString(), total, ...(isWhole && { known }) });
}

/** Undefined where there is no note, or one that does not name every row. */
export function readSnapshot(text: string | undefined): Snapshot | undefined {
  const note = text === undefined ? undefined : parseNote(text);
  if (note?.known === undefined) return undefined;
  const digests = new Set(note.known.match(new RegExp(`.{${digestLength}}`, "g")));
  return { at: new Date(note.at), knows: (transactionId) => digests.has(digestOf(transactionId)) };
}

function parseNote(text: string): z.infer<typeof Note> | undefined {
  try {
    return Note.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function digestOf(transactionId: string): string {
  return createHash("sha256").update(transactionId).digest("base64url").slice(0, digestLength);
}
