/** Woken by the bus for one webhook endpoint: delivers what is due there. */
import type { Context, EventBridgeEvent } from "aws-lambda";
import * as z from "zod/mini";
import { clock, once, webhookDeliveryStore, webhookEndpointStore } from "../lib/lambda/dependencies.ts";
import { type EventPublisher, eventBridgePublisher } from "../lib/lambda/event-bridge.ts";
import { errorFields, log } from "../lib/lambda/log.ts";
import type { DeliverDependencies } from "../lib/lambda/webhook-attempt.ts";
import { deliverDue } from "../lib/lambda/webhook-dispatch.ts";
import { webhookSender } from "../lib/lambda/webhook-sender.ts";
import { allowsPrivateAddresses } from "../lib/lambda/webhook-url.ts";
import { wake } from "../lib/lambda/webhook-wake.ts";

export const Waking = z.object({ tenant: z.string(), endpoint: z.string() });
export type Waking = z.infer<typeof Waking>;

export interface Dependencies extends DeliverDependencies {
  readonly events: EventPublisher;
}

/** So many runs at once deliver to one endpoint; with eight attempts each it sees 32 requests at a time, and no more. */
const lanesMax = 4;

/**
 * A run takes a lane, and gives it back. It then looks once more: what came while every lane was taken woke nobody.
 *
 *   run A     takes a lane ── delivers ── nothing left ─────────── gives it back ── looks again: one ── takes a lane …
 *   waking B                                          no lane free ─▶ ends
 */
export async function run(
  waking: Waking,
  dependencies: Dependencies,
  remainingMs: () => number = () => Number.POSITIVE_INFINITY,
): Promise<{ attempted: number }> {
  const { deliveries, now } = dependencies;
  let attempted = 0;
  for (;;) {
    const delivered = await inLane(waking.endpoint, remainingMs, dependencies, () =>
      deliverDue(waking, dependencies, remainingMs),
    );
    attempted += delivered?.attempted ?? 0;
    switch (delivered?.end) {
      case undefined:
      case "stopped":
        return { attempted };
      case "out of time":
        // Only what makes headway goes on at once; the rest waits for the schedule.
        if (delivered.attempted > 0) await wake([waking], dependencies);
        return { attempted };
      case "drained": {
        const more = await deliveries.due(waking.endpoint, now(), 1);
        if (more.length === 0 || delivered.attempted === 0) return { attempted };
      }
    }
  }
}

/** Undefined where every lane is taken. */
async function inLane<T>(
  endpoint: string,
  remainingMs: () => number,
  { deliveries, now }: Dependencies,
  deliver: () => Promise<T>,
): Promise<T | undefined> {
  for (let number = 0; number < lanesMax; number++) {
    const lane = { endpoint, number };
    // No run outlives its invocation, so a lane whose holder died is free when its time would have been up.
    const until = new Date(now().getTime() + Math.min(remainingMs(), laneMsMax));
    if (!(await deliveries.takeLane(lane, now(), until))) continue;
    const delivered = await deliver();
    await deliveries.leaveLane(lane);
    return delivered;
  }
  return undefined;
}

/** The longest that a Lambda may run. */
const laneMsMax = 900_000;

const shared = once(
  (): Dependencies => ({
    endpoints: webhookEndpointStore(),
    deliveries: webhookDeliveryStore(),
    send: webhookSender({ allowsPrivate: allowsPrivateAddresses() }),
    events: eventBridgePublisher(),
    ...clock,
  }),
);

export async function handler(event: EventBridgeEvent<string, unknown>, context: Context): Promise<unknown> {
  const waking = Waking.parse(event.detail);
  try {
    return await run(waking, shared(), () => context.getRemainingTimeInMillis());
  } catch (error) {
    log("error", "webhooks not delivered", { ...waking, ...errorFields(error) });
    throw error;
  }
}
