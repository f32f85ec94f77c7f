/** Facts about the scheduled follow-up: what is due is driven on, by one, and nothing keeps the others waiting. */
import { describe, expect, test } from "vitest";
import { run } from "../../functions/follow-up.ts";
import { run as lookUp } from "../../functions/look-up.ts";
import { askForReview } from "../../lib/domain/transitions.ts";
import type { FlowInput } from "../../lib/flow/starter.ts";
import { captureLog } from "../lambda/api-event.ts";
import { standing, taskStage } from "./stage.ts";

const log = captureLog();

/** A stage whose transactions were due when the clock's first two minutes had passed. */
async function dueStage() {
  const stage = await taskStage({ lookUp: async () => ({ kind: "read", value: { kind: "nothing" } }) });
  const started: FlowInput[] = [];
  const flow = {
    start: async (input: FlowInput) => {
      started.push(input);
    },
  };
  stage.clock.advance(120_000);
  return { ...stage, started, flow, ids: () => started.map(({ transactionId }) => transactionId) };
}

describe("what is due", () => {
  test("has its flow started from the beginning where nothing was sent", async () => {
    const stage = await dueStage();
    const pending = await stage.begin();
    const notSent = await stage.begin(standing["not sent"]);
    expect(await run(stage)).toEqual({ started: 2 });
    expect(stage.started).toEqual(
      expect.arrayContaining([
        { transactionId: pending.transactionId, connection: "scripted", kind: "spendback" },
        { transactionId: notSent.transactionId, connection: "scripted", kind: "spendback" },
      ]),
    );
  });

  test("has its flow started at the lookup where an attempt is open", async () => {
    const stage = await dueStage();
    const { transactionId } = await stage.begin(standing.open);
    await run(stage);
    expect(stage.started).toEqual([
      {
        transactionId,
        connection: "scripted",
        kind: "spendback",
        submission: { outcome: "unknown", over: false, lookups: 0, waitSeconds: 1 },
      },
    ]);
  });

  test("is moved on before its flow starts, by growing intervals and the time that a flow needs", async () => {
    const stage = await dueStage();
    const input = await stage.begin(standing.open);
    const waits: number[] = [];
    for (let round = 0; round < 7; round++) {
      await run(stage);
      const { nextActionAt = "" } = await stage.stored(input);
      waits.push((Date.parse(nextActionAt) - stage.now().getTime()) / 1_000);
      stage.clock.advance(Date.parse(nextActionAt) - stage.now().getTime());
    }
    expect(stage.started).toHaveLength(7);
    expect(waits).toEqual([100, 120, 210, 690, 3_690, 3_690, 3_690]);
    expect((await stage.stored(input)).log.at(-1)).toMatchObject({ by: "follow-up", status: "processing", count: 7 });
  });

  test("is left alone until it is due", async () => {
    const stage = await dueStage();
    await stage.begin({ nextActionAt: new Date(stage.now().getTime() + 1).toISOString() });
    expect(await run(stage)).toEqual({ started: 0 });
    stage.clock.advance(1);
    expect(await run(stage)).toEqual({ started: 1 });
  });

  test("has one flow started by ten dispatchers at once", async () => {
    const stage = await dueStage();
    for (let n = 0; n < 5; n++) await stage.begin(n % 2 ? standing.open : {});
    const runs = await Promise.all(Array.from({ length: 10 }, () => run(stage)));
    expect(runs.reduce((sum, { started }) => sum + started, 0)).toBe(5);
    expect(new Set(stage.ids()).size).toBe(5);
    expect(stage.ids()).toHaveLength(5);
  });

  // The second round's line is counted in the first one's, so the length of the log tells them nothing.
  test("has one flow started by ten dispatchers at once also where the last flow left no trace", async () => {
    const stage = await dueStage();
    await stage.begin();
    await run(stage);
    stage.clock.advance(600_000);
    await Promise.all(Array.from({ length: 10 }, () => run(stage)));
    expect(stage.ids()).toHaveLength(2);
  });

  test("is started though others cannot be read, advanced or started", async () => {
    const stage = await dueStage();
    const inputs = [await stage.begin(), await stage.begin(), await stage.begin(), await stage.begin()];
    const [unreadable, unwritable, unstartable, good] = inputs.map(({ transactionId }) => transactionId);
    const failing =
      <Given extends unknown[], Result>(
        id: string | undefined,
        call: (first: string, ...given: Given) => Promise<Result>,
      ) =>
      async (first: string, ...given: Given): Promise<Result> => {
        if (first === id) throw new Error("malformed: secret-4711");
        return call(first, ...given);
      };
    const { get, advance } = stage.transactions;
    const result = await run({
      ...stage,
      transactions: { ...stage.transactions, get: failing(unreadable, get), advance: failing(unwritable, advance) },
      flow: { start: (input) => failing(unstartable, () => stage.flow.start(input))(input.transactionId) },
    });
    expect(result).toEqual({ started: 1 });
    expect(stage.ids()).toEqual([good]);
    expect(
      log
        .lines()
        .filter(({ level }) => level === "error")
        .map(({ transactionId }) => transactionId)
        .sort(),
    ).toEqual([unreadable, unwritable, unstartable].sort());
    expect(log.text()).not.toContain("4711");
    // What could not be taken up is taken up later.
    stage.clock.advance(600_000);
    expect(await run(stage)).toEqual({ started: 4 });
  });

  test("is taken up two hundred at a time, the longest overdue first", async () => {
    const stage = await dueStage();
    const all: string[] = [];
    for (let n = 0; n < 230; n++) {
      const nextActionAt = new Date(stage.now().getTime() - 60_000 + n).toISOString();
      all.push((await stage.begin({ nextActionAt })).transactionId);
    }
    expect(await run(stage)).toEqual({ started: 200 });
    expect(stage.ids()).toEqual(all.slice(0, 200));
    expect(await run(stage)).toEqual({ started: 30 });
    expect(stage.ids()).toEqual(all);
  });
});

