/** An event as a webhook endpoint gets it: the body, and the delivery that carries it there. */
import type { Transaction } from "../domain/transaction.ts";
import { ended, failureOf, type WebhookDelivery, webhookDeliveryId } from "../domain/webhook-delivery.ts";
import { type WebhookEndpoint, type WebhookEvent, wants } from "../domain/webhook-endpoint.ts";
import { eventsSoFar, type TransactionEvent } from "./transaction-events.ts";

/** What receivers are told to expect at most. */
const bodyBytesMax = 20_000;

/** What the bus is told: the event's id is the same whenever it is told again. */
interface Told {
  readonly event: WebhookEvent;
  readonly at: string;
  readonly detail: { readonly id: string };
}

/** The delivery of a transaction's event to an endpoint. */
export function deliveryOf(
  event: TransactionEvent,
  transaction: Transaction,
  endpoint: WebhookEndpoint,
): WebhookDelivery {
  const before = eventBefore(event, transaction, endpoint);
  const after = before === undefined ? {} : { after: webhookDeliveryId(endpoint.id, webhookIdOf(before)) };
  return deliveryTo(endpoint, event, { transaction: transaction.id, body: transactionBody(event), ...after });
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

/** As Standard Webhooks proposes; `data` is what the bus is told. */
export function bodyOf({ event: type, at: timestamp, detail: data }: Told): string {
  return JSON.stringify({ type, timestamp, data });
}

/** Metadata that would burst it is left out: the API has it. */
function transactionBody(event: TransactionEvent): string {
  const whole = bodyOf(event);
  if (Buffer.byteLength(whole) <= bodyBytesMax) return whole;
  const { transaction } = event.detail;
  const detail = { ...event.detail, transaction: { ...transaction, metadata: undefined } };
  return bodyOf({ ...event, detail });
}
