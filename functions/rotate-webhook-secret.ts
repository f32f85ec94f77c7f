/** `POST /v1/webhook-endpoints/{id}/rotate`: a new secret. For a day the one before it signs beside it. */
import * as z from "zod/mini";
import { VisibleError } from "../lib/domain/errors.ts";
import { rotated, secretMadeBy, secretsMax, type WebhookEndpoint } from "../lib/domain/webhook-endpoint.ts";
import { claimKey } from "../lib/lambda/claim-key.ts";
import { claimStore, clock, newWebhookSecret, webhookEndpointStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { changeEndpoint, ownEndpoint, presentEndpoint } from "../lib/lambda/webhook-endpoints.ts";
import type { ClaimStore } from "../lib/store/port.ts";
import type { WebhookEndpointStore } from "../lib/store/webhooks.ts";

export const RotateWebhookSecret = z.strictObject({ id: z.string() });
export type RotateWebhookSecret = z.infer<typeof RotateWebhookSecret>;

export interface Dependencies {
  readonly endpoints: Pick<WebhookEndpointStore, "list" | "replace">;
  readonly claims: ClaimStore;
  readonly newSecret: () => string;
  readonly now: () => Date;
}

/** Rotating twice with one key is rotating once: the second answer has the first one's secret, while that signs. */
export async function run(input: RotateWebhookSecret, dependencies: Dependencies, call: Call): Promise<Answer> {
  const { now, newSecret } = dependencies;
  const { tenant, idempotencyKey: key } = call;
  const endpoint = await ownEndpoint(tenant, input.id, dependencies);
  const claim = await claimKey({ tenant, operation: "rotate webhook secret", key, request: input }, dependencies);
  const secret = newSecret();
  const change = (current: WebhookEndpoint): WebhookEndpoint => {
    if (current.rotations.includes(claim.id)) return current;
    const next = rotated(current, { secret, madeBy: claim.id }, now());
    if (!next) throw tooMany();
    return next;
  };
  const changed = await changeEndpoint(endpoint, change, dependencies);
  if (!changed) throw new VisibleError("not_found", `The webhook endpoint "${input.id}" was deleted.`);
  const isRepeat = changed.secrets[0]?.secret !== secret;
  return {
    status: 200,
    body: presentEndpoint(changed, secretMadeBy(changed, claim.id, now())),
    ...(isRepeat && { headers: { "idempotent-replayed": "true" } }),
  };
}

function tooMany(): VisibleError {
  return new VisibleError(
    "rate_limited",
    `${secretsMax} secrets sign already: each goes on for a day after its rotation.`,
    {
      headers: { "retry-after": "3600" },
    },
  );
}

export const handler = endpointHandler(
  { scope: "webhooks:write", mutates: true, from: "parameters", input: RotateWebhookSecret, run },
  (): Dependencies => ({
    endpoints: webhookEndpointStore(),
    claims: claimStore(),
    newSecret: newWebhookSecret,
    now: clock.now,
  }),
);
