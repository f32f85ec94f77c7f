/** Facts about the calls that say when accruals are paid. */
import { describe, expect, test } from "vitest";
import { run as deleteSchedule } from "../../functions/delete-cashback-schedule.ts";
import { run as getSchedule } from "../../functions/get-cashback-schedule.ts";
import { handler, PutCashbackSchedule, run as putSchedule } from "../../functions/put-cashback-schedule.ts";
import type { VisibleError } from "../../lib/domain/errors.ts";
import { beginDue } from "../../lib/lambda/begin-run.ts";
import { check } from "../../lib/lambda/input.ts";
import { apiEvent, caller, captureLog, context } from "../lambda/api-event.ts";
import { sampleSchedule } from "../store/accrual-samples.ts";
import { cashbackStage } from "./cashback-stage.ts";

captureLog();

const hourMs = 3_600_000;

function scheduleStage() {
  const stage = cashbackStage();
  const { dependencies, call } = stage;
  const connection = "wallets";
  const put = async (body: object, name = connection) =>
    putSchedule(check(PutCashbackSchedule, { connection: name, ...body }), dependencies, call());
  const get = async (name = connection) => (await getSchedule({ connection: name }, dependencies, call())).body;
  const remove = (name = connection) => deleteSchedule({ connection: name }, dependencies, call());
  return { ...stage, put, get, remove };
}

const mondays = { cron: "0 6 * * 1", timeZone: "Europe/Istanbul" };

