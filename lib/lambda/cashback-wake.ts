/** Wakes runs of cashback schedules: one event on the bus each, so that each has a Lambda to itself. */
import type { EventPublisher } from "./event-bridge.ts";

/** A waking that is lost is made up for by the schedule, a minute later. */
export async function wakeRuns(
  runs: readonly string[],
  { events, now }: { readonly events: EventPublisher; readonly now: () => Date },
): Promise<void> {
  const at = now().toISOString();
  await events.publish(runs.map((run) => ({ type: "moneyback.cashbacks.due", at, detail: { version: 1, run } })));
}