describe("an index that is behind its items", () => {
  const behind = async (state: "succeeded" | "failed" | "open" | "needs review") => {
    const stage = await dueStage();
    const { nextActionAt: _later, ...rest } = { nextActionAt: "", ...standing[state] };
    const input = await stage.begin({
      ...rest,
      ...(state === "open" && { nextActionAt: "2026-11-20T23:00:00.000Z" }),
      ...(state === "needs review" && { nextActionAt: "2026-11-20T09:31:00.000Z" }),
    });
    return {
      ...stage,
      input,
      transactions: { ...stage.transactions, due: async () => [input.transactionId, "txn_gone"] },
    };
  };

  test.each(["open", "needs review"] as const)("starts nothing for a transaction that is %s by now", async (state) => {
    const stage = await behind(state);
    const before = await stage.stored(stage.input);
    expect(await run(stage)).toEqual({ started: 0 });
    expect(await stage.stored(stage.input)).toEqual(before);
  });

  test("starts nothing for what an operator was asked about a moment ago", async () => {
    const stage = await dueStage();
    const { transactionId } = await stage.begin(standing.open);
    const { get } = stage.transactions;
    const transactions = {
      ...stage.transactions,
      get: async (id: string, consistency: "consistent" | "eventual") => {
        const actor = { by: "flow", at: stage.now() };
        await stage.transactions.advance(id, askForReview(stage.tenant, "two movements", actor));
        return get(id, consistency);
      },
    };
    expect(await run({ ...stage, transactions })).toEqual({ started: 0 });
    expect((await stage.stored({ transactionId })).status).toBe("needs_review");
  });
});

describe("three days of doubt", () => {
  /** Every follow-up's flow asks six times within its minute, and each time the provider has nothing to tell. */
  const threeDays = async () => {
    const stage = await dueStage();
    const input = await stage.begin(standing.open);
    const end = stage.now().getTime() + 72 * 3_600_000;
    while (stage.now().getTime() < end) {
      await run(stage);
      for (let lookups = 0; lookups < 6; lookups++)
        await lookUp({ ...input, submission: { outcome: "unknown", lookups } }, stage);
      const { nextActionAt = "" } = await stage.stored(input);
      stage.clock.advance(Date.parse(nextActionAt) - stage.now().getTime());
    }
    return stage.stored(input);
  };

  test("are survived: the transaction is open, due and was sent once", async () => {
    expect(await threeDays()).toMatchObject({ status: "processing", attempt: "open", attempts: 1 });
  });

  test("leave a log of a few lines", async () => {
    expect((await threeDays()).log.length).toBeLessThanOrEqual(10);
  });
});