describe("a schedule", () => {
  test("is made, shown with its next times, replaced as a whole, and deleted", async () => {
    const { put, get, remove, clock } = scheduleStage();
    const full = { ...mondays, minimumPayout: { TRY: 500 }, description: "Cashback" };
    const { status, body } = await put(full);
    expect(status).toBe(201);
    expect(body).toEqual({
      ...full,
      connection: "wallets",
      paused: false,
      nextRunAt: "2026-11-23T03:00:00.000Z",
      nextRuns: ["2026-11-23T03:00:00.000Z", "2026-11-30T03:00:00.000Z", "2026-12-07T03:00:00.000Z"],
      createdAt: clock.now().toISOString(),
      updatedAt: clock.now().toISOString(),
    });
    expect(await get()).toEqual(body);
    clock.advance(1_000);
    expect(await put({ cron: "cron(30 7 ? * 2-6 *)" })).toMatchObject({ status: 200 });
    expect(await get()).toEqual({
      connection: "wallets",
      cron: "cron(30 7 ? * 2-6 *)",
      timeZone: "UTC",
      paused: false,
      nextRunAt: "2026-11-20T07:30:00.000Z",
      nextRuns: ["2026-11-20T07:30:00.000Z", "2026-11-23T07:30:00.000Z", "2026-11-24T07:30:00.000Z"],
      createdAt: "2026-11-20T05:00:00.000Z",
      updatedAt: "2026-11-20T05:00:01.000Z",
    });
    expect(await remove()).toEqual({ status: 200, body: { connection: "wallets", deleted: true } });
    for (const answer of [remove(), get()]) await expect(answer).rejects.toMatchObject({ code: "not_found" });
  });

  test("takes EventBridge's six fields with and without their name, and crontab's five", async () => {
    const { put, get } = scheduleStage();
    for (const cron of ["cron(0 6 ? * MON *)", "0 6 ? * MON *", "0 6 * * 1", "0 6 * * MON"]) {
      await put({ cron });
      expect(await get()).toMatchObject({ nextRunAt: "2026-11-23T06:00:00.000Z" });
    }
  });

  test("shows what its last run came to", async () => {
    const { put, get, accrue, clock, runDue } = scheduleStage();
    await put({ cron: "0 6 * * *", minimumPayout: { TRY: 50 } });
    for (const wallet of ["W-1", "W-1", "W-2"]) await accrue({ wallet, value: 40 });
    clock.advance(hourMs);
    const at = clock.now().toISOString();
    await runDue();
    expect(await get()).toMatchObject({
      nextRunAt: "2026-11-21T06:00:00.000Z",
      lastRun: {
        id: expect.stringMatching(/^run_/),
        dueAt: "2026-11-20T06:00:00.000Z",
        status: "done",
        transactions: 1,
        accruals: 2,
        amounts: { TRY: 80 },
        rolledOver: 1,
        startedAt: at,
        endedAt: at,
      },
    });
    await put(mondays);
    expect(await get()).toMatchObject({ lastRun: { transactions: 1 } });
  });

  test("that is paused has no next time, and does not make up for what it missed", async () => {
    const { put, get, accrue, clock, runDue, carryOut } = scheduleStage();
    await put({ cron: "0 6 * * *", paused: true });
    expect(await get()).toMatchObject({ paused: true });
    expect(await get()).not.toHaveProperty("nextRunAt");
    await accrue();
    clock.advance(30 * hourMs);
    await runDue();
    await put({ cron: "0 6 * * *" });
    expect(await get()).toMatchObject({ paused: false, nextRunAt: "2026-11-22T06:00:00.000Z" });
    await runDue();
    expect(await carryOut()).toEqual([]);
    clock.advance(24 * hourMs);
    await runDue();
    expect(await carryOut()).toHaveLength(1);
  });

  test("whose time has come runs then, whatever is put before the run has begun", async () => {
    const { put, accrue, clock, runDue, carryOut, lastRun } = scheduleStage();
    await put({ cron: "0 6 * * *" });
    await accrue();
    clock.advance(hourMs);
    await put({ cron: "0 6 * * *" });
    await put(mondays);
    await runDue();
    expect(await carryOut()).toHaveLength(1);
    expect(await lastRun()).toMatchObject({ dueAt: "2026-11-20T06:00:00.000Z" });
  });

  test("belongs to its tenant", async () => {
    const { put, dependencies, call } = scheduleStage();
    await put(mondays);
    const other = { ...call(), tenant: "another" };
    await expect(getSchedule({ connection: "wallets" }, dependencies, other)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("put while its run begins keeps both", async () => {
    const { put, get, dependencies, clock, runDue, call } = scheduleStage();
    await put({ cron: "0 6 * * *" });
    clock.advance(hourMs);
    const { schedules } = dependencies;
    // Between its reading and its writing the run has begun.
    const racing = {
      ...dependencies,
      schedules: {
        ...schedules,
        get: async (place: Parameters<typeof schedules.get>[0]) => {
          const read = await schedules.get(place);
          if (read?.lastRun === undefined) await runDue();
          return read;
        },
      },
    };
    const input = check(PutCashbackSchedule, { connection: "wallets", cron: "0 7 * * *" });
    await putSchedule(input, racing, call());
    expect(await get()).toMatchObject({
      cron: "0 7 * * *",
      nextRunAt: "2026-11-20T07:00:00.000Z",
      lastRun: { status: "done" },
    });
  });
});

describe("a schedule that is deleted and made anew while its run begins", () => {
  test("is the new one", async () => {
    const stage = cashbackStage();
    await stage.schedule();
    stage.clock.advance(hourMs);
    const { schedules, runs } = stage.dependencies;
    const anew = sampleSchedule(stage.tenant, {
      cron: "0 0 1 1 *",
      nextRunAt: "2027-01-01T00:00:00.000Z",
      createdAt: stage.clock.now().toISOString(),
    });
    // Between its reading and its writing.
    const racing = {
      create: async (run: Parameters<typeof runs.create>[0]) => {
        await runs.create(run);
        await schedules.remove(stage.place);
        await schedules.create(anew);
      },
    };
    await beginDue(stage.place, { schedules, runs: racing, now: stage.clock.now });
    expect(await schedules.get(stage.place)).toStrictEqual(anew);
  });
});

describe("what is wrong with a schedule", () => {
  const errorsOf = async (body: object) => {
    const { put } = scheduleStage();
    const error = await put(body).then(
      () => undefined,
      (thrown: VisibleError) => thrown,
    );
    return Object.fromEntries(error?.errors.map(({ path, message }) => [path, message]) ?? []);
  };

  test("is told field by field, all at once", async () => {
    const body = {
      cron: "61 * * * *",
      timeZone: "Mars/Olympus",
      minimumPayout: { XXZ: 5, TRY: 0 },
      paused: "no",
      at: 6,
    };
    expect(await errorsOf(body)).toEqual({
      cron: "is no cron expression: Invalid value for minute: 61",
      timeZone: "must be an IANA time zone, such as Europe/Istanbul",
      "minimumPayout.XXZ": "must be an active ISO 4217 code in capitals, such as TRY",
      "minimumPayout.TRY": expect.stringContaining("must be a whole number of minor units"),
      paused: "must be true or false",
      at: "is not a known field",
    });
  });

  test.each([
    [{}, "is required: when to pay, such as 0 6 * * 1 or cron(0 6 ? * MON *)"],
    [{ cron: "" }, "is required: when to pay, such as 0 6 * * 1 or cron(0 6 ? * MON *)"],
    [{ cron: "0 6 30 2 *" }, "must name a time that comes"],
    [{ cron: "cron(0 6 1 1 ? 2020)" }, "must name a time that comes"],
    [{ cron: "cron(0 6 * * MON *)" }, /exactly one of day-of-month and day-of-week must be \?/],
    [{ cron: "cron(0 6 * * 1)" }, /six fields of EventBridge or the five of crontab, and this has 5/],
    [{ cron: "@daily" }, /and this has 1/],
    [{ cron: "rate(1 day)" }, /and this has 2/],
    [{ cron: "* ".repeat(200) }, "must have at most 200 characters"],
  ])("such as %j", async (body, message) => {
    const { cron } = await errorsOf(body);
    expect(cron).toEqual(message instanceof RegExp ? expect.stringMatching(message) : message);
  });

  test.each(["+03:00", "", "Europe", "local"])("such as the time zone %j", async (timeZone) => {
    expect(await errorsOf({ cron: "0 6 * * *", timeZone })).toHaveProperty("timeZone");
  });

  test("such as a connection that there is not, or that takes no cashbacks", async () => {
    const { put } = scheduleStage();
    await expect(put(mondays, "nope")).rejects.toMatchObject({ code: "unknown_connection" });
    await expect(put(mondays, "no-cashbacks")).rejects.toMatchObject({ code: "unsupported_operation" });
  });

  test("such as a key that may not", async () => {
    const { statusCode } = await handler(apiEvent({ body: "{}", path: { connection: "wallets" }, caller }), context);
    expect(statusCode).toBe(403);
  });
});
