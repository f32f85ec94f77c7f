/** `GET /v1/webhook-endpoints/{id}/deliveries`: what was sent to an endpoint and how it went, newest first, page by page. */
import * as z from "zod/mini";
import { deliveryStatuses } from "../lib/domain/webhook-delivery.ts";
import { clock, webhookDeliveryStore, webhookEndpointStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { cursorOf, LimitInput } from "../lib/lambda/list-input.ts";
import { DeliveryCursor, presentDelivery } from "../lib/lambda/webhook-deliveries.ts";
import { ownEndpoint } from "../lib/lambda/webhook-endpoints.ts";
import type { WebhookDeliveryStore, WebhookEndpointStore } from "../lib/store/webhooks.ts";

export const ListWebhookDeliveries = z.strictObject({
  id: z.string(),
  status: z.exactOptional(z.enum(deliveryStatuses)),
  limit: LimitInput,
  cursor: z.exactOptional(DeliveryCursor),
});
export type ListWebhookDeliveries = z.infer<typeof ListWebhookDeliveries>;

export interface Dependencies {
  readonly endpoints: Pick<WebhookEndpointStore, "list">;
  readonly deliveries: Pick<WebhookDeliveryStore, "list">;
  readonly now: () => Date;
}

export async function run(input: ListWebhookDeliveries, dependencies: Dependencies, { tenant }: Call): Promise<Answer> {
  const { id, status, limit, cursor: before } = input;
  const { id: endpoint } = await ownEndpoint(tenant, id, dependencies);
  const { items, next } = await dependencies.deliveries.list({
    endpoint,
    limit,
    now: dependencies.now(),
    ...(status && { status }),
    ...(before && { before }),
  });
  const body = { items: items.map(presentDelivery), ...(next !== undefined && { cursor: cursorOf(next) }) };
  return { status: 200, body };
}

export const handler = endpointHandler(
  { scope: "transactions:read", input: ListWebhookDeliveries, run },
  (): Dependencies => ({ endpoints: webhookEndpointStore(), deliveries: webhookDeliveryStore(), now: clock.now }),
);
