/** The clocks of a time zone: what they show at a moment, and at which moment they show a time. */

/** A time that clocks show is a Date whose UTC members are what they show. */
export interface Clocks {
  readonly shownAt: (moment: Date) => Date;
  /** When the time is shown for the first time; where the clocks leave it out, when they have gone forward. */
  readonly firstOf: (shown: Date) => Date;
}

/** Longer than any zone is away from UTC, and shorter than the time between two changes. */
const dayMs = 86_400_000;

/** @throws RangeError where there is no such time zone */
export function clocksOf(timeZone: string): Clocks {
  const offsetAt = offsetIn(timeZone);
  return {
    shownAt: (moment) => new Date(moment.getTime() + offsetAt(moment.getTime())),
    firstOf: (shown) => new Date(firstMoment(shown.getTime(), offsetAt)),
  };
}

type OffsetAt = (moment: number) => number;

function firstMoment(shown: number, offsetAt: OffsetAt): number {
  const before = offsetAt(shown - dayMs);
  const after = offsetAt(shown + dayMs);
  const first = shown - Math.max(before, after);
  const last = shown - Math.min(before, after);
  const found = [first, last].find((moment) => moment + offsetAt(moment) === shown);
  return found ?? changeBetween(first, last, offsetAt);
}

/** The first moment with another offset than `from` has. */
function changeBetween(from: number, to: number, offsetAt: OffsetAt): number {
  const before = offsetAt(from);
  let [last, first] = [from, to];
  while (first - last > 1) {
    const middle = Math.floor((last + first) / 2);
    if (offsetAt(middle) === before) last = middle;
    else first = middle;
  }
  return first;
}

function offsetIn(timeZone: string): OffsetAt {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (moment) => {
    const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const shown = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
    return shown - Math.floor(moment / 1000) * 1000;
  };
}
