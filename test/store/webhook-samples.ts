/** Webhook endpoints and deliveries as tests put them into stores: plain data, so that nothing under test has made them. */
import { derivedId } from "../../lib/domain/ids.ts";
import type { WebhookDelivery } from "../../lib/domain/webhook-delivery.ts";
import type { WebhookEndpoint } from "../../lib/domain/webhook-endpoint.ts";

export const secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

function endpointId(tenant: string, n = 0): string {
  return derivedId("whe", tenant, String(n));
}

export function sampleEndpoint(tenant: string, n = 0, members: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  return {
    id: endpointId(tenant, n),
    tenant,
    url: `https://receiver.example.com/${n}`,
    secrets: [{ secret, madeBy: "first" }],
    rotations: [],
    fingerprint: "print",
    createdAt: new Date(Date.UTC(2026, 10, 20, 9, 0, n)).toISOString(),
    revision: 0,
    ...members,
  };
}

/** The `n`th delivery to an endpoint, a second after the one before it, and due. */
export function sampleDelivery(
  { id, tenant }: Pick<WebhookEndpoint, "id" | "tenant">,
  n = 0,
  members: Partial<WebhookDelivery> = {},
): WebhookDelivery {
  const createdAt = new Date(Date.UTC(2026, 10, 20, 9, 30, n)).toISOString();
  return {
    id: derivedId("whd", id, String(n)),
    tenant,
    endpoint: id,
    event: "transaction.succeeded",
    webhookId: `txn_${n}_3`,
    transaction: `txn_${n}`,
    body: `{"n":${n}}`,
    status: "pending",
    attempts: [],
    tries: 0,
    nextAttemptAt: createdAt,
    createdAt,
    revision: 0,
    ...members,
  };
}
