/** Wakes the work on batches: one event on the bus each, so that no batch waits for another. */
import type { EventPublisher } from "./event-bridge.ts";
import { errorFields, log } from "./log.ts";

export interface WakeDependencies {
  readonly events: EventPublisher;
  readonly now: () => Date;
}

/** @throws Error where the bus does not take it */
export async function wakeBatches(ids: readonly string[], { events, now }: WakeDependencies): Promise<void> {
  const at = now().toISOString();
  await events.publish(ids.map((batch) => ({ type: "moneyback.batches.due", at, detail: { version: 1, batch } })));
}

/** For a batch that is stored and due: a waking that is lost is made up for by the schedule, so nothing fails with it. */
export async function wakeBatch(id: string, dependencies: WakeDependencies): Promise<void> {
  try {
    await wakeBatches([id], dependencies);
  } catch (error) {
    log("warn", "batch not woken", { batch: id, ...errorFields(error) });
  }
}
