/** An event as a webhook endpoint gets it: the body, and the delivery that carries it there. */
import { ended, failureOf, type WebhookDelivery, webhookDeliveryId } from "../domain/webhook-delivery.ts";
import type { WebhookEndpoint, WebhookEvent } from "../domain/webhook-endpoint.ts";

/** What the bus is told: the event's id is the same whenever it is told again. */
interface Told {
  readonly event: WebhookEvent;
  readonly at: string;
  readonly detail: { readonly id: string };
}

/**
 * A delivery to an endpoint. Everything in it is derived from the event, so that an event which comes again makes the same
 * delivery. For an endpoint that is disabled it has failed from the beginning, and can be replayed.
 */
export function deliveryTo(
  endpoint: WebhookEndpoint,
  { event, at, detail }: Told,
  about: Pick<WebhookDelivery, "transaction" | "batch" | "body" | "after">,
): WebhookDelivery {
  const webhookId = webhookIdOf(detail.id);
  const delivery: WebhookDelivery = {
    id: webhookDeliveryId(endpoint.id, webhookId),
    tenant: endpoint.tenant,
    endpoint: endpoint.id,
    event,
    webhookId,
    ...about,
    status: "pending",
    attempts: [],
    tries: 0,
    nextAttemptAt: at,
    createdAt: at,
    revision: 0,
  };
  return endpoint.disabled ? ended(delivery, failureOf(endpoint.disabled.reason)) : delivery;
}

/** The event's id, in which a full stop separates; a signature's parts are separated by it, too. */
export function webhookIdOf(eventId: string): string {
  return eventId.replaceAll(".", "_");
}

/** As Standard Webhooks proposes; `data` is what the bus is told. */
export function bodyOf({ event: type, at: timestamp, detail: data }: Told): string {
  return JSON.stringify({ type, timestamp, data });
}
