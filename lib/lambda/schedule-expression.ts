/** When a schedule fires next: EventBridge's expressions (rate, cron and at), and cron as people write it, in any time zone. */
import { Cron, CronPattern } from "croner";
import { type Clocks, clocksOf } from "./time-zone.ts";

export interface ParsedSchedule {
  /** The first firing strictly after `after`; undefined when there is none any more. */
  next(after: Date): Date | undefined;
  /** For a rate: its interval. */
  readonly everyMs?: number;
}

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** AWS's ranges of the six fields, for steps without an end: `0/15` means from 0 to the field's last value. */
const awsFields = [
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
  if (kind === "at") return at(expression, inner);
  const times = awsCron(inner.split(" "), "UTC");
  if ("problem" in times) throw refused(expression, times.problem);
  return times;
}

/** Why a text is no cron expression, for whoever wrote it. */
export interface CronProblem {
  readonly problem: string;
}

/**
 * Reads `cron(0 6 ? * MON *)`, the same six fields alone, or the five fields of crontab, on the clocks of a time zone.
 *
 * What names all 24 hours fires whenever the clocks show one of its minutes, so in every hour that passes. Anything else names
 * times of the day, and each comes once: one that the clocks leave out when they have gone forward (several such together),
 * one that they show twice the first time.
 */
export function readCron(text: string, timeZone: string): ParsedSchedule | CronProblem {
  const inner = /^cron\((.*)\)$/.exec(text.trim())?.[1] ?? text;
  const values = inner.trim().split(/\s+/);
  if (values.length === awsFields.length) return awsCron(values, timeZone);
  if (values.length === 5 && inner === text) return croner(values.join(" "), timeZone, { mode: "5-part" });
  return { problem: `cron has the six fields of EventBridge or the five of crontab, and this has ${values.length}` };
}

/** Whether a name is one of the IANA time zone database, as this machine has it. */
export function isTimeZone(name: string): boolean {
  // Offsets are taken, too, but are no zones: their clocks never change.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
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

function awsCron(values: readonly string[], timezone: string): ParsedSchedule | CronProblem {
  if (values.length !== awsFields.length) return { problem: `cron has six fields, and this has ${values.length}` };
  if ((values[2] === "?") === (values[4] === "?")) {
    return { problem: "exactly one of day-of-month and day-of-week must be ?" };
  }
  // Croner would take 8 for a Sunday.
  if (/(?<![#/\d])(?:0|[89]|\d\d)/.test(values[4] ?? "")) {
    return { problem: "day-of-week goes from 1, Sunday, to 7" };
  }
  const pattern = values.map((value, index) => cronerField(value, index)).join(" ");
  // Croner counts weekdays as AWS does (1 is Sunday) with alternativeWeekdays.
  return croner(`0 ${pattern}`, timezone, { alternativeWeekdays: true, mode: "7-part" });
}

interface Dialect {
  readonly mode: "5-part" | "7-part";
  readonly alternativeWeekdays?: true;
}

function croner(pattern: string, timezone: string, dialect: Dialect): ParsedSchedule | CronProblem {
  try {
    const { hour } = new CronPattern(pattern, timezone, dialect);
    return hour.every((isNamed) => isNamed !== 0)
      ? { next: nextOf(new Cron(pattern, { ...dialect, timezone, paused: true })) }
      : { next: timesOfDay(nextOf(new Cron(pattern, { ...dialect, utcOffset: 0, paused: true })), clocksOf(timezone)) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error) };
  }
}

function nextOf(job: Cron): ParsedSchedule["next"] {
  return (after) => job.nextRun(after) ?? undefined;
}

/**
 * Croner keeps to one firing a time only where hour and minute are single values; a list or a step it leaves out in spring and
 * repeats in autumn. So it is asked for times as the clocks show them, and when that is, the zone says. A later time never comes
 * earlier, so the first one that comes after `after` is the next; those passed over are what is shown for the second time.
 */
function timesOfDay(nextShown: ParsedSchedule["next"], clocks: Clocks): ParsedSchedule["next"] {
  return (after) => {
    let shown = nextShown(clocks.shownAt(after));
    while (shown && clocks.firstOf(shown) <= after) shown = nextShown(shown);
    return shown && clocks.firstOf(shown);
  };
}

function cronerField(value: string, index: number): string {
  const field = awsFields[index];
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
