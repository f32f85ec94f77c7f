/** `GET /v1/webhook-endpoints`: all of a tenant's endpoints, oldest first, without their secrets. */
import * as z from "zod/mini";
import { webhookEndpointStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { presentEndpoint } from "../lib/lambda/webhook-endpoints.ts";
import type { WebhookEndpointStore } from "../lib/store/webhooks.ts";

export const ListWebhookEndpoints = z.strictObject({});
export type ListWebhookEndpoints = z.infer<typeof ListWebhookEndpoints>;

export interface Dependencies {
  readonly endpoints: Pick<WebhookEndpointStore, "list">;
}

export async function run(
  _input: ListWebhookEndpoints,
  { endpoints }: Dependencies,
  { tenant }: Call,
): Promise<Answer> {
  const all = await endpoints.list(tenant);
  return { status: 200, body: { items: all.map((endpoint) => presentEndpoint(endpoint)) } };
}

export const handler = endpointHandler({ scope: "transactions:read", input: ListWebhookEndpoints, run }, () => ({
  endpoints: webhookEndpointStore(),
}));
