/** Finds and changes a tenant's webhook endpoints, and shows them. */
import { VisibleError } from "../domain/errors.ts";
import { type WebhookEndpoint, webhookEvents } from "../domain/webhook-endpoint.ts";
import type { WebhookEndpointStore } from "../store/webhooks.ts";
import type { ShownEndpoint } from "./shown-webhook.ts";

export interface ChangeDependencies {
  readonly endpoints: Pick<WebhookEndpointStore, "list" | "replace">;
}

/** How often a change is made anew because another came between. */
const triesMax = 8;

export function endpointOf(all: readonly WebhookEndpoint[], id: string): WebhookEndpoint | undefined {
  return all.find((endpoint) => endpoint.id === id);
}

/** The tenant's endpoint. @throws VisibleError not_found, for another tenant's, too */
export async function ownEndpoint(
  tenant: string,
  id: string,
  { endpoints }: { readonly endpoints: Pick<WebhookEndpointStore, "list"> },
): Promise<WebhookEndpoint> {
  const endpoint = endpointOf(await endpoints.list(tenant), id);
  if (!endpoint) throw new VisibleError("not_found", `There is no webhook endpoint "${id}".`);
  return endpoint;
}

/**
 * Stores what `change` makes of an endpoint, of the newest one where it has changed since it was read. A `change` that
 * gives back what it was given writes nothing. Undefined where it was deleted.
 */
export async function changeEndpoint(
  read: WebhookEndpoint,
  change: (endpoint: WebhookEndpoint) => WebhookEndpoint,
  { endpoints }: ChangeDependencies,
): Promise<WebhookEndpoint | undefined> {
  let current = read;
  for (let tries = 0; tries < triesMax; tries++) {
    const next = change(current);
    if (next === current) return current;
    if (await endpoints.replace(next)) return { ...next, revision: next.revision + 1 };
    const newest = endpointOf(await endpoints.list(read.tenant), read.id);
    if (!newest) return undefined;
    current = newest;
  }
  throw new Error(`the webhook endpoint ${read.id} changes too often`);
}

/** As the API shows it; a secret only to whom it was made. */
export function presentEndpoint(endpoint: WebhookEndpoint, secret?: string) {
  const { id, url, events, description, disabled, failingSince, pausedUntil, createdAt } = endpoint;
  return {
    id,
    url,
    events: [...(events ?? webhookEvents)],
    ...(description !== undefined && { description }),
    status: disabled ? "disabled" : "enabled",
    ...(disabled && { disabled }),
    ...(failingSince && { failingSince }),
    ...(pausedUntil && { pausedUntil }),
    createdAt,
    ...(secret !== undefined && { secret }),
  } satisfies ShownEndpoint;
}
