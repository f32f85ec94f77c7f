/** What a new API key may do and until when, as people write it. */
import { type Scope, scopes } from "../lib/domain/scopes.ts";
import { usage } from "./command-error.ts";
import { readMoment } from "./moments.ts";

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

/** `transactions:read,transactions:write`, or `all`. @throws CommandError */
export function scopesOf(text: string): readonly Scope[] {
  if (text.trim() === "all") return scopes;
  const named = text.split(/[\s,]+/).filter((name) => name !== "");
  const known = scopes.filter((scope) => named.includes(scope));
  const unknown = named.find((name) => !scopes.some((scope) => scope === name));
  if (unknown !== undefined || known.length === 0) {
    const what = unknown === undefined ? "A key needs a scope" : `"${unknown}" is no scope`;
    throw usage(`${what}: choose from ${scopes.join(", ")}, or all.`);
  }
  return known;
}

/** ISO 8601 in UTC, as the table has it. @throws CommandError for what cannot be read, is no day of the calendar, or is over */
export function expiryOf(text: string, now: Date): string {
  const ms = momentOf(text.trim(), now);
  if (ms === undefined) {
    throw usage(`--expires ${text} is no time: write 90d, 12h, 2027-01-31 or 2027-01-31T09:30:00Z.`);
  }
  if (ms <= now.getTime()) throw usage(`--expires ${text} is over already.`);
  return new Date(ms).toISOString();
}

/** Ten years, beyond which "for ever" is meant. */
const durationMsMax = 3_660 * 86_400_000;

function momentOf(text: string, now: Date): number | undefined {
  const [, count, unit = ""] = /^(\d{1,6})([hd])$/.exec(text) ?? [];
  if (count !== undefined) {
    const durationMs = Number(count) * (unitMs[unit] ?? Number.NaN);
    return durationMs <= durationMsMax ? now.getTime() + durationMs : undefined;
  }
  return readMoment(text)?.getTime();
}
