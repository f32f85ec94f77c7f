/** Lines of a transaction's log: made, kept short, and counted where they say the same again. */
import type { LogEntry, Status, Transaction } from "./transaction.ts";
import type { Actor } from "./transition.ts";

/**
 * Where the log says the same already, since the last attempt. Lookups and follow-ups alternate for days where a provider
 * takes its time; folded, they are a handful of lines with counts.
 */
export function foldOf({ log }: Transaction, { status, by, detail }: LogEntry): { fold?: number } {
  const sinceAttempt = log.findLastIndex(isClaim);
  const place = log.findLastIndex((line) => line.status === status && line.by === by && line.detail === detail);
  return place > sinceAttempt ? { fold: place } : {};
}

export function entry(status: Status, actor: Actor, detail: string): LogEntry {
  const shown = shortened(detail);
  return { at: actor.at.toISOString(), status, by: actor.by, ...(shown !== "" && { detail: shown }) };
}

export const claimedDetail = "attempt claimed";
export const claimedAgainDetail = "attempt claimed again: nothing was found, and a duplicate would be rejected";

/** What follow-up notes when it starts a flow. */
export const followedUpDetail = "due: flow started again";

/** Whether a line of the log says that an attempt was claimed. */
export function isClaim({ detail }: LogEntry): boolean {
  return detail === claimedDetail || detail === claimedAgainDetail;
}

const notSentPrefix = "not sent, ";

export function notSentDetail({ reason, detail }: { readonly reason: string; readonly detail: string }): string {
  return `${notSentPrefix}${reason}: ${detail}`;
}

/** How often the log says such a thing, folded lines counted as often as they stand for. */
export function timesIn(log: readonly LogEntry[], isSuch: (detail: string) => boolean): number {
  return log.filter(({ detail = "" }) => isSuch(detail)).reduce((sum, { count }) => sum + (count ?? 1), 0);
}

/** How many of the claimed attempts may have reached the provider: all but those of which the log says that they surely did not. */
export function attemptsPerhapsSent({ attempts, log }: Pick<Transaction, "attempts" | "log">): number {
  return attempts - timesIn(log, (detail) => detail.startsWith(notSentPrefix));
}

/** Cut to what a log line holds, and never within a character: a database takes no half ones. */
export function shortened(text: string): string {
  return text.slice(0, detailLengthMax).toWellFormed();
}

/** A provider's message may be long; a log line says what it needs in this much. */
const detailLengthMax = 200;
