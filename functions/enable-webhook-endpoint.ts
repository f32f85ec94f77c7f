/** `POST /v1/webhook-endpoints/{id}/enable`: delivers to an endpoint again that was disabled, or left alone for a while. */
import * as z from "zod/mini";
import { VisibleError } from "../lib/domain/errors.ts";
import { enabled } from "../lib/domain/webhook-endpoint.ts";
import { webhookEndpointStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import {
  type ChangeDependencies,
  changeEndpoint,
  ownEndpoint,
  presentEndpoint,
} from "../lib/lambda/webhook-endpoints.ts";

export const EnableWebhookEndpoint = z.strictObject({ id: z.string() });
export type EnableWebhookEndpoint = z.infer<typeof EnableWebhookEndpoint>;

/** Enabling what is enabled changes nothing, so a repeat needs no record of its key. */
export async function run(
  { id }: EnableWebhookEndpoint,
  dependencies: ChangeDependencies,
  { tenant }: Call,
): Promise<Answer> {
  const changed = await changeEndpoint(await ownEndpoint(tenant, id, dependencies), enabled, dependencies);
  if (!changed) throw new VisibleError("not_found", `The webhook endpoint "${id}" was deleted.`);
  return { status: 200, body: presentEndpoint(changed) };
}

export const handler = endpointHandler(
  { scope: "webhooks:write", mutates: true, from: "parameters", input: EnableWebhookEndpoint, run },
  (): ChangeDependencies => ({ endpoints: webhookEndpointStore() }),
);
