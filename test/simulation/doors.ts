/** Some runs order through all doors: batches, cashbacks that a schedule pays, and events, beside calls and with their keys. */
import {
  type AccrualAction,
  type AccrualPlan,
  drawAccruals,
  type ScheduleAction,
  type SchedulePlan,
} from "./accrual-workload.ts";
import { type BatchAction, type BatchPlan, drawBatches } from "./batch-workload.ts";
import type { Order, OrderAction } from "./order.ts";
import type { Random } from "./random.ts";

export type DoorAction = BatchAction | AccrualAction | ScheduleAction;

export interface Doors {
  readonly batches: readonly BatchPlan[];
  readonly accruals: readonly AccrualPlan[];
  readonly schedules: readonly SchedulePlan[];
}

/** Of a run of calls alone. */
export const noDoors: Doors = { batches: [], accruals: [], schedules: [] };

interface Through {
  readonly orders: readonly Order[];
  readonly actions: readonly (OrderAction | DoorAction)[];
}

/** Such runs take more steps than others: so many of them keep the whole about as fast. */
export const doorsShare = 0.3;

/** How many orders there are beside the rest. */
export const doorOrderCounts = [2, 3, 3, 4] as const;

type Door = "batches" | "accruals" | "events";
const combinations: readonly (readonly Door[])[] = [
  ["batches"],
  ["batches"],
  ["batches", "events"],
  ["accruals"],
  ["accruals"],
  ["accruals", "batches"],
  ["accruals", "events"],
  ["events"],
];

export function drawDoors(random: Random): readonly Door[] {
  return random.pick(combinations);
}

export function throughDoors(
  random: Random,
  doors: readonly Door[],
  given: readonly Order[],
  calls: readonly OrderAction[],
): Doors & Through {
  // Accruals come on top; they meet the others where they share a key.
  const most = doors[0] === "accruals" ? given.slice(0, random.between(1, 2)) : given;
  const orders = most.map(withKey);
  const inBatches = doors.includes("batches") ? drawBatches(random, orders) : { batches: [], actions: [] };
  const accrued = doors.includes("accruals")
    ? drawAccruals(random, orders)
    : { accruals: [], schedules: [], actions: [] };
  const actions = calls
    .filter(({ order }) => order < orders.length)
    .flatMap((action) => otherwise(random, action, doors));
  return {
    orders,
    batches: inBatches.batches,
    accruals: accrued.accruals,
    schedules: accrued.schedules,
    actions: [...actions, ...inBatches.actions, ...accrued.actions],
  };
}

/** Whose key a transaction stands for is written in it: so no id need be believed. */
function withKey(order: Order): Order {
  return { ...order, body: { ...order.body, metadata: { key: order.key } } };
}

/** Many orders come by event instead, and in batches many come in no other way. */
function otherwise(random: Random, action: OrderAction, doors: readonly Door[]): OrderAction[] {
  if (action.kind !== "order" && action.kind !== "repeat") return [action];
  if (doors.includes("events") && random.chance(0.6)) {
    return [{ ...action, kind: random.chance(0.7) ? "event" : "other event" }];
  }
  return doors.includes("batches") && random.chance(0.7) ? [] : [action];
}
