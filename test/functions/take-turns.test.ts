/** Facts about the line in which batches and runs wait at a connection: who begins when, what waiting costs, and who is never kept. */
import { describe, expect, test } from "vitest";
import { run } from "../../functions/follow-up.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import { claimAttempt, succeed } from "../../lib/domain/transitions.ts";
import type { ConnectionState } from "../../lib/store/connection-states.ts";
import { captureLog } from "../lambda/api-event.ts";
import { dueStage } from "./due-stage.ts";
import { bookOf, config, configured, scriptedConnector } from "./scripted-connector.ts";
import { standing } from "./stage.ts";

const log = captureLog();

/** One request a second: a flow takes three, so twenty begin in a minute. */
const slow = { config: { ...config, requestsPerSecond: 1 } };

/** A stage on which rows stand in line, and whatever is started is paid at once. It counts what is written and read. */
async function lineStage(members: Parameters<typeof dueStage>[0] = slow) {
  const stage = await dueStage(members);
  const seen = { writes: 0, reads: 0 };
  const transactions = {
    ...stage.transactions,
    advance: (...given: Parameters<typeof stage.transactions.advance>) => {
      seen.writes += 1;
      return stage.transactions.advance(...given);
    },
    get: (...given: Parameters<typeof stage.transactions.get>) => {
      seen.reads += 1;
      return stage.transactions.get(...given);
    },
  };
  return {
    ...stage,
    transactions,
    seen,
    /** A row whose turn is so many seconds from the clock's beginning. */
    async row(second: number, given: Partial<Transaction> = {}): Promise<string> {
      const turn = new Date(start + second * 1_000).toISOString();
      return (await stage.begin({ notBefore: turn, nextActionAt: turn, ...given })).transactionId;
    },
    /** Runs follow-up for so many minutes, and pays what it starts. */
    async minutes(count: number, given: Partial<Parameters<typeof run>[0]> = {}): Promise<void> {
      for (let n = 0; n < count; n++) {
        await run({ ...stage, transactions, ...given });
        for (const { transactionId: id } of stage.started.splice(0)) {
          const actor = { by: "flow", at: stage.now() };
          const { advanced } = await stage.transactions.advance(id, claimAttempt(actor, { id }));
          if (advanced) await stage.transactions.advance(id, succeed({ kind: "settled", detail: "paid" }, actor));
        }
        stage.clock.advance(60_000);
      }
    },
    async statuses(ids: readonly string[]): Promise<Record<string, number>> {
      const counts: Record<string, number> = {};
      for (const id of ids) {
        const status = (await stage.transactions.get(id, "consistent"))?.status ?? "missing";
        counts[status] = (counts[status] ?? 0) + 1;
      }
      return counts;
    },
  };
}

const start = Date.parse("2026-11-20T09:32:00.000Z");

/** Two batches of so many rows each, planned for the same three seconds each. */
async function collide(stage: Awaited<ReturnType<typeof lineStage>>, rows: number): Promise<[string[], string[]]> {
  const batches: [string[], string[]] = [[], []];
  for (const ids of batches) for (let n = 0; n < rows; n++) ids.push(await stage.row(n * 3));
  return batches;
}

const down: ConnectionState = { failures: 5, failingSince: "2026-11-20T09:31:00.000Z", openings: 1 };
const downUntil = (openUntil: string, failingSince = down.failingSince) => ({
  states: { get: async () => ({ ...down, failingSince, openUntil }) },
});

describe("two batches at one connection", () => {
  test("are through in the time of both, and no row costs more than the write that begins it", async () => {
    const stage = await lineStage();
    const ids = (await collide(stage, 100)).flat();
    await stage.minutes(11);
    expect(await stage.statuses(ids)).toEqual({ succeeded: 200 });
    expect(stage.seen.writes).toBe(200);
  });

  test("share its rate from the beginning: the second does not wait for the first to end", async () => {
    const stage = await lineStage();
    const [first, second] = await collide(stage, 60);
    await stage.minutes(4);
    const begun = await Promise.all([first, second].map((ids) => stage.statuses(ids)));
    for (const { succeeded = 0 } of begun) expect(succeeded).toBeGreaterThan(25);
  });

  test("send each row though they take far longer than the deadline: those before it in line delay no deadline", async () => {
    const stage = await lineStage({ config: { ...config, requestsPerSecond: 1, deadlineHours: 0.1 } });
    const ids = (await collide(stage, 200)).flat();
    await stage.minutes(22);
    expect(await stage.statuses(ids)).toEqual({ succeeded: 400 });
  });
});

describe("a row whose turn has come", () => {
  test("is not begun before it", async () => {
    const stage = await lineStage();
    const id = await stage.row(61);
    await run(stage);
    stage.clock.advance(60_000);
    await run(stage);
    expect(stage.ids()).toEqual([]);
    stage.clock.advance(1_000);
    await run(stage);
    expect(stage.ids()).toEqual([id]);
  });

  test("is followed up like any other from then on, and its deadline counts from then", async () => {
    const stage = await lineStage();
    const id = await stage.row(-3_600);
    await run(stage);
    expect(await stage.stored({ transactionId: id })).toMatchObject({
      status: "pending",
      notBefore: "2026-11-20T09:32:00.000Z",
      nextActionAt: "2026-11-20T09:33:40.000Z",
    });
    stage.clock.advance(100_000);
    await run(stage);
    expect(stage.ids()).toEqual([id, id]);
  });

  test("is begun by one of ten dispatchers at once", async () => {
    const stage = await lineStage();
    const ids = await Promise.all([stage.row(-1), stage.row(-1), stage.row(-1)]);
    await Promise.all(Array.from({ length: 10 }, () => run(stage)));
    expect([...stage.ids()].sort()).toEqual([...ids].sort());
  });
});

