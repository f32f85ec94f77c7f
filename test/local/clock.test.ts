/** Schedule expressions against times worked out by hand, and the clock that fires them, on fake time. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parseSchedule } from "../../lib/lambda/schedule-expression.ts";
import { type ClockOptions, startClock } from "../../local/clock.ts";

const friday = "2026-11-20T00:00:00Z";

describe("an expression", () => {
  test.each([
    ["rate(1 minute)", friday, "2026-11-20T00:01:00Z"],
    ["rate(5 minutes)", friday, "2026-11-20T00:05:00Z"],
    ["rate(1 hour)", friday, "2026-11-20T01:00:00Z"],
    ["rate(7 days)", friday, "2026-11-27T00:00:00Z"],
    ["cron(0 3 * * ? *)", friday, "2026-11-20T03:00:00Z"],
    ["cron(0 0 * * ? *)", friday, "2026-11-21T00:00:00Z"],
    ["cron(0/15 * * * ? *)", friday, "2026-11-20T00:15:00Z"],
    ["cron(5/20,59 * * * ? *)", "2026-11-20T00:46:00Z", "2026-11-20T00:59:00Z"],
    ["cron(0 8 ? * MON-FRI *)", "2026-11-20T08:00:00Z", "2026-11-23T08:00:00Z"],
    ["cron(0 8 ? * 2-6 *)", "2026-11-20T08:00:00Z", "2026-11-23T08:00:00Z"],
    ["cron(0 8 ? * 1 *)", friday, "2026-11-22T08:00:00Z"],
    ["cron(0 8 ? * L *)", friday, "2026-11-21T08:00:00Z"],
    ["cron(0 10 ? * 6L *)", friday, "2026-11-27T10:00:00Z"],
    ["cron(0 10 ? * 2#1 *)", friday, "2026-12-07T10:00:00Z"],
    ["cron(0 10 L * ? *)", friday, "2026-11-30T10:00:00Z"],
    ["cron(0 10 15W 8 ? *)", friday, "2027-08-16T10:00:00Z"],
    ["cron(0 0 29 2 ? *)", friday, "2028-02-29T00:00:00Z"],
    ["cron(0 0 1 JAN,JUL ? *)", friday, "2027-01-01T00:00:00Z"],
    ["cron(0 0 1 1 ? 2030/5)", friday, "2030-01-01T00:00:00Z"],
    ["cron(0 0 1 1 ? 2020)", friday, undefined],
    ["at(2026-11-20T00:00:01)", friday, "2026-11-20T00:00:01Z"],
    ["at(2026-11-20T00:00:00)", friday, undefined],
  ])("%s after %s fires at %s", (expression, after, expected) => {
    expect(parseSchedule(expression).next(new Date(after))).toEqual(expected && new Date(expected));
  });

  test.each([
    "rate(1 minutes)",
    "rate(5 minute)",
    "rate(0 minutes)",
    "rate(1.5 hours)",
    "rate(1 week)",
    "rate(1  minute)",
    "every minute",
    "cron(0 3 * * ?)",
    "cron(0 3 * * * *)",
    "cron(0 3 ? * ? *)",
    "cron(60 3 * * ? *)",
    "cron(0 24 * * ? *)",
    "cron(0 3 32 * ? *)",
    "cron(0 3 * 13 ? *)",
    "cron(0 3 ? * 8 *)",
    "cron(0 3 ? * 0 *)",
    "at(2026-11-20)",
    "at(2026-13-20T00:00:00)",
    "",
  ])("%s is refused in one line", (expression) => {
    expect(() => parseSchedule(expression)).toThrow(/^The schedule expression ".*" is malformed: .+\.$/);
  });
});

describe("the clock", () => {
  beforeEach(() => void vi.useFakeTimers({ now: new Date(friday) }));
  afterEach(() => void vi.useRealTimers());

  const everyMinute = { name: "follow-up", expression: "rate(1 minute)", function: "follow-up" };

  function start(options: Partial<ClockOptions> = {}) {
    const invoke = vi.fn(async (_name: string, _event: unknown): Promise<unknown> => null);
    return { clock: startClock({ schedules: [everyMinute], invoke, ...options }), invoke };
  }

  test("fires a schedule again and again, with the event of EventBridge Scheduler", async () => {
    const { clock, invoke } = start();
    await vi.advanceTimersByTimeAsync(59_999);
    expect(invoke).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(120_001);
    expect(invoke).toHaveBeenCalledTimes(3);
    expect(invoke).toHaveBeenCalledWith("follow-up", {
      version: "0",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      "detail-type": "Scheduled Event",
      source: "aws.scheduler",
      account: "000000000000",
      time: "2026-11-20T00:01:00Z",
      region: "us-east-1",
      resources: ["arn:aws:scheduler:us-east-1:000000000000:schedule/default/follow-up"],
      detail: "{}",
    });
    await clock.stop();
  });

  test("hurries rates, but neither cron nor at", async () => {
    const nightly = { name: "nightly", expression: "cron(0 3 * * ? *)", function: "nightly" };
    const { clock, invoke } = start({ schedules: [everyMinute, nightly], everyMs: 5_000 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(invoke).toHaveBeenCalledTimes(12);
    await vi.advanceTimersByTimeAsync(3 * 3_600_000);
    expect(invoke.mock.calls.filter(([name]) => name === "nightly")).toHaveLength(1);
    await clock.stop();
  });

  test("waits for a firing beyond what a timer can hold", async () => {
    const far = { name: "far", expression: "at(2027-02-01T00:00:00)", function: "far" };
    const { clock, invoke } = start({ schedules: [far] });
    await vi.advanceTimersByTimeAsync(72 * 86_400_000);
    expect(invoke).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(invoke).toHaveBeenCalledOnce();
    await clock.stop();
  });

  test("skips a firing while the one before still runs", async () => {
    const gate = Promise.withResolvers<null>();
    const invoke = vi.fn(() => gate.promise);
    const { clock } = start({ invoke });
    await vi.advanceTimersByTimeAsync(180_000);
    expect(invoke).toHaveBeenCalledTimes(1);
    expect(await clock.fire("follow-up")).toBe(false);
    gate.resolve(null);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(invoke).toHaveBeenCalledTimes(2);
    await clock.stop();
  });

  test("goes on after a firing that failed", async () => {
    const onError = vi.fn();
    const invoke = vi.fn(async () => {
      throw new Error("down");
    });
    const { clock } = start({ invoke, onError });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(invoke).toHaveBeenCalledTimes(2);
    expect(onError).toHaveBeenCalledWith("follow-up", expect.objectContaining({ message: "down" }));
    await clock.stop();
  });

  test("fires on demand, and only so when it does not tick", async () => {
    const { clock, invoke } = start({ ticking: false });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(invoke).not.toHaveBeenCalled();
    expect(await clock.fire("follow-up")).toBe(true);
    expect(invoke).toHaveBeenCalledOnce();
    await expect(clock.fire("nobody")).rejects.toThrow('There is no schedule "nobody": follow-up.');
    await clock.stop();
  });

  test("fires nothing once stopped", async () => {
    const { clock, invoke } = start();
    await clock.stop();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(await clock.fire("follow-up")).toBe(false);
    expect(invoke).not.toHaveBeenCalled();
  });

  test("refuses a malformed schedule and two of one name", () => {
    expect(() => start({ schedules: [{ ...everyMinute, expression: "rate(1 minutes)" }] })).toThrow("malformed");
    expect(() => start({ schedules: [everyMinute, everyMinute] })).toThrow("share a name");
  });
});
