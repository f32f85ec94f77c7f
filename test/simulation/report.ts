/** What a person reads of many runs, and of one that failed. */
import { faultNames } from "./fault-names.ts";
import type { Run } from "./simulate.ts";
import { gapsIn, type Histogram, type Tally } from "./tally.ts";

export function reportOf(tally: Tally, seconds: number): string {
  const { runs, steps, transactions, reviews, faults, ends, failures, answers, doorEnds, violations } = tally;
  const perSecond = Math.round(runs / seconds);
  const gaps = gapsIn(tally);
  const known = Object.fromEntries(faultNames.map((name) => [name, faults[name] ?? 0]));
  return [
    `${runs} runs in ${seconds.toFixed(1)} s (${perSecond} a second): ${transactions} transactions, ${steps} steps`,
    section("faults that struck", known),
    section("how transactions ended", ends),
    section("why they failed", failures),
    section("what callers heard", answers),
    section("how batches, accruals and events ended", doorEnds),
    `operators were asked about ${reviews}`,
    ...(gaps.length > 0 ? [`never seen: ${gaps.join(", ")}`] : []),
    `${violations.length} violations`,
    ...violations.slice(0, 20).map(({ seed, invariant, detail }) => `  seed ${seed}: ${invariant}: ${detail}`),
  ].join("\n");
}

export function failureOf({ seed, violation, trace }: Run): string {
  return [
    ...(trace?.lines ?? []),
    "",
    violation
      ? `seed ${seed} breaks ${violation.invariant}: ${trace?.shown(violation.detail) ?? violation.detail}`
      : `seed ${seed}: nothing is wrong`,
  ].join("\n");
}

function section(title: string, histogram: Histogram): string {
  const rows = Object.entries(histogram).sort(([one], [other]) => (one < other ? -1 : 1));
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return [`${title}:`, ...rows.map(([name, count]) => `  ${name.padEnd(width)} ${`${count}`.padStart(9)}`)].join("\n");
}
