/** `GET /v1/webhook-endpoints/{id}`: one endpoint, without its secrets. */
import * as z from "zod/mini";
import { webhookEndpointStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { ownEndpoint, presentEndpoint } from "../lib/lambda/webhook-endpoints.ts";
import type { WebhookEndpointStore } from "../lib/store/webhooks.ts";

export const GetWebhookEndpoint = z.strictObject({ id: z.string() });
export type GetWebhookEndpoint = z.infer<typeof GetWebhookEndpoint>;

export interface Dependencies {
  readonly endpoints: Pick<WebhookEndpointStore, "list">;
}

export async function run({ id }: GetWebhookEndpoint, dependencies: Dependencies, { tenant }: Call): Promise<Answer> {
  return { status: 200, body: presentEndpoint(await ownEndpoint(tenant, id, dependencies)) };
}

export const handler = endpointHandler({ scope: "transactions:read", input: GetWebhookEndpoint, run }, () => ({
  endpoints: webhookEndpointStore(),
}));
