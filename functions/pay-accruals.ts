/** Woken by the bus for one run of a cashback schedule: pays the accruals that wait, as far as the time goes. */
import type { Context, EventBridgeEvent } from "aws-lambda";
import * as z from "zod/mini";
import { accrualLists, accrualStore, cashbackRunStore, payoutStore } from "../lib/lambda/accrual-stores.ts";
import { type RunDependencies, type RunEnd, workOn } from "../lib/lambda/cashback-run.ts";
import { wakeRuns } from "../lib/lambda/cashback-wake.ts";
import { connectionBook } from "../lib/lambda/connection-book.ts";
import { clock, once, transactionStore } from "../lib/lambda/dependencies.ts";
import { type EventPublisher, eventBridgePublisher } from "../lib/lambda/event-bridge.ts";
import { errorFields, log } from "../lib/lambda/log.ts";

export const Waking = z.object({ run: z.string() });
export type Waking = z.infer<typeof Waking>;

export interface Dependencies extends RunDependencies {
  readonly events: EventPublisher;
}

export async function run(
  { run: id }: Waking,
  dependencies: Dependencies,
  remainingMs?: () => number,
): Promise<{ end: RunEnd }> {
  const end = await workOn(id, dependencies, remainingMs);
  if (end === "unfinished") await wakeRuns([id], dependencies);
  return { end };
}

const shared = once(
  (): Dependencies => ({
    accruals: { ...accrualStore(), ...accrualLists() },
    payouts: payoutStore(),
    runs: cashbackRunStore(),
    transactions: transactionStore(),
    connections: connectionBook(),
    events: eventBridgePublisher(),
    now: clock.now,
  }),
);

export async function handler(event: EventBridgeEvent<string, unknown>, context: Context): Promise<{ end: RunEnd }> {
  const waking = Waking.parse(event.detail);
  try {
    const result = await run(waking, shared(), () => context.getRemainingTimeInMillis());
    log("info", "cashbacks paid", { runId: waking.run, outcome: result.end });
    return result;
  } catch (error) {
    log("error", "cashbacks not paid", { runId: waking.run, ...errorFields(error) });
    throw error;
  }
}
