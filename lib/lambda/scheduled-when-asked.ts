/** Cashbacks by schedule for functions that are seldom asked for one: the code is loaded at the first, not at every cold start. */
import type { AccrualDependencies, ScheduledCashbacks } from "./create-accrual.ts";
import { once } from "./dependencies.ts";

export function scheduledWhenAsked(dependencies: Omit<AccrualDependencies, "accruals">): ScheduledCashbacks {
  const loaded = once(async () => (await import("./create-accrual.ts")).storedCashbacks(dependencies));
  return { take: async (order, call) => (await loaded()).take(order, call) };
}
