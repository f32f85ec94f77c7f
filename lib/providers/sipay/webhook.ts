/** Sipay's webhooks: unsigned, about a transaction that names our reference. Sources in MAPPING.md. */
import type { WebhookDelivery, WebhookReading } from "../port.ts";
import { hintOf } from "../webhook.ts";

/**
 * No signature is documented, so a secret would have nothing to check: whatever comes is a stranger's word. The reference is
 * looked for in the text, as `ext_transaction_id` or elsewhere: one of the documents' own samples is not JSON.
 */
export function readWebhook({ body }: WebhookDelivery): WebhookReading {
  return { kind: "unsigned", hint: hintOf(body) };
}
