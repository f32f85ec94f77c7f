/** Whatever dies, at whatever moment, while a batch, a run of a cashback schedule or an event is carried out: all of it ends rightly. */
import { describe, expect, test } from "vitest";
import { isThorough } from "../thoroughness.ts";
import type { AccrualPlan } from "./accrual-workload.ts";
import { type Crashed, crashAt } from "./crash-points.ts";
import { noDoors } from "./doors.ts";
import type { Order } from "./order.ts";
import type { Run } from "./simulate.ts";

const tenant = "acme";

function order(kind: Order["kind"], connection: string, key: string, body: object): Order {
  return { name: key, tenant, key, kind, connection, waitSeconds: 0, body: { connection, ...body, metadata: { key } } };
}

const spendback = order("spendback", "ipayout", "a spendback", {
  recipient: { id: "ben-alice" },
  amount: { value: 4_000, currency: "USD" },
});
const cashback = order("cashback", "sipay", "a cashback", {
  receiver: { walletNumber: "637606074" },
  amount: { value: 500, currency: "TRY" },
});
const refund = order("refund", "paysafe", "a refund", {
  original: "stl-100",
  amount: { value: 2_500, currency: "USD" },
});

function accrual(walletNumber: string, value: number): AccrualPlan {
  const key = `${walletNumber} ${value}`;
  const body = { connection: "sipay", receiver: { walletNumber }, amount: { value, currency: "TRY" } };
  return { name: key, tenant, key, body: { ...body, payout: "scheduled", metadata: { key } } };
}

function violationsIn({ crashed }: Crashed): string[] {
  return crashed.flatMap(({ crash: { step, when, what }, run: { violation, steps } }) =>
    violation ? [`the ${what} dies ${when} ${step}, ${steps[step]}: ${violation.invariant}, ${violation.detail}`] : [],
  );
}

/** What is neither moved once and told so, nor surely never sent and told by an operator. */
function unclearIn({ transactions, moved, sent }: Run): string[] {
  return transactions.flatMap(({ id, status, resolution }) => {
    const isMoved = status === "succeeded" && moved.get(id) === 1 && !resolution;
    const isNeverSent = status === "failed" && sent.get(id) === 0 && resolution !== undefined;
    return isMoved || isNeverSent
      ? []
      : [`${id} is ${status}, sent ${sent.get(id)} times, moved ${moved.get(id)} times`];
  });
}

/** In how many runs an operator had to say that nothing was sent. */
function resolvedIn({ crashed }: Crashed): number {
  return crashed.filter(({ run }) => run.transactions.some(({ resolution }) => resolution)).length;
}

const timeout = 120_000;

describe("a crash at any call", { timeout }, () => {
  test.runIf(isThorough)("of a batch of three rows leaves each row moved once, and counted so", async () => {
    const orders = [spendback, cashback, refund];
    const batch = {
      name: "batch",
      tenant,
      key: "batch",
      rows: orders.map((one) => ({ order: one, isRival: false })),
      more: [],
    };
    const actions = [{ kind: "create", batch: 0, number: 0, at: 0 } as const];
    const runs = await crashAt({ ...noDoors, orders, batches: [batch], actions });
    expect(runs.calm).toMatchObject({ violation: undefined, doorEnds: ["batch done"] });
    expect(runs.calm.transactions.map(({ status }) => status)).toEqual(["succeeded", "succeeded", "succeeded"]);
    expect(runs.crashed.length).toBeGreaterThan(200);
    expect(violationsIn(runs)).toEqual([]);
    expect(runs.crashed.flatMap(({ run }) => unclearIn(run))).toEqual([]);
    expect(runs.crashed.filter(({ run }) => run.transactions.length !== 3 || run.doorEnds[0] !== "batch done")).toEqual(
      [],
    );
    expect(resolvedIn(runs)).toBeGreaterThan(0);
    expect(resolvedIn(runs)).toBeLessThanOrEqual(12);
  });

  test.runIf(isThorough)("of a cashback run with two groups leaves each accrual paid once", async () => {
    const accruals = [accrual("637606074", 100), accrual("637606074", 250), accrual("637606075", 500)];
    const schedules = [{ name: "schedule", tenant, body: { connection: "sipay", cron: "*/5 * * * *" } }];
    const actions = [
      { kind: "schedule", schedule: 0, at: 0 } as const,
      ...accruals.map((_, place) => ({ kind: "accrue", accrual: place, at: 1_000 * place }) as const),
    ];
    const runs = await crashAt({ ...noDoors, orders: [], accruals, schedules, actions });
    expect(runs.calm.violation).toBeUndefined();
    expect(runs.calm.transactions.map(({ amount }) => amount?.value).toSorted()).toEqual([350, 500]);
    expect(runs.crashed.length).toBeGreaterThan(200);
    expect(violationsIn(runs)).toEqual([]);
    expect(runs.crashed.flatMap(({ run }) => unclearIn(run))).toEqual([]);
    const paid = ({ doorEnds }: Run) => doorEnds.filter((end) => end === "accrual paid").length;
    expect(runs.crashed.filter(({ run }) => paid(run) !== accruals.length)).toEqual([]);
    expect(resolvedIn(runs)).toBeGreaterThan(0);
  });

  test("of an event leaves it one transaction, moved once", async () => {
    const actions = [{ kind: "event", order: 0, at: 0 } as const];
    const runs = await crashAt({ ...noDoors, orders: [cashback], actions });
    expect(runs.calm).toMatchObject({ violation: undefined, doorEnds: ["event accepted"] });
    expect(runs.crashed.length).toBeGreaterThan(60);
    expect(violationsIn(runs)).toEqual([]);
    expect(runs.crashed.flatMap(({ run }) => unclearIn(run))).toEqual([]);
    expect(runs.crashed.filter(({ run }) => run.transactions.length !== 1)).toEqual([]);
    expect(resolvedIn(runs)).toBe(4);
  });
});
