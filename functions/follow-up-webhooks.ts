/** Scheduled: wakes the delivery to every webhook endpoint that has any due, retries among them. */
import { clock, once, webhookDeliveryStore } from "../lib/lambda/dependencies.ts";
import { type EventPublisher, eventBridgePublisher } from "../lib/lambda/event-bridge.ts";
import { errorFields, log } from "../lib/lambda/log.ts";
import { wake } from "../lib/lambda/webhook-wake.ts";
import type { WebhookDeliveryStore } from "../lib/store/webhooks.ts";

export interface Dependencies {
  readonly deliveries: Pick<WebhookDeliveryStore, "dueEndpoints">;
  readonly events: EventPublisher;
  readonly now: () => Date;
}

export async function run(dependencies: Dependencies): Promise<{ woken: number }> {
  const due = await dependencies.deliveries.dueEndpoints(dependencies.now());
  await wake(due, dependencies);
  return { woken: due.length };
}

const shared = once(
  (): Dependencies => ({ deliveries: webhookDeliveryStore(), events: eventBridgePublisher(), now: clock.now }),
);

export async function handler(): Promise<{ woken: number }> {
  try {
    return await run(shared());
  } catch (error) {
    log("error", "webhooks not followed up", errorFields(error));
    throw error;
  }
}
