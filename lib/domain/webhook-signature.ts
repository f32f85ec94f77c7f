/** Signs what goes to a tenant's webhook endpoint, as Standard Webhooks 1.0.0 has it. */
import { createHmac } from "node:crypto";

/** Says what a secret is, to people and to scanners of leaked ones. Not part of the key. */
export const secretPrefix = "whsec_";

/** What is signed, byte for byte as it is sent. */
export interface SignedContent {
  /** The same at every attempt; holds no full stop, which separates the three. */
  readonly id: string;
  /** Seconds since 1970, of this attempt. */
  readonly timestamp: number;
  readonly body: string;
}

/** The `webhook-signature` header: one signature for each secret, so that a receiver may still have the old one. */
export function signatureHeader(content: SignedContent, secrets: readonly string[]): string {
  return secrets.map((secret) => `v1,${signature(content, secret)}`).join(" ");
}

function signature({ id, timestamp, body }: SignedContent, secret: string): string {
  const key = Buffer.from(secret.slice(secretPrefix.length), "base64");
  return createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
}
