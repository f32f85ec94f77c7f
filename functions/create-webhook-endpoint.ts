/** `POST /v1/webhook-endpoints`: registers an address that is told of the tenant's transactions. */
import * as z from "zod/mini";
import { VisibleError } from "../lib/domain/errors.ts";
import {
  secretMadeBy,
  type WebhookEndpoint,
  webhookEndpointId,
  webhookEvents,
} from "../lib/domain/webhook-endpoint.ts";
import { reused } from "../lib/lambda/accept.ts";
import { claimKey, type KeyClaim } from "../lib/lambda/claim-key.ts";
import { claimStore, clock, newWebhookSecret, webhookEndpointStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { ownEndpoint, presentEndpoint } from "../lib/lambda/webhook-endpoints.ts";
import { allowsPrivateAddresses, urlProblem } from "../lib/lambda/webhook-url.ts";
import type { ClaimStore } from "../lib/store/port.ts";
import { endpointsMax, type WebhookEndpointStore } from "../lib/store/webhooks.ts";

const UrlInput = z.string("is required: where webhooks go, an https:// address").check(
  z.maxLength(2_000, "must have at most 2000 characters"),
  z.check((payload) => {
    const message = urlProblem(payload.value, allowsPrivateAddresses());
    if (message !== undefined) payload.issues.push({ code: "custom", input: payload.value, message });
  }),
);

export const CreateWebhookEndpoint = z.strictObject({
  url: UrlInput,
  events: z.exactOptional(
    z
      .array(z.enum(webhookEvents, `must be one of ${webhookEvents.join(", ")}`))
      .check(z.minLength(1, "must name at least one; leave it out for all")),
  ),
  description: z.exactOptional(
    z
      .string("must be text")
      .check(z.minLength(1, "must not be empty"), z.maxLength(200, "must have at most 200 characters")),
  ),
});
export type CreateWebhookEndpoint = z.infer<typeof CreateWebhookEndpoint>;

export interface Dependencies {
  readonly endpoints: Pick<WebhookEndpointStore, "list" | "register">;
  readonly claims: ClaimStore;
  readonly newSecret: () => string;
  readonly now: () => Date;
}

/** The same key gives the same endpoint, and its first secret while that signs: whoever heard no answer can ask again. */
export async function run(input: CreateWebhookEndpoint, dependencies: Dependencies, call: Call): Promise<Answer> {
  const { endpoints, now } = dependencies;
  const { tenant, idempotencyKey: key } = call;
  const claim = await claimKey({ tenant, operation: "create webhook endpoint", key, request: input }, dependencies);
  const endpoint = begun(webhookEndpointId(tenant, key), input, claim, call, dependencies);
  switch (await endpoints.register(endpoint, now())) {
    case "registered":
      return { status: 201, body: presentEndpoint(endpoint, endpoint.secrets[0]?.secret) };
    case "present": {
      const present = await ownEndpoint(tenant, endpoint.id, dependencies);
      // After thirty days the claim is another's; what the key stands for, the endpoint knows.
      if (present.fingerprint !== claim.fingerprint) throw reused();
      const body = presentEndpoint(present, secretMadeBy(present, claim.id, now()));
      return { status: 201, body, headers: { "idempotent-replayed": "true" } };
    }
    case "deleted":
      throw new VisibleError(
        "not_found",
        "The webhook endpoint that this Idempotency-Key registered was deleted. Use a new key for a new one.",
      );
    case "too-many":
      throw new VisibleError(
        "webhook_endpoints_exhausted",
        `There are ${endpointsMax} webhook endpoints, which is as many as there may be. Delete one first.`,
      );
  }
}

function begun(
  id: string,
  { url, events, description }: CreateWebhookEndpoint,
  claim: KeyClaim,
  { tenant }: Call,
  { newSecret, now }: Dependencies,
): WebhookEndpoint {
  return {
    id,
    tenant,
    url,
    ...(events && { events: [...new Set(events)] }),
    ...(description !== undefined && { description }),
    secrets: [{ secret: newSecret(), madeBy: claim.id }],
    rotations: [],
    fingerprint: claim.fingerprint,
    createdAt: now().toISOString(),
    revision: 0,
  };
}

export const handler = endpointHandler(
  { scope: "webhooks:write", mutates: true, input: CreateWebhookEndpoint, run },
  (): Dependencies => ({
    endpoints: webhookEndpointStore(),
    claims: claimStore(),
    newSecret: newWebhookSecret,
    now: clock.now,
  }),
);
