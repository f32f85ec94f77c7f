/** Facts about the scheduled follow-up: what is due is driven on, by one, and nothing keeps the others waiting. */
import { describe, expect, test } from "vitest";
import { run } from "../../functions/follow-up.ts";
import { run as lookUp } from "../../functions/look-up.ts";
import { askForReview } from "../../lib/domain/operator-transitions.ts";
import { captureLog } from "../lambda/api-event.ts";
import { dueStage, secondsUntilNext } from "./due-stage.ts";
import { standing } from "./stage.ts";

const log = captureLog();

describe("a run", () => {
  test("notes how long the oldest due one has waited, which metrics read", async () => {
    const stage = await dueStage();
    const { nextActionAt = "" } = await stage.stored(await stage.begin());
    await run(stage);
    const line = log.lines().find(({ event }) => event === "follow-up");
    expect(line).toMatchObject({ count: 1, ageSeconds: (stage.now().getTime() - Date.parse(nextActionAt)) / 1_000 });
    expect(line?.["ageSeconds"]).toBeGreaterThan(0);
  });

  test("notes that nothing waits", async () => {
    await run(await dueStage());
    expect(log.lines()).toContainEqual(expect.objectContaining({ event: "follow-up", count: 0, ageSeconds: 0 }));
  });
});

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

  test("has its flow started at its one and last lookup where an attempt is open", async () => {
    const stage = await dueStage();
    const { transactionId } = await stage.begin(standing.open);
    await run(stage);
    expect(stage.started).toEqual([
      {
        transactionId,
        connection: "scripted",
        kind: "spendback",
        submission: { outcome: "unknown", over: false, lookups: 5, waitSeconds: 0 },
      },
    ]);
    const [input] = stage.started;
    expect(await lookUp(input as never, stage)).toEqual({ outcome: "unknown", over: true, lookups: 6, waitSeconds: 0 });
  });

  test.each([
    ["in doubt", standing.open, [10, 30, 120, 600, 3_600, 3_600, 3_600]],
    ["unsent, with the time that a flow needs", standing["not sent"], [100, 120, 210, 690, 3_690, 3_690, 3_690]],
  ] as const)("is moved on before its flow starts, by growing intervals (%s)", async (_name, state, expected) => {
    const stage = await dueStage();
    const input = await stage.begin(state);
    const waits: number[] = [];
    for (let round = 0; round < 7; round++) {
      await run(stage);
      const seconds = await secondsUntilNext(stage, input);
      waits.push(seconds);
      stage.clock.advance(seconds * 1_000);
    }
    expect(stage.started).toHaveLength(7);
    expect(waits).toEqual(expected);
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
});

describe("hundreds that cannot be taken up", () => {
  test("keep nobody else waiting, who stands behind them", async () => {
    const stage = await dueStage();
    const bad = new Set<string>();
    for (let n = 0; n < 400; n++)
      bad.add((await stage.begin({ nextActionAt: "2026-11-20T09:30:00.000Z" })).transactionId);
    const good = await stage.begin({ nextActionAt: "2026-11-20T09:31:00.000Z" });
    const transactions = {
      ...stage.transactions,
      get: async (id: string, consistency: "consistent" | "eventual") => {
        if (bad.has(id)) throw new Error("malformed");
        return stage.transactions.get(id, consistency);
      },
    };
    expect(await run({ ...stage, transactions })).toEqual({ started: 1 });
    expect(stage.ids()).toEqual([good.transactionId]);
  });
});

describe("a thousand due ones", () => {
  const thousand = async () => {
    const stage = await dueStage();
    const all: string[] = [];
    for (let n = 0; n < 1_000; n++) {
      const nextActionAt = new Date(stage.now().getTime() - 60_000 + n).toISOString();
      all.push((await stage.begin({ nextActionAt })).transactionId);
    }
    const limits: number[] = [];
    const due = (now: Date, limit: number) => {
      limits.push(limit);
      return stage.transactions.due(now, limit);
    };
    return { ...stage, all, limits, transactions: { ...stage.transactions, due } };
  };

  test("are taken up in one run, two hundred read at a time, though one of them throws each time", async () => {
    const stage = await thousand();
    const broken = stage.all[250] ?? "";
    const { get } = stage.transactions;
    const transactions = {
      ...stage.transactions,
      get: async (id: string, consistency: "consistent" | "eventual") => {
        if (id === broken) throw new Error("malformed");
        return get(id, consistency);
      },
    };
    expect(await run({ ...stage, transactions })).toEqual({ started: 999 });
    expect([...stage.ids(), broken].sort()).toEqual([...stage.all].sort());
    expect(new Set(stage.limits)).toEqual(new Set([200]));
  });

  test("are taken up longest overdue first, and left where they stand when the time is nearly over", async () => {
    const stage = await thousand();
    let leftMs = 60_000;
    const remainingMs = () => {
      leftMs -= 10_000;
      return leftMs;
    };
    // Before the page 50 s are left, before its groups of twenty 40, 30, 20, and then no more than the reserve.
    expect(await run(stage, remainingMs)).toEqual({ started: 60 });
    expect([...stage.ids()].sort()).toEqual(stage.all.slice(0, 60).sort());
    expect(await run(stage)).toEqual({ started: 940 });
  });
});

describe("an index that is behind its items", () => {
  const behind = async (state: "succeeded" | "failed" | "open" | "needs review") => {
    const stage = await dueStage();
    const input = await stage.begin({
      ...standing[state],
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
        const transaction = await get(id, consistency);
        const actor = { by: "flow", at: stage.now() };
        await stage.transactions.advance(id, askForReview({ tenant: stage.tenant, detail: "two movements" }, actor));
        return transaction;
      },
    };
    expect(await run({ ...stage, transactions })).toEqual({ started: 0 });
    expect((await stage.stored({ transactionId })).status).toBe("needs_review");
  });
});

describe("three days of doubt", () => {
  /** Every follow-up's flow asks once, and each time the provider has nothing to tell. */
  const threeDays = async () => {
    const stage = await dueStage();
    const input = await stage.begin(standing.open);
    const end = stage.now().getTime() + 100 * 3_600_000;
    while ((await stage.stored(input)).status === "processing" && stage.now().getTime() < end) {
      await run(stage);
      const flow = stage.started.at(-1);
      const { over } = await lookUp(flow as never, stage);
      expect(over).toBe(true);
      const { nextActionAt = "" } = await stage.stored(input);
      stage.clock.advance(Math.max(0, Date.parse(nextActionAt) - stage.now().getTime()));
    }
    return {
      transaction: await stage.stored(input),
      lookups: stage.count("lookUp"),
      submissions: stage.count("submit"),
    };
  };

  test("end with an operator, at the deadline, and nothing is sent in them", async () => {
    const { transaction, submissions } = await threeDays();
    expect(transaction).toMatchObject({
      status: "needs_review",
      attempts: 1,
      nextActionAt: "2026-11-23T09:30:00.000Z",
    });
    expect(transaction.log.at(-1)?.detail).toBe("no last word within 72 h: lookup found nothing");
    expect(submissions).toBe(0);
  });

  test("cost a lookup an hour, and leave a log of a few lines", async () => {
    const { transaction, lookups } = await threeDays();
    expect(transaction.log.length).toBeLessThanOrEqual(10);
    expect(lookups).toBeGreaterThan(70);
    expect(lookups).toBeLessThan(85);
  });
});
