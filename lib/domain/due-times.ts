/** When a transaction is due: how long its flow is left alone, and how long to wait between follow-ups. */

/**
 * How long a flow is left alone before the transaction counts as due: longer than a flow runs (its minute of lookups and
 * the time that providers take), so that follow-up and flow do not ask the same provider at the same time.
 */
export const flowGraceMs = 90_000;

/** The waits between follow-ups; the last one repeats. */
const followUpIntervalsMs = [10_000, 30_000, 120_000, 600_000, 3_600_000] as const;

/** When to follow up for the `n`th time, counted from 0. */
export function followUpAt(now: Date, n: number): string {
  const wait = followUpIntervalsMs[Math.min(n, followUpIntervalsMs.length - 1)] ?? 3_600_000;
  return new Date(now.getTime() + wait).toISOString();
}