describe("a long line", () => {
  test("keeps no unknown outcome waiting: what is due is taken up first", async () => {
    const stage = await lineStage();
    for (let n = 0; n < 300; n++) await stage.row(-n - 10);
    const { transactionId } = await stage.begin({ ...standing.open, nextActionAt: "2026-11-20T09:31:59.000Z" });
    await run(stage);
    expect(stage.ids()[0]).toBe(transactionId);
  });

  test("at one connection is passed over once its minute is full, and keeps nobody at another waiting", async () => {
    const quick = configured(scriptedConnector().connector, { id: "quick", config: { ...config, id: "quick" } });
    const stage = await lineStage();
    const connections = bookOf([stage.connection, quick]);
    for (let n = 0; n < 2_500; n++) await stage.row(-2_500 + n);
    const behind = await stage.row(0, { connection: "quick" });
    expect(await run({ ...stage, connections })).toEqual({ started: 21 });
    expect(stage.ids()).toContain(behind);
    // Twenty begin, a few more are looked at side by side with them, and thousands are not touched.
    expect(stage.seen.writes).toBe(21);
    expect(stage.seen.reads).toBeLessThan(50);
  });

  test("takes no more of a run than there is time", async () => {
    const stage = await lineStage({});
    for (let n = 0; n < 100; n++) await stage.row(-n);
    let leftMs = 50_000;
    const remainingMs = () => {
      leftMs -= 10_000;
      return leftMs;
    };
    await run(stage, remainingMs);
    expect(stage.ids().length).toBeLessThan(60);
    await run(stage);
    expect(stage.ids()).toHaveLength(100);
  });
});

describe("a provider that is down", () => {
  test("costs its line nothing: no row is read or written, and all begin when it is back", async () => {
    const stage = await lineStage({});
    const ids: string[] = [];
    for (let n = 0; n < 50; n++) ids.push(await stage.row(-n));
    await stage.minutes(30, downUntil("2026-11-20T12:00:00.000Z"));
    expect(stage.seen).toEqual({ writes: 0, reads: 0 });
    await stage.minutes(1);
    expect(await stage.statuses(ids)).toEqual({ succeeded: 50 });
  });

  test("is tried by one row, where its time is over; the others stay in line", async () => {
    const stage = await lineStage({});
    for (let n = 0; n < 50; n++) await stage.row(-n);
    expect(await run({ ...stage, ...downUntil("2026-11-20T09:32:00.000Z") })).toEqual({ started: 1 });
    expect(stage.seen.writes).toBe(1);
  });

  test("for the whole deadline since a row's turn sends that row to an operator, never sent, and no other", async () => {
    const stage = await lineStage({ config: { ...config, deadlineHours: 1 } });
    const [early, late] = [await stage.row(0), await stage.row(3_000)];
    const states = downUntil("2026-11-20T23:00:00.000Z");
    stage.clock.advance(3_599_000);
    await run({ ...stage, ...states });
    expect((await stage.stored({ transactionId: early })).status).toBe("pending");
    stage.clock.advance(1_000);
    await run({ ...stage, ...states });
    expect((await stage.stored({ transactionId: early })).status).toBe("needs_review");
    expect((await stage.stored({ transactionId: early })).log.at(-1)?.detail).toBe(
      "could not be sent within 1 h; surely nothing was",
    );
    expect((await stage.stored({ transactionId: late })).status).toBe("pending");
    expect(stage.ids()).toEqual([]);
  });

  test("since a minute hands no row over that stood in line for longer than its deadline", async () => {
    const stage = await lineStage({ config: { ...config, deadlineHours: 1 } });
    const id = await stage.row(-7_200);
    await run({ ...stage, ...downUntil("2026-11-20T09:40:00.000Z") });
    expect((await stage.stored({ transactionId: id })).status).toBe("pending");
  });
});

describe("a connection that is not configured any more", () => {
  test("keeps its line, at no cost, until it is there again", async () => {
    const stage = await lineStage();
    const id = await stage.row(0);
    await stage.minutes(30, { connections: bookOf([]) });
    expect(stage.seen).toEqual({ writes: 0, reads: 0 });
    await stage.minutes(1);
    expect(await stage.statuses([id])).toEqual({ succeeded: 1 });
  });

  test("asks an operator after a year, the longest deadline there is", async () => {
    const stage = await lineStage();
    const id = await stage.row(0);
    stage.clock.advance(8_760 * 3_600_000);
    await run({ ...stage, connections: bookOf([]) });
    expect((await stage.stored({ transactionId: id })).status).toBe("needs_review");
  });
});

test("a row that cannot be taken up is logged, and keeps nobody behind it waiting", async () => {
  const stage = await lineStage();
  const [bad, good] = [await stage.row(-2), await stage.row(-1)];
  const get = async (id: string, consistency: "consistent" | "eventual") => {
    if (id === bad) throw new Error("malformed");
    return stage.transactions.get(id, consistency);
  };
  expect(await run({ ...stage, transactions: { ...stage.transactions, get } })).toEqual({ started: 1 });
  expect(stage.ids()).toEqual([good]);
  expect(log.lines()).toContainEqual(expect.objectContaining({ level: "error", transactionId: bad }));
});
