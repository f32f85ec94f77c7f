/** Drawn expressions where clocks change: each time of each day fires once, as minute after minute of the zone's clocks says. */
import { describe, expect, test } from "vitest";
import { readCron } from "../../lib/lambda/schedule-expression.ts";
import { fc } from "../property.ts";

const minuteMs = 60_000;
const windowMinutes = 3 * 24 * 60;

/** The middle of three days, and by how many minutes the clocks go forward in them. */
const places = [
  { timeZone: "America/New_York", day: "2027-03-14", forward: 60 },
  { timeZone: "America/New_York", day: "2027-11-07", forward: -60 },
  { timeZone: "Europe/Berlin", day: "2027-03-28", forward: 60 },
  { timeZone: "Europe/Berlin", day: "2027-10-31", forward: -60 },
  { timeZone: "Australia/Lord_Howe", day: "2027-10-03", forward: 30 },
  { timeZone: "Australia/Lord_Howe", day: "2027-04-04", forward: -30 },
  // At midnight.
  { timeZone: "America/Santiago", day: "2027-09-05", forward: 60 },
  { timeZone: "America/Santiago", day: "2027-04-04", forward: -60 },
  { timeZone: "Asia/Kathmandu", day: "2027-03-14", forward: 0 },
  { timeZone: "UTC", day: "2027-03-14", forward: 0 },
];

interface Minute {
  readonly at: Date;
  /** What the clocks show, as 2027-03-14T02:30. */
  readonly shown: string;
}

/** Every minute of the three days. */
function minutesOf(timeZone: string, day: string): Minute[] {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  const start = Date.parse(`${day}T00:00Z`) - 24 * 60 * minuteMs;
  return Array.from({ length: windowMinutes }, (_, index) => {
    const at = new Date(start + index * minuteMs);
    return { at, shown: format.format(at).replace(" ", "T") };
  });
}

const all = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A field's text, and what it names. */
function field(count: number) {
  const sorted = (values: number[]) => values.toSorted((one, other) => one - other);
  return fc.oneof(
    fc
      .uniqueArray(fc.nat(count - 1), { minLength: 1, maxLength: 4 })
      .map((values) => ({ text: sorted(values).join(","), values: sorted(values) })),
    fc
      .integer({ min: 2, max: count - 1 })
      .map((step) => ({ text: `*/${step}`, values: all(count).filter((value) => value % step === 0) })),
    fc.tuple(fc.nat(count - 1), fc.nat(count - 1)).map((ends) => {
      const [from, to] = [Math.min(...ends), Math.max(...ends)];
      return { text: `${from}-${to}`, values: all(count).filter((value) => value >= from && value <= to) };
    }),
  );
}

/** Mostly the hours in which clocks change. */
const hours = fc.oneof(
  fc.subarray([0, 1, 2, 3, 23], { minLength: 1 }).map((values) => ({ text: values.join(","), values })),
  field(24),
);
const weekdays = fc.oneof(
  fc.constant({ text: "*", values: all(7) }),
  fc.subarray(all(7), { minLength: 1 }).map((values) => ({ text: values.join(","), values })),
);

const two = (value: number) => String(value).padStart(2, "0");
const weekdayOf = (day: string) => new Date(`${day}T00:00Z`).getUTCDay();

function firings(cron: string, timeZone: string, { from, to }: { from: Date; to: Date }): string[] {
  const read = readCron(cron, timeZone);
  if ("problem" in read) throw new Error(read.problem);
  const times: string[] = [];
  let at = read.next(new Date(from.getTime() - 1));
  while (at && at <= to) {
    times.push(at.toISOString());
    const next = read.next(at);
    if (next && next <= at) throw new Error(`${next.toISOString()} does not come after ${at.toISOString()}`);
    at = next;
  }
  return times;
}

describe.each(places)("in $timeZone around $day", ({ timeZone, day, forward }) => {
  const minutes = minutesOf(timeZone, day);
  const [first, last] = [minutes.at(0), minutes.at(-1)];
  if (!first || !last) throw new Error("no minutes");
  const days = [...new Set(minutes.map(({ shown }) => shown.slice(0, 10)))];

  test(`the clocks go forward by ${forward} minutes`, () => {
    const shownMs = Date.parse(`${last.shown}Z`) - Date.parse(`${first.shown}Z`);
    expect(shownMs / minuteMs - (windowMinutes - 1)).toBe(forward);
  });

  /** Where a time is left out, the first later one. Undefined: before or after the three days. */
  function comes(shown: string): string | undefined {
    if (!first || shown < first.shown) return undefined;
    return (
      minutes.find((each) => each.shown === shown) ?? minutes.find((each) => each.shown > shown)
    )?.at.toISOString();
  }

  test("each time of each day fires once, or when the clocks have gone forward", () => {
    fc.assert(
      fc.property(field(60), hours, weekdays, (minute, hour, weekday) => {
        fc.pre(hour.values.length < 24);
        const expected = days
          .filter((each) => weekday.values.includes(weekdayOf(each)))
          .flatMap((each) => hour.values.map((value) => `${each}T${two(value)}`))
          .flatMap((each) => minute.values.map((value) => comes(`${each}:${two(value)}`)))
          .filter((each) => each !== undefined);
        const cron = `${minute.text} ${hour.text} * * ${weekday.text}`;
        expect(firings(cron, timeZone, { from: first.at, to: last.at })).toEqual([...new Set(expected)]);
      }),
      { numRuns: 20 },
    );
  });

  test("what names every hour fires whenever the clocks show its minutes", () => {
    fc.assert(
      fc.property(field(60), fc.constantFrom("*", "*/1", "0-23"), weekdays, (minute, hour, weekday) => {
        const expected = minutes
          .filter(({ shown }) => weekday.values.includes(weekdayOf(shown.slice(0, 10))))
          .filter(({ shown }) => minute.values.includes(Number(shown.slice(14))))
          .map(({ at }) => at.toISOString());
        const cron = `${minute.text} ${hour} * * ${weekday.text}`;
        expect(firings(cron, timeZone, { from: first.at, to: last.at })).toEqual(expected);
      }),
      { numRuns: 4 },
    );
  });
});
