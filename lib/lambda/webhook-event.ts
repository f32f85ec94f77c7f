/** A transaction's event as a webhook endpoint gets it, behind the one before it. */
import type { Transaction } from "../domain/transaction.ts";
import { type WebhookDelivery, webhookDeliveryId } from "../domain/webhook-delivery.ts";
import { type WebhookEndpoint, wants } from "../domain/webhook-endpoint.ts";
import { eventsSoFar, type TransactionEvent } from "./transaction-events.ts";
import { bodyOf, deliveryTo, webhookIdOf } from "./webhook-message.ts";

/** What receivers are told to expect at most. */
const bodyBytesMax = 20_000;

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

/** Metadata that would burst it is left out: the API has it. */
function transactionBody(event: TransactionEvent): string {
  const whole = bodyOf(event);
  if (Buffer.byteLength(whole) <= bodyBytesMax) return whole;
  const { transaction } = event.detail;
  const detail = { ...event.detail, transaction: { ...transaction, metadata: undefined } };
  return bodyOf({ ...event, detail });
}
