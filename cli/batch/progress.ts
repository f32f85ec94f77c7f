/** How far a batch is: a bar where a person looks, a line now and then where none does, nothing with --json. */
import type { Context } from "../context.ts";
import type { Batch } from "./api.ts";
import { openOf } from "./batch-state.ts";

/** Without a terminal: often enough to see that it goes on, seldom enough for a log. */
const lineEveryMs = 10_000;

const barWidth = 20;

export interface Progress {
  /** Called with each look's answer. */
  show(batch: Batch): void;
}

export function progressOf({ terminal, now }: Pick<Context, "terminal" | "now">): Progress {
  const speed = speedOf();
  let toldAt = Number.NEGATIVE_INFINITY;
  let told = "";
  return {
    show(batch) {
      const at = now();
      const rate = batch.rate?.rowsPerSecond ?? speed(batch, at);
      const text = progressText(batch, rate, at);
      if (terminal.liveColumns !== undefined) return terminal.live(`${bar(batch)} ${text}`);
      if (text === told || at.getTime() - toldAt < lineEveryMs) return;
      told = text;
      toldAt = at.getTime();
      terminal.note(text);
    },
  };
}

/** `62/100 62% · 4.8/s · 8 s left · 60 succeeded, 2 failed`, or why nothing moves yet. */
function progressText(batch: Batch, rate: number | undefined, at: Date): string {
  const { rows, counts, status, runAt } = batch;
  if (status === "scheduled") return `begins at ${runAt ?? "its time"}`;
  if (status === "open") return `not started: moneyback batch start ${batch.id}`;
  const left = openOf(batch);
  const over = Object.entries(counts).filter(([name, count]) => count > 0 && !["pending", "processing"].includes(name));
  return [
    `${rows - left}/${rows} ${percentOf(rows - left, rows)}%`,
    ...(counts.pending > 0 && rate ? [`${rate >= 10 ? Math.round(rate) : rate.toFixed(1)}/s`] : []),
    ...(counts.pending > 0 ? timeLeft(batch, rate, at) : awaited(counts.processing)),
    ...(over.length > 0 ? [over.map(([name, count]) => `${count} ${name.replace("_", " ")}`).join(", ")] : []),
    ...(status === "canceling" ? ["canceling"] : []),
  ].join(" · ");
}

/** Rows that were all sent: how long a provider takes for them, nobody knows. */
function awaited(processing: number): string[] {
  return processing > 0 ? [`${processing} await the provider's word`] : [];
}

function bar(batch: Batch): string {
  const filled = batch.rows === 0 ? 0 : Math.floor(((batch.rows - openOf(batch)) * barWidth) / batch.rows);
  return `[${"█".repeat(filled)}${"░".repeat(barWidth - filled)}]`;
}

/** Whole per cent, and a hundred only when all is done. */
function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part * 100) / whole);
}

function timeLeft(batch: Batch, rate: number | undefined, at: Date): string[] {
  const expected = batch.expectedEndAt === undefined ? Number.NaN : Date.parse(batch.expectedEndAt);
  const seconds = Number.isNaN(expected)
    ? rate
      ? openOf(batch) / rate
      : Number.NaN
    : (expected - at.getTime()) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? [`${durationText(Math.ceil(seconds))} left`] : [];
}

function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Rows a second since the first look, for a service that does not say. */
function speedOf(): (batch: Batch, at: Date) => number | undefined {
  let first: { readonly atMs: number; readonly left: number } | undefined;
  return (batch, at) => {
    const left = openOf(batch);
    first ??= { atMs: at.getTime(), left };
    const seconds = (at.getTime() - first.atMs) / 1000;
    return seconds > 0 && first.left > left ? (first.left - left) / seconds : undefined;
  };
}
