/** `DELETE /v1/webhook-endpoints/{id}`: forgets an endpoint and its secrets. What waits for it is not delivered any more. */
import * as z from "zod/mini";
import { VisibleError } from "../lib/domain/errors.ts";
import { claimKey } from "../lib/lambda/claim-key.ts";
import { claimStore, clock, webhookEndpointStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { endpointOf } from "../lib/lambda/webhook-endpoints.ts";
import type { ClaimStore } from "../lib/store/port.ts";
import type { WebhookEndpointStore } from "../lib/store/webhooks.ts";

export const DeleteWebhookEndpoint = z.strictObject({ id: z.string() });
export type DeleteWebhookEndpoint = z.infer<typeof DeleteWebhookEndpoint>;

export interface Dependencies {
  readonly endpoints: Pick<WebhookEndpointStore, "list" | "remove">;
  readonly claims: ClaimStore;
  readonly now: () => Date;
}

/** Deleting twice with one key is deleting once. */
export async function run(input: DeleteWebhookEndpoint, dependencies: Dependencies, call: Call): Promise<Answer> {
  const { endpoints, now } = dependencies;
  const { tenant, idempotencyKey: key } = call;
  const { id } = input;
  const { isRepeat } = await claimKey(
    { tenant, operation: "delete webhook endpoint", key, request: input },
    dependencies,
  );
  if (endpointOf(await endpoints.list(tenant), id)) await endpoints.remove({ tenant, id }, now());
  else if (!isRepeat) throw new VisibleError("not_found", `There is no webhook endpoint "${id}".`);
  return { status: 200, body: { id, deleted: true } };
}

export const handler = endpointHandler(
  { scope: "webhooks:write", mutates: true, from: "parameters", input: DeleteWebhookEndpoint, run },
  (): Dependencies => ({ endpoints: webhookEndpointStore(), claims: claimStore(), now: clock.now }),
);
