/** Facts about taking a due transaction up: at the connection's rate, not while its provider is down, and until the deadline. */
import { describe, expect, test } from "vitest";
import { run } from "../../functions/follow-up.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import { claimAttempt } from "../../lib/domain/transitions.ts";
import { submit } from "../../lib/lambda/submit.ts";
import type { ConnectionState } from "../../lib/store/connection-states.ts";
import { captureLog } from "../lambda/api-event.ts";
import { dueStage, secondsUntilNext } from "./due-stage.ts";
import { bookOf, config } from "./scripted-connector.ts";
import { standing } from "./stage.ts";

captureLog();

const rateOf = (requestsPerSecond: number) => ({ config: { ...config, requestsPerSecond } });

describe("the connection's rate", () => {
  const startsOf = async (stage: Awaited<ReturnType<typeof dueStage>>) => {
    await run(stage);
    return stage.started.map(({ startInSeconds = 0 }) => startInSeconds);
  };

  test("spreads ten lookups at two a second over five seconds", async () => {
    const stage = await dueStage(rateOf(2));
    for (let n = 0; n < 10; n++) await stage.begin(standing.open);
    expect(await startsOf(stage)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
    expect(stage.started[0]).not.toHaveProperty("startInSeconds");
  });

  test("counts three requests for a flow that begins at the beginning", async () => {
    const stage = await dueStage(rateOf(1));
    for (let n = 0; n < 4; n++) await stage.begin();
    expect(await startsOf(stage)).toEqual([0, 3, 6, 9]);
  });

  test("leaves each flow alone from the time that it starts", async () => {
    const stage = await dueStage(rateOf(0.1));
    const inputs = [await stage.begin(standing.open), await stage.begin(standing.open)];
    await run(stage);
    const seconds = await Promise.all(inputs.map((input) => secondsUntilNext(stage, input)));
    expect(seconds).toEqual([10, 20]);
  });

  test("puts off what would start later than the next run, without counting it as followed up", async () => {
    const stage = await dueStage(rateOf(0.1));
    const inputs = await Promise.all(Array.from({ length: 10 }, () => stage.begin(standing.open)));
    expect(await startsOf(stage)).toEqual([0, 10, 20, 30, 40, 50]);
    const put = inputs.slice(6);
    expect(await Promise.all(put.map((input) => secondsUntilNext(stage, input)))).toEqual([60, 70, 80, 90]);
    expect((await stage.stored(put[0] as never)).log.at(-1)).toMatchObject({
      by: "follow-up",
      detail: "waits: the connection's rate is used up",
    });
    // Its first follow-up is still to come: ten seconds, not thirty.
    stage.clock.advance(60_000);
    const later = { ...stage, transactions: { ...stage.transactions, due: async () => [put[0]?.transactionId ?? ""] } };
    await run(later);
    expect(await secondsUntilNext(stage, put[0] as never)).toBe(10);
  });

  test("without one, all start at once", async () => {
    const stage = await dueStage();
    for (let n = 0; n < 5; n++) await stage.begin();
    expect(await startsOf(stage)).toEqual([0, 0, 0, 0, 0]);
  });
});

describe("a provider that is down", () => {
  const run5: ConnectionState = { failures: 5, failingSince: "2026-11-20T09:31:00.000Z", openings: 1 };
  const downUntil = (openUntil: string) => {
    let reads = 0;
    const get = async () => {
      reads += 1;
      return { ...run5, openUntil };
    };
    return { states: { get }, reads: () => reads };
  };

  test("is not called: what is due waits until it may be tried, not all for the same second", async () => {
    const stage = await dueStage();
    const inputs = await Promise.all(Array.from({ length: 20 }, (_, n) => stage.begin(n % 2 ? standing.open : {})));
    const { states, reads } = downUntil("2026-11-20T09:33:00.000Z");
    expect(await run({ ...stage, states })).toEqual({ started: 0 });
    // The clock stands at 09:32:00.
    const seconds = await Promise.all(inputs.map((input) => secondsUntilNext(stage, input)));
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(60);
    expect(Math.max(...seconds)).toBeLessThan(92);
    expect(new Set(seconds).size).toBeGreaterThan(5);
    expect(reads()).toBe(1);
    expect((await stage.stored(inputs[0] as never)).log.at(-1)?.detail).toBe("the provider is down: not called");
  });

  test("costs no interval: the first follow-up after it waits the first one's time", async () => {
    const stage = await dueStage();
    const input = await stage.begin(standing.open);
    await run({ ...stage, ...downUntil("2026-11-20T09:33:00.000Z") });
    stage.clock.advance(120_000);
    expect(await run(stage)).toEqual({ started: 1 });
    expect(await secondsUntilNext(stage, input)).toBe(10);
  });

  test("is called once its time is over, and where nobody can read whether it is down", async () => {
    const over = await dueStage();
    await over.begin();
    expect(await run({ ...over, ...downUntil("2026-11-20T09:32:00.000Z") })).toEqual({ started: 1 });
    const unreadable = await dueStage();
    await unreadable.begin();
    const states = {
      get: async (): Promise<never> => {
        throw new Error("no table");
      },
    };
    expect(await run({ ...unreadable, states })).toEqual({ started: 1 });
  });
});

describe("a provider that may be tried again", () => {
  const tried = async () => {
    const stage = await dueStage();
    const inputs = await Promise.all(Array.from({ length: 20 }, () => stage.begin(standing.open)));
    const state: ConnectionState = {
      failures: 5,
      failingSince: "2026-11-20T09:31:00.000Z",
      openings: 1,
      openUntil: "2026-11-20T09:32:00.000Z",
    };
    expect(await run({ ...stage, states: { get: async () => state } })).toEqual({ started: 1 });
    const [first] = stage.ids();
    return { ...stage, others: inputs.filter(({ transactionId }) => transactionId !== first) };
  };

  test("is tried by one flow; the others wait ten seconds and more", async () => {
    const stage = await tried();
    const seconds = await Promise.all(stage.others.map((input) => secondsUntilNext(stage, input)));
    expect(seconds).toHaveLength(19);
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...seconds)).toBeLessThan(42);
  });

  test("costs those that wait no interval, however often it is still down", async () => {
    const stage = await tried();
    stage.clock.advance(60_000);
    await run(stage);
    const seconds = await Promise.all(stage.others.map((input) => secondsUntilNext(stage, input)));
    expect(new Set(seconds)).toEqual(new Set([10]));
  });
});

