/** Cron on the clocks of a time zone, against times worked out by hand; the expressions themselves stand in the clock's tests. */
import { describe, expect, test } from "vitest";
import { isTimeZone, readCron } from "../../lib/lambda/schedule-expression.ts";

function timesOf(cron: string, timeZone: string, after: string, count: number): string[] {
  const read = readCron(cron, timeZone);
  if ("problem" in read) throw new Error(read.problem);
  const times: string[] = [];
  for (let at: Date | undefined = new Date(after); at && times.length < count; ) {
    at = read.next(at);
    if (at) times.push(at.toISOString().slice(0, 16));
  }
  return times;
}

describe("a cron expression", () => {
  test.each([
    ["0 6 * * *", "Europe/Istanbul", ["2026-11-20T03:00", "2026-11-21T03:00"]],
    ["cron(0 6 * * ? *)", "Asia/Kolkata", ["2026-11-20T00:30", "2026-11-21T00:30"]],
    ["30 23 * * 5", "America/New_York", ["2026-11-21T04:30", "2026-11-28T04:30"]],
    // Crontab: either day is enough. EventBridge: Monday is 2.
    ["0 0 1 * 1", "UTC", ["2026-11-23T00:00", "2026-11-30T00:00", "2026-12-01T00:00"]],
    ["0 0 * * 0", "UTC", ["2026-11-22T00:00"]],
    ["0 0 * * 7", "UTC", ["2026-11-22T00:00"]],
    ["0 0 ? * 2 *", "UTC", ["2026-11-23T00:00"]],
    ["*/20 22 * * *", "UTC", ["2026-11-20T22:00", "2026-11-20T22:20", "2026-11-20T22:40", "2026-11-21T22:00"]],
  ])("%s in %s", (cron, timeZone, expected) => {
    expect(timesOf(cron, timeZone, "2026-11-20T00:00:00Z", expected.length)).toEqual(expected);
  });

  test("that the clocks leave out in spring fires when they have gone forward, once", () => {
    // Berlin, 29 March 2026: 02:00 becomes 03:00 at 01:00 UTC.
    for (const cron of ["30 2 * * *", "cron(30 2 * * ? *)"]) {
      expect(timesOf(cron, "Europe/Berlin", "2026-03-28T00:00:00Z", 3)).toEqual([
        "2026-03-28T01:30",
        "2026-03-29T01:00",
        "2026-03-30T00:30",
      ]);
    }
  });

  test("that comes twice in autumn fires the first time only", () => {
    // Berlin, 25 October 2026: 03:00 becomes 02:00 at 01:00 UTC.
    for (const cron of ["30 2 * * *", "cron(30 2 * * ? *)"]) {
      expect(timesOf(cron, "Europe/Berlin", "2026-10-24T00:00:00Z", 3)).toEqual([
        "2026-10-24T00:30",
        "2026-10-25T00:30",
        "2026-10-26T01:30",
      ]);
    }
  });

  test.each([
    // New York, 14 March 2027: 02:00 becomes 03:00 at 07:00 UTC.
    ["0 2,14 * * *", "2027-03-14T00:00Z", ["2027-03-14T07:00", "2027-03-14T18:00", "2027-03-15T06:00"]],
    ["15,45 2 * * *", "2027-03-14T00:00Z", ["2027-03-14T07:00", "2027-03-15T06:15", "2027-03-15T06:45"]],
    ["*/30 2 * * *", "2027-03-14T00:00Z", ["2027-03-14T07:00", "2027-03-15T06:00"]],
    ["0 */2 * * *", "2027-03-14T04:00Z", ["2027-03-14T05:00", "2027-03-14T07:00", "2027-03-14T08:00"]],
    ["0 2,3 * * *", "2027-03-14T00:00Z", ["2027-03-14T07:00", "2027-03-15T06:00"]],
    ["cron(0,30 2 ? * SUN *)", "2027-03-14T00:00Z", ["2027-03-14T07:00", "2027-03-21T06:00"]],
    // 7 November 2027: 02:00 becomes 01:00 at 06:00 UTC.
    ["0 1,13 * * *", "2027-11-07T00:00Z", ["2027-11-07T05:00", "2027-11-07T18:00", "2027-11-08T06:00"]],
    ["0,30 1 * * *", "2027-11-07T00:00Z", ["2027-11-07T05:00", "2027-11-07T05:30", "2027-11-08T06:00"]],
    ["0,30 1 * * *", "2027-11-07T06:10Z", ["2027-11-08T06:00", "2027-11-08T06:30"]],
  ])("with several times keeps each of them when the clocks change: %s after %s", (cron, after, expected) => {
    expect(timesOf(cron, "America/New_York", after, expected.length)).toEqual(expected);
  });

  test("of every hour fires in every hour that passes", () => {
    const hours = (date: string) => ["00", "01", "02", "03"].map((hour) => `${date}T${hour}:30`);
    expect(timesOf("30 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 4)).toEqual(hours("2026-03-29"));
    expect(timesOf("30 * * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", 4)).toEqual(hours("2026-10-25"));
    expect(timesOf("30 0-23 * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", 4)).toEqual(hours("2026-10-25"));
  });
});

test("a time zone is one that has a name", () => {
  for (const name of ["UTC", "Europe/Istanbul", "America/Argentina/Buenos_Aires"]) expect(isTimeZone(name)).toBe(true);
  for (const name of ["", "Mars/Olympus", "+03:00", "-05:00", "3"]) expect(isTimeZone(name)).toBe(false);
});
