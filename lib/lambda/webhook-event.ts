/** A transaction's event as a webhook endpoint gets it: the body, and the delivery that carries it there. */
import type { Transaction } from "../domain/transaction.ts";
import { ended, failureOf, type WebhookDelivery, webhookDeliveryId } from "../domain/webhook-delivery.ts";
import { type WebhookEndpoint, wants } from "../domain/webhook-endpoint.ts";
import { eventsSoFar, type TransactionEvent } from "./transaction-events.ts";

/** What receivers are told to expect at most. */
const bodyBytesMax = 20_000;

/**
 * The delivery of an event to an endpoint. Everything in it is derived from the event, so that an event which comes again
 * makes the same delivery. For an endpoint that is disabled it has failed from the beginning, and can be replayed.
 */
export function deliveryOf(
  event: TransactionEvent,
  transaction: Transaction,
  endpoint: WebhookEndpoint,
): WebhookDelivery {
  const webhookId = webhookIdOf(event.detail.id);
  const after = eventBefore(event, transaction, endpoint);
  const delivery: WebhookDelivery = {
    id: webhookDeliveryId(endpoint.id, webhookId),
    tenant: endpoint.tenant,
    endpoint: endpoint.id,
    event: event.event,
    webhookId,
    transaction: transaction.id,
    body: bodyOf(event),
    ...(after !== undefined && { after: webhookDeliveryId(endpoint.id, webhookIdOf(after)) }),
    status: "pending",
    attempts: [],
    tries: 0,
    nextAttemptAt: event.at,
    createdAt: event.at,
    revision: 0,
  };
  return endpoint.disabled ? ended(delivery, failureOf(endpoint.disabled.reason)) : delivery;
}

/** The event's id, in which a full stop separates; a signature's parts are separated by it, too. */
function webhookIdOf(eventId: string): string {
  return eventId.replaceAll(".", "_");
}

/** The last event before this one that the endpoint is told of. */
function eventBefore(
  { detail }: TransactionEvent,
  transaction: Transaction,
  endpoint: WebhookEndpoint,
): string | undefined {
  const all = eventsSoFar(transaction);
  const place = all.findIndex(({ id }) => id === detail.id);
  return all.slice(0, Math.max(place, 0)).findLast(({ event }) => wants(endpoint, event))?.id;
}

/** As Standard Webhooks proposes; `data` is what the bus is told. Metadata that would burst it is left out: the API has it. */
function bodyOf({ event: type, at: timestamp, detail: data }: TransactionEvent): string {
  const whole = JSON.stringify({ type, timestamp, data });
  if (Buffer.byteLength(whole) <= bodyBytesMax) return whole;
  return JSON.stringify({
    type,
    timestamp,
    data: { ...data, transaction: { ...data.transaction, metadata: undefined } },
  });
}