describe("a connection that is not configured any more", () => {
  test("puts what is due off, until it is there again", async () => {
    const stage = await dueStage();
    const input = await stage.begin(standing.open);
    expect(await run({ ...stage, connections: bookOf([]) })).toEqual({ started: 0 });
    expect(await secondsUntilNext(stage, input)).toBe(10);
    expect((await stage.stored(input)).log.at(-1)?.detail).toBe("the connection is not configured");
    stage.clock.advance(10_000);
    expect(await run(stage)).toEqual({ started: 1 });
  });

  test("is not judged by another one's deadline: only after a year, the longest there is, an operator is asked", async () => {
    const stage = await dueStage();
    const without = { ...stage, connections: bookOf([]) };
    const input = await stage.begin();
    stage.clock.advance(100 * 3_600_000);
    await run(without);
    expect((await stage.stored(input)).status).toBe("pending");
    stage.clock.advance(8_660 * 3_600_000);
    await run(without);
    expect((await stage.stored(input)).status).toBe("needs_review");
  });
});

describe("at the deadline", () => {
  const oneHour = { config: { ...config, deadlineHours: 1 } };
  /** The clock stands at 09:32; the deadline of what was created at 09:30 is 10:30. */
  const untilDeadlineMs = 58 * 60_000;
  const often: Transaction["log"] = [
    { at: "2026-11-20T09:30:00.000Z", status: "pending", by: "api" },
    {
      at: "2026-11-20T09:31:00.000Z",
      status: "processing",
      by: "follow-up",
      detail: "due: flow started again",
      count: 9,
    },
  ];

  test("what is in doubt is looked up a last time, however long its interval is", async () => {
    const stage = await dueStage(oneHour);
    const input = await stage.begin({ ...standing.open, log: often });
    await run(stage);
    expect((await stage.stored(input)).nextActionAt).toBe("2026-11-20T10:30:00.000Z");
    stage.clock.advance(untilDeadlineMs);
    expect(await run(stage)).toEqual({ started: 1 });
    expect(stage.started).toHaveLength(2);
    expect((await stage.stored(input)).nextActionAt).toBe("2026-11-20T10:35:00.000Z");
  });

  test("what is in doubt goes to an operator five minutes later, where no lookup got through, and not before", async () => {
    const stage = await dueStage(oneHour);
    const input = await stage.begin({ ...standing.open, log: often });
    stage.clock.advance(untilDeadlineMs + 299_999);
    await run(stage);
    expect((await stage.stored(input)).status).toBe("processing");
    stage.clock.advance(1);
    expect(await run(stage)).toEqual({ started: 0 });
    const { status, log } = await stage.stored(input);
    expect(status).toBe("needs_review");
    expect(log.at(-1)?.detail).toBe("no last word within 1 h, and the provider cannot be asked");
  });

  test.each(["pending", "not sent"] as const)(
    "what is %s goes to an operator, is never failed, and is never sent later",
    async (state) => {
      const stage = await dueStage(oneHour);
      const input = await stage.begin(standing[state]);
      stage.clock.advance(untilDeadlineMs - 1);
      await run(stage);
      expect((await stage.stored(input)).status).not.toBe("needs_review");
      stage.clock.advance(3_700_000);
      expect(await run(stage)).toEqual({ started: 0 });
      const stopped = await stage.stored(input);
      expect(stopped.status).toBe("needs_review");
      expect(stopped.log.at(-1)?.detail).toBe("could not be sent within 1 h; surely nothing was");
      expect(stopped).not.toHaveProperty("failure");

      expect(await submit(input, stage)).toMatchObject({ over: true });
      expect(stage.count("submit")).toBe(0);
      expect(await stage.stored(input)).toEqual(stopped);
    },
  );

  test.each(["pending", "not sent"] as const)(
    "what was %s and is being sent after all is left to whoever sends it",
    async (state) => {
      const stage = await dueStage(oneHour);
      const input = await stage.begin(standing[state]);
      stage.clock.advance(untilDeadlineMs);
      const { advance } = stage.transactions;
      const transactions = {
        ...stage.transactions,
        // A flow that was started before claims just before the operator is asked.
        advance: async (id: string, transition: Parameters<typeof advance>[1]) => {
          if (transition.set.status === "needs_review") {
            await advance(id, claimAttempt({ by: "flow", at: stage.now() }));
          }
          return advance(id, transition);
        },
      };
      await run({ ...stage, transactions });
      expect(await stage.stored(input)).toMatchObject({ status: "processing", attempt: "open" });
    },
  );

  test("what could not be handed over because the process died is handed over by the next run", async () => {
    const stage = await dueStage(oneHour);
    const input = await stage.begin();
    stage.clock.advance(untilDeadlineMs);
    const { advance } = stage.transactions;
    const transactions = {
      ...stage.transactions,
      advance: async (id: string, transition: Parameters<typeof advance>[1]) => {
        if (transition.set.status === "needs_review") throw new Error("killed");
        return advance(id, transition);
      },
    };
    await run({ ...stage, transactions });
    expect(await stage.stored(input)).toMatchObject({ status: "processing", attempt: "not-sent", attempts: 0 });
    await run(stage);
    expect((await stage.stored(input)).status).toBe("needs_review");
  });
});
