/** Lines of a transaction's log: made, kept short, and counted where they say the same again. */
import type { LogEntry, Status, Transaction } from "./transaction.ts";
import type { Actor } from "./transition.ts";

/**
 * Where the log says the same already, since the last attempt. Lookups and follow-ups alternate for days where a provider
 * takes its time; folded, they are a handful of lines with counts.
 */
export function foldOf({ log }: Transaction, { status, by, detail }: LogEntry): { fold?: number } {
  const sinceAttempt = log.findLastIndex((line) => line.detail === claimedDetail);
  const place = log.findLastIndex((line) => line.status === status && line.by === by && line.detail === detail);
  return place > sinceAttempt ? { fold: place } : {};
}

export function entry(status: Status, actor: Actor, detail: string): LogEntry {
  const shown = shortened(detail);
  return { at: actor.at.toISOString(), status, by: actor.by, ...(shown !== "" && { detail: shown }) };
}

export const claimedDetail = "attempt claimed";

/** Cut to what a log line holds, and never within a character: a database takes no half ones. */
export function shortened(text: string): string {
  return text.slice(0, detailLengthMax).toWellFormed();
}

/** A provider's message may be long; a log line says what it needs in this much. */
const detailLengthMax = 200;
