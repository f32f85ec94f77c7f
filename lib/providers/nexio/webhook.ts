/** Nexio's webhooks: the legacy generation signs, the simplified one does not. Sources in MAPPING.md. */
import { createHmac } from "node:crypto";
import * as z from "zod/mini";
import type { Reading } from "../../domain/outcome.ts";
import type { WebhookDelivery, WebhookHint, WebhookReading } from "../port.ts";
import { hintOf, isLately, isSameSignature, referencesIn, textOf } from "../webhook.ts";
import type { NexioConnection } from "./config.ts";
import { type Get, view } from "./lookup.ts";
import { integerId } from "./orders.ts";
import { parseAs } from "./wire.ts";

/** With a secret whatever is not signed is refused: else leaving the signature out would be enough. */
export function readWebhook(
  { body, headers }: WebhookDelivery,
  { webhookSecret }: Pick<NexioConnection, "webhookSecret">,
  now: Date,
): WebhookReading {
  if (webhookSecret === undefined) return { kind: "unsigned", hint: readHint(body) };
  const signature = readSignature(headers["nexio-signature"]);
  if (!signature) return { kind: "refused", detail: "no readable signature" };
  // Over the bytes: decoding would make different bodies one.
  const expected = createHmac("sha256", webhookSecret).update(`${signature.time}.`).update(body).digest("hex");
  if (!isSameSignature(signature.code, expected)) return { kind: "refused", detail: "a signature that does not fit" };
  if (!isLately(signature.time, now)) return { kind: "refused", detail: "signed too long ago, or in the future" };
  return { kind: "authentic", hint: readHint(body) };
}

/** `t=1554146049,v1=f66f6c47…`. A header that came twice is read as one, unless the two say different things. */
function readSignature(header: string | undefined): { readonly time: string; readonly code: string } | undefined {
  const parts = [...new Set((header ?? "").split(",").map((part) => part.trim()))];
  const [time, ...times] = parts.filter((part) => part.startsWith("t="));
  const [code, ...codes] = parts.filter((part) => part.startsWith("v1="));
  if (time === undefined || code === undefined || times.length + codes.length > 0) return undefined;
  return { time: time.slice("t=".length), code: code.slice("v1=".length) };
}

/** As Nexio's are: positive, and no larger than a 64-bit integer holds. A stranger's larger one could only make it stumble. */
const spendbackId = z.string().check(z.refine((id) => integerId.test(id) && BigInt(id) < 2n ** 63n));
const Ids = z.object({ spendbackId: z.optional(z.unknown()), id: z.optional(z.unknown()) });
const Body = z.extend(Ids, { eventType: z.optional(z.unknown()), data: z.optional(z.unknown()) });

/** Our references, wherever they stand; only without one are Nexio's ids of use. */
function readHint(body: Buffer): WebhookHint {
  const hint = hintOf(body);
  return hint.references.length > 0 ? hint : { references: [], providerTransactionIds: idsIn(textOf(body)) };
}

/** Ids keep their digits beyond 2^53. Under another event's name `id` is not a spendback's. */
function idsIn(text: string): readonly string[] {
  const body = parseAs(Body, text);
  const isSpendback = typeof body?.eventType !== "string" || /^spendback/i.test(body.eventType);
  const places = [body, Ids.safeParse(body?.data).data];
  const named = places.flatMap((place) => [place?.spendbackId, ...(isSpendback ? [place?.id] : [])]);
  return [...new Set(named.flatMap((id) => spendbackId.safeParse(id).data ?? []))];
}

/** Whose record has this id; undefined where Nexio has none, or one that carries no reference of ours. */
export async function referenceOf(get: Get, id: string): Promise<Reading<string | undefined>> {
  // It came from outside, and goes into a path.
  if (!spendbackId.safeParse(id).success) return { kind: "read", value: undefined };
  const record = await view(get, id);
  if (record.kind !== "read") return record;
  const reference = record.value?.spendbackRef ?? "";
  return { kind: "read", value: referencesIn(reference).find((ours) => ours === reference) };
}
