/** i-payout's webhooks, signed in one of the two ways that its recipes show. Sources in MAPPING.md. */
import { createHash, createHmac } from "node:crypto";
import type { WebhookDelivery, WebhookReading } from "../port.ts";
import { hintOf, isLately, isSameSignature, soleValue } from "../webhook.ts";
import type { IpayoutConnection } from "./config.ts";

type Settings = Pick<IpayoutConnection, "webhookSecret" | "webhookSignature" | "webhookUrl">;

/** The body's form is not published: our reference is looked for anywhere in it. */
export function readWebhook(
  { body, headers, url }: WebhookDelivery,
  { webhookSecret, webhookSignature, webhookUrl }: Settings,
  now: Date,
): WebhookReading {
  if (webhookSecret === undefined) return { kind: "unsigned", hint: hintOf(body) };
  const time = soleValue(headers["x-timestamp"]);
  const signature = soleValue(headers["x-signature"]);
  if (!time || !signature) return { kind: "refused", detail: "no readable signature" };
  const covered = [`${time}#${webhookUrl ?? url}#`, body];
  if (!isSameSignature(signature, signatureOf(covered, webhookSecret, webhookSignature))) {
    return { kind: "refused", detail: "a signature that does not fit" };
  }
  if (!isLately(time, now)) return { kind: "refused", detail: "signed too long ago, or in the future" };
  return { kind: "authentic", hint: hintOf(body) };
}

/** What is covered is fed as bytes: decoding the body would make different bodies one. */
function signatureOf(covered: readonly (string | Buffer)[], key: string, form: Settings["webhookSignature"]): string {
  const mac = createHmac("sha256", key);
  switch (form) {
    case "hashed": {
      const hash = createHash("sha256");
      for (const part of covered) hash.update(part);
      mac.update(hash.digest());
      break;
    }
    case "plain":
      for (const part of covered) mac.update(part);
      break;
  }
  return mac.digest("base64");
}
