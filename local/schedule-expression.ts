/** EventBridge schedule expressions, in UTC: rate(...), cron(...) and at(...), and when each fires next. */
import { Cron } from "croner";

export interface ParsedSchedule {
  /** The first firing strictly after `after`; undefined when there is none any more. */
  next(after: Date): Date | undefined;
  /** For a rate: its interval. */
  readonly everyMs?: number;
}

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** AWS's ranges of the six fields, for steps without an end: `0/15` means from 0 to the field's last value. */
const fields = [
  { name: "minutes", last: 59 },
  { name: "hours", last: 23 },
  { name: "day-of-month", last: 31 },
  { name: "month", last: 12 },
  { name: "day-of-week", last: 7 },
  { name: "year", last: 2199 },
] as const;

/** Throws one line that says what is wrong with the expression. A rate's first firing is one interval after `after`. */
export function parseSchedule(expression: string): ParsedSchedule {
  const [, kind, inner] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  if (kind === undefined || inner === undefined) {
    throw refused(expression, "it must be rate(...), cron(...) or at(...)");
  }
  if (kind === "rate") return rate(expression, inner);
  if (kind === "cron") return cron(expression, inner);
  return at(expression, inner);
}

function rate(expression: string, inner: string): ParsedSchedule {
  const [, digits, unit, plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(inner) ?? [];
  if (digits === undefined || unit === undefined) {
    throw refused(expression, "a rate is a positive number and minute(s), hour(s) or day(s)");
  }
  // AWS refuses `1 minutes` and `5 minute` alike.
  if ((digits === "1") !== (plural === "")) {
    throw refused(expression, `${digits} goes with ${digits === "1" ? unit : `${unit}s`}`);
  }
  const everyMs = Number(digits) * unitMs[unit as keyof typeof unitMs];
  return { everyMs, next: (after) => new Date(after.getTime() + everyMs) };
}

function cron(expression: string, inner: string): ParsedSchedule {
  const values = inner.split(" ");
  if (values.length !== fields.length) {
    throw refused(expression, `cron has six fields, and this has ${values.length}`);
  }
  if ((values[2] === "?") === (values[4] === "?")) {
    throw refused(expression, "exactly one of day-of-month and day-of-week must be ?");
  }
  // Croner would take 8 for a Sunday.
  if (/(?<![#/\d])(?:0|[89]|\d\d)/.test(values[4] ?? "")) {
    throw refused(expression, "day-of-week goes from 1, Sunday, to 7");
  }
  const pattern = values.map((value, index) => cronerField(value, index)).join(" ");
  try {
    // Croner counts weekdays as AWS does (1 is Sunday) with alternativeWeekdays.
    const job = new Cron(`0 ${pattern}`, { timezone: "UTC", alternativeWeekdays: true, mode: "7-part", paused: true });
    return { next: (after) => job.nextRun(after) ?? undefined };
  } catch (error) {
    throw refused(expression, error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error));
  }
}

function cronerField(value: string, index: number): string {
  const field = fields[index];
  // AWS reads a bare L in day-of-week as Saturday; Croner knows L there only behind a day.
  if (field?.name === "day-of-week" && value === "L") return "7";
  return value.replace(/(^|,)(\d+)\/(\d+)/g, `$1$2-${field?.last}/$3`);
}

function at(expression: string, inner: string): ParsedSchedule {
  const when = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inner) ? new Date(`${inner}Z`) : undefined;
  if (when === undefined || Number.isNaN(when.getTime())) throw refused(expression, "at wants yyyy-mm-ddThh:mm:ss");
  return { next: (after) => (when > after ? when : undefined) };
}

function refused(expression: string, reason: string): Error {
  return new Error(`The schedule expression "${expression}" is malformed: ${reason}.`);
}
