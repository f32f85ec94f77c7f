/** Everybody who calls the API or asks by event, and when: what the workload says. */
import { type AccrualCallers, openAccrualCallers } from "./accrual-callers.ts";
import { type BatchCallers, openBatchCallers } from "./batch-callers.ts";
import type { Bus } from "./bus.ts";
import { openEventSenders } from "./event-senders.ts";
import type { Evidence } from "./evidence.ts";
import type { Gateway, Heard } from "./gateway.ts";
import { insistence } from "./insist.ts";
import { idOf, type OrderCallers, openOrderCallers } from "./order-callers.ts";
import type { Random } from "./random.ts";
import type { Actor, Scheduler } from "./scheduler.ts";
import type { Trace } from "./trace.ts";
import type { Action, Workload } from "./workload.ts";

interface CallersSetting {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly evidence: Evidence;
  readonly gateway: Gateway;
  readonly bus: Bus;
  readonly trace: Trace | undefined;
  readonly onAnswer: (heard: Heard) => void;
}

export interface Callers {
  /** Sets everything going that the workload says. */
  begin(workload: Workload, off: ReadonlySet<number>): void;
  /** Resolves everything that needs an operator and of which nothing is under way any more. */
  resolveAll(): void;
  /** Those who order through batches, and can say what became of them. */
  readonly batches: BatchCallers;
}

export function openCallers(setting: CallersSetting): Callers {
  const { scheduler } = setting;
  const insist = insistence(setting);
  const senders = openEventSenders(setting);
  const batches = openBatchCallers({ ...setting, insist, start: scheduler.now });
  const accruals = openAccrualCallers({ ...setting, insist, senders });
  const orders = openOrderCallers({ ...setting, insist, senders });
  const everybody = { batches, accruals, orders };

  return {
    batches,
    begin(workload, off) {
      for (const one of workload.orders) setting.trace?.name(idOf(one), one.name);
      for (const [place, action] of workload.actions.entries()) {
        const taken = off.has(place) ? undefined : actionOf(action, workload, everybody);
        if (!taken) continue;
        const actor: Actor = { name: `caller: ${action.kind} ${taken.name}`, isAlive: true };
        scheduler.after(action.at, actor, () => void taken.act(actor));
      }
    },
    resolveAll() {
      for (const { id, status } of setting.evidence.transactions.values()) {
        if (status !== "needs_review") continue;
        const actor: Actor = { name: "operator", isAlive: true };
        scheduler.ready(actor, () => void orders.resolve(actor, id));
      }
    },
  };
}

interface Everybody {
  readonly orders: OrderCallers;
  readonly batches: BatchCallers;
  readonly accruals: AccrualCallers;
}

interface Taken {
  /** Of what it is about. */
  readonly name: string;
  readonly act: (actor: Actor) => Promise<void>;
}

function actionOf(action: Action, workload: Workload, { orders, batches, accruals }: Everybody): Taken | undefined {
  if ("batch" in action) {
    const plan = workload.batches[action.batch];
    return plan && { name: plan.name, act: (actor) => batches.act(actor, plan, action) };
  }
  if ("accrual" in action) {
    const plan = workload.accruals[action.accrual];
    return plan && { name: plan.name, act: (actor) => accruals.act(actor, plan, action.kind) };
  }
  if ("schedule" in action) {
    const plan = workload.schedules[action.schedule];
    return plan && { name: plan.name, act: (actor) => accruals.put(actor, plan) };
  }
  const one = workload.orders[action.order];
  return one && { name: one.name, act: (actor) => orders.act(actor, one, action.kind) };
}
