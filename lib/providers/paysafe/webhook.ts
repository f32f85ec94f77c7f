/** Paysafe's webhooks: signed, without a time, about a payload with our reference. Sources in MAPPING.md. */
import { createHmac } from "node:crypto";
import type { WebhookDelivery, WebhookReading } from "../port.ts";
import { hintOf, isSameSignature, soleValue } from "../webhook.ts";
import type { PaysafeConnection } from "./config.ts";

/** The signature covers no time, so an old delivery cannot be told from a new one. It only makes us ask Paysafe again. */
export function readWebhook(
  { body, headers }: WebhookDelivery,
  { webhookSecret }: Pick<PaysafeConnection, "webhookSecret">,
): WebhookReading {
  if (webhookSecret === undefined) return { kind: "unsigned", hint: hintOf(body) };
  const signature = soleValue(headers["signature"]);
  if (!signature) return { kind: "refused", detail: "no readable signature" };
  const isSigned = keysIn(webhookSecret).some((key) =>
    isSameSignature(signature, createHmac("sha256", key).update(body).digest("base64")),
  );
  return isSigned
    ? { kind: "authentic", hint: hintOf(body) }
    : { kind: "refused", detail: "a signature that does not fit" };
}

/**
 * The configured text as it is, as documented, and the bytes that it encodes, as Paysafe's own plugin takes it. Only Base64
 * that reads back as the same text: a lenient reading of another text could yield few bytes, or none, for a key.
 */
function keysIn(secret: string): readonly Buffer[] {
  const text = Buffer.from(secret);
  const decoded = Buffer.from(secret, "base64");
  const isBase64 = decoded.length > 0 && decoded.toString("base64") === secret;
  return isBase64 ? [text, decoded] : [text];
}
