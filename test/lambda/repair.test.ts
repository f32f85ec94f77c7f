/** Facts about repair on read: what is overdue is set going by whoever reads it, once in a while, and the reader waits for nothing. */
import { describe, expect, test } from "vitest";
import type { Transaction } from "../../lib/domain/transaction.ts";
import type { FlowInput } from "../../lib/flow/starter.ts";
import { repairer } from "../../lib/lambda/repair.ts";
import { standing } from "../functions/stage.ts";
import { newTenant, sample } from "../store/sample.ts";
import { captureLog } from "./api-event.ts";
import { virtualClock } from "./virtual-clock.ts";

const log = captureLog();

function stage() {
  const clock = virtualClock();
  const started: FlowInput[] = [];
  const flow = {
    start: async (input: FlowInput) => {
      started.push(input);
    },
  };
  const tenant = newTenant();
  // Due since two minutes.
  const due = (members: Partial<Transaction> = {}, n = 0) =>
    sample(tenant, n, { nextActionAt: "2026-11-20T09:28:00.000Z", ...members });
  return { clock, started, flow, due, repair: repairer({ flow, now: clock.now }) };
}

describe("reading what is overdue", () => {
  test("starts its flow: at the beginning where nothing was sent, at the lookup where something may have been", async () => {
    const { repair, due, started } = stage();
    const [pending, open] = [due(), due(standing.open, 1)];
    await repair(pending, "request-1");
    await repair(open, "request-1");
    expect(started).toEqual([
      { transactionId: pending.id, connection: "ipayout", kind: "spendback" },
      {
        transactionId: open.id,
        connection: "ipayout",
        kind: "spendback",
        submission: { outcome: "unknown", over: false, lookups: 5, waitSeconds: 0 },
      },
    ]);
  });

  test("starts it once in thirty seconds, however often it is read", async () => {
    const { repair, due, started, clock } = stage();
    const transaction = due(standing.open);
    await Promise.all(Array.from({ length: 10 }, () => repair(transaction, "request-1")));
    clock.advance(29_999);
    await repair(transaction, "request-1");
    expect(started).toHaveLength(1);
    clock.advance(1);
    await repair(transaction, "request-1");
    expect(started).toHaveLength(2);
  });

  test("starts it though another one was started a moment ago", async () => {
    const { repair, due, started } = stage();
    for (const n of [0, 1, 2]) await repair(due({}, n), "request-1");
    expect(started).toHaveLength(3);
  });

  test("answers though no flow can be started, and tries again at the next read", async () => {
    const { due, clock, started, flow } = stage();
    let broken = true;
    const start = async (input: FlowInput) => {
      if (broken) throw new Error("throttled: secret-4711");
      await flow.start(input);
    };
    const repair = repairer({ flow: { start }, now: clock.now });
    const transaction = due();
    await repair(transaction, "request-1");
    expect(log.lines()).toMatchObject([
      { level: "error", event: "flow not started", requestId: "request-1", transactionId: transaction.id },
    ]);
    expect(log.text()).not.toContain("4711");
    broken = false;
    await repair(transaction, "request-2");
    expect(started).toHaveLength(1);
  });
});

describe("reading starts nothing", () => {
  test.each(["succeeded", "failed", "canceled", "needs review"] as const)("for what is %s", async (state) => {
    const { repair, due, started } = stage();
    await repair(due(standing[state]), "request-1");
    expect(started).toEqual([]);
  });

  test("for what is over and owes something: that is follow-up's", async () => {
    const { repair, due, started } = stage();
    await repair(due({ ...standing.failed, owed: true }), "request-1");
    expect(started).toEqual([]);
  });

  test("for what is not overdue yet, to the millisecond", async () => {
    const { repair, due, started, clock } = stage();
    const transaction = due({ nextActionAt: "2026-11-20T09:30:00.001Z" });
    await repair(transaction, "request-1");
    expect(started).toEqual([]);
    clock.advance(1);
    await repair(transaction, "request-1");
    expect(started).toHaveLength(1);
  });
});
