/** Scheduled, and woken by the bus for one batch: brings batches further whose time has come. */
import type { Context } from "aws-lambda";
import * as z from "zod/mini";
import { type RunDependencies, workOn } from "../lib/lambda/batch-run.ts";
import { wakeBatches } from "../lib/lambda/batch-wake.ts";
import { connectionBook } from "../lib/lambda/connection-book.ts";
import {
  batchStore,
  chunkStore,
  clock,
  nameStore,
  newAttemptId,
  once,
  originalStore,
  transactionReader,
  transactionStore,
  webhookRecord,
} from "../lib/lambda/dependencies.ts";
import { eventBridgePublisher } from "../lib/lambda/event-bridge.ts";
import { errorFields, log } from "../lib/lambda/log.ts";

const Waking = z.object({ detail: z.object({ batch: z.string() }) });

/** How many batches one firing of the schedule wakes; the next one wakes the others. */
const wokenMax = 100;

/** The schedule only wakes: each batch has a run of its own, and none waits for another. */
export async function run(
  event: unknown,
  dependencies: RunDependencies,
  remainingMs: () => number = () => Number.POSITIVE_INFINITY,
): Promise<{ woken: number } | { worked: string }> {
  const { batches, now } = dependencies;
  const waking = Waking.safeParse(event);
  if (!waking.success) {
    const due = await batches.due(now(), wokenMax);
    await wakeBatches(due, dependencies);
    return { woken: due.length };
  }
  const { batch } = waking.data.detail;
  await workOn(batch, dependencies, remainingMs);
  return { worked: batch };
}

const shared = once(
  (): RunDependencies => ({
    batches: { ...batchStore(), ...chunkStore() },
    transactions: { ...transactionStore(), ...transactionReader() },
    originals: originalStore(),
    names: nameStore(),
    connections: connectionBook(),
    ...webhookRecord(),
    events: eventBridgePublisher(),
    now: clock.now,
    newId: newAttemptId,
  }),
);

export async function handler(event: unknown, context: Context): Promise<unknown> {
  try {
    return await run(event, shared(), () => context.getRemainingTimeInMillis());
  } catch (error) {
    log("error", "batches not run", errorFields(error));
    throw error;
  }
}
