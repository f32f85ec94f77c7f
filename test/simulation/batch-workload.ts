/** What callers will do with batches: two of them at most, over the same orders, so that they share keys with each other and with calls. */

import type { Order } from "./order.ts";
import type { Random } from "./random.ts";

/** A row of a batch: an order of the workload; or, as a rival, another wish under its key. */
export interface Row {
  readonly order: Order;
  readonly isRival: boolean;
}

export interface BatchPlan {
  readonly name: string;
  readonly tenant: string;
  readonly key: string;
  readonly rows: readonly Row[];
  /** What is brought later, each by a call of its own. */
  readonly more: readonly (readonly Row[])[];
  /** It waits for a word, or, with a number, for so many milliseconds. */
  readonly waits?: "for a word" | number;
}

const batchActionKinds = ["create", "append", "start", "retry", "cancel", "watch"] as const;
export interface BatchAction {
  /** Milliseconds after the beginning. */
  readonly at: number;
  readonly kind: (typeof batchActionKinds)[number];
  /** A place in the workload's list. */
  readonly batch: number;
  /** Which of several: the rows to append, or the key of the retry. */
  readonly number: number;
}

/** A batch is brought within this time, and what is done with it follows within as much again. */
const spanMs = 600_000;

export function drawBatches(
  random: Random,
  orders: readonly Order[],
): { batches: BatchPlan[]; actions: BatchAction[] } {
  const tenants = [...new Set(orders.map(({ tenant }) => tenant))];
  const count = random.pick([1, 1, 2]);
  const batches = Array.from({ length: count }, (_, place): BatchPlan => {
    const tenant = random.pick(tenants);
    const some = (chance: number): Row[] =>
      orders
        .filter((order) => order.tenant === tenant && random.chance(chance))
        .map((order) => ({ order, isRival: random.chance(0.12) }));
    const waiting = random.next();
    return {
      name: `batch ${place + 1}`,
      tenant,
      key: `batch-${place}`,
      rows: some(0.8),
      more: random.chance(0.3) ? [some(0.6)].filter(({ length }) => length > 0) : [],
      ...(waiting < 0.1 && { waits: "for a word" as const }),
      ...(waiting > 0.85 && { waits: random.between(1, spanMs) }),
    };
  });
  return { batches, actions: batches.flatMap((plan, batch) => drawBatchActions(random, plan, batch)) };
}

function drawBatchActions(random: Random, { more, waits }: BatchPlan, batch: number): BatchAction[] {
  const begin = random.chance(0.5) ? random.below(2_000) : random.below(spanMs);
  const later = (): number => begin + random.spread(1, spanMs);
  const actions: BatchAction[] = [{ kind: "create", batch, number: 0, at: begin }];
  const maybe = (kind: BatchAction["kind"], chance: number, at: number, number = 0): void => {
    if (random.chance(chance)) actions.push({ kind, batch, number, at });
  };
  maybe("create", 0.25, later());
  for (const [number] of more.entries()) {
    actions.push({ kind: "append", batch, number, at: later() });
    maybe("append", 0.3, later(), number);
  }
  maybe("start", waits === "for a word" ? 0.9 : 0.05, later());
  maybe("cancel", 0.3, later());
  maybe("retry", 0.5, later());
  // The same key is the same retry; another one is another.
  maybe("retry", 0.2, begin + random.spread(60_000, 7_200_000), random.below(2));
  maybe("watch", 0.5, later());
  maybe("watch", 0.3, begin + random.spread(60_000, 7_200_000));
  return actions;
}
