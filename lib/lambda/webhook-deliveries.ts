/** Deliveries as the API shows and names them. */
import type { WebhookDelivery } from "../domain/webhook-delivery.ts";
import { cursorInput } from "./list-input.ts";
import type { ShownDelivery } from "./shown-webhook.ts";

/** Where a page of deliveries begins. */
export const DeliveryCursor = cursorInput(/^\d{4}-\d\d-\d\dT[\d:.]+Z#whd_[a-z0-9]+$/);

/** Without the body, which is the transaction's or the batch's to tell. */
export function presentDelivery(delivery: WebhookDelivery) {
  const { id, event, webhookId, transaction, batch, status, failure, attempts, nextAttemptAt, createdAt } = delivery;
  return {
    id,
    event,
    webhookId,
    ...(transaction !== undefined && { transaction }),
    ...(batch !== undefined && { batch }),
    status,
    ...(failure && { failure }),
    attempts,
    ...(nextAttemptAt && { nextAttemptAt }),
    createdAt,
  } satisfies ShownDelivery;
}
