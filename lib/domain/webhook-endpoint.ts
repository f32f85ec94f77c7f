/** A webhook endpoint: an address that a tenant registered, the secrets that sign what goes there, and how it has been lately. */
import * as z from "zod/mini";
import { derivedId } from "./ids.ts";
import { statuses } from "./transaction.ts";

export const transactionEvents = [
  ...statuses.map((status) => `transaction.${status}` as const),
  "transaction.duplicate_detected",
] as const;
export type TransactionEventName = (typeof transactionEvents)[number];

export const batchEvents = ["batch.done", "batch.canceled"] as const;
export type BatchEventName = (typeof batchEvents)[number];

/** What an endpoint may be told of. */
export const webhookEvents = [...transactionEvents, ...batchEvents] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** After a rotation the secrets before it go on signing for this long. */
const rotationHours = 24;

/** Signatures that one request carries at most; each is 47 characters of a header. */
export const secretsMax = 5;

/** How many rotations are remembered, so that a repeat of one is known. */
const rotationsMax = 20;

/** An endpoint of which nothing was taken for this long is left alone. */
const failingDays = 5;

const text = z.string().check(z.minLength(1));

const Secret = z.object({
  secret: text,
  /** Hash of the idempotency key of the call that made it: a repeat of that call is told it again. */
  madeBy: text,
  /** Until when it signs. Absent: it is the current one. */
  expiresAt: z.exactOptional(text),
});

export const disableReasons = ["gone", "failing"] as const;
export type DisableReason = (typeof disableReasons)[number];

/** As it is stored. Members and events that a newer version wrote are passed over. */
export const WebhookEndpoint = z.object({
  id: text,
  tenant: text,
  url: text,
  /** Absent: all, also those that there will be. */
  events: z.exactOptional(z.array(text)),
  description: z.exactOptional(text),
  /** Why nothing is sent: it answered 410, or took nothing for five days. Absent: it is enabled. */
  disabled: z.exactOptional(z.object({ reason: z.enum(disableReasons), at: text })),
  /** The current one first. */
  secrets: z.array(Secret).check(z.minLength(1)),
  /** Hashes of the idempotency keys of rotations, the newest first. */
  rotations: z.array(text),
  /** When the first attempt failed since one succeeded. */
  failingSince: z.exactOptional(text),
  /** It asked to be left alone until then. */
  pausedUntil: z.exactOptional(text),
  /** Of the request that registered it. */
  fingerprint: text,
  createdAt: text,
  /** Counts the changes: each is made to what was read, or not at all. */
  revision: z.int(),
});
export type WebhookEndpoint = z.infer<typeof WebhookEndpoint>;

export function webhookEndpointId(tenant: string, key: string): string {
  return derivedId("whe", tenant, "webhook-endpoint", key);
}

export function wants({ events }: WebhookEndpoint, event: string): boolean {
  return events === undefined || events.includes(event);
}

/** The secrets that sign now, the current one first. */
export function signingSecrets({ secrets }: WebhookEndpoint, now: Date): readonly string[] {
  return secrets.filter((one) => signsAt(one, now)).map(({ secret }) => secret);
}

/** The secret that a call made, while it signs: a repeat of the call is told it again. */
export function secretMadeBy({ secrets }: WebhookEndpoint, madeBy: string, now: Date): string | undefined {
  return secrets.find((one) => one.madeBy === madeBy && signsAt(one, now))?.secret;
}

/** Undefined where as many as one request carries sign already. */
export function rotated(
  endpoint: WebhookEndpoint,
  { secret, madeBy }: { readonly secret: string; readonly madeBy: string },
  now: Date,
): WebhookEndpoint | undefined {
  const expiresAt = new Date(now.getTime() + rotationHours * 3_600_000).toISOString();
  const kept = endpoint.secrets.filter((one) => signsAt(one, now)).map((one) => ({ expiresAt, ...one }));
  if (kept.length >= secretsMax) return undefined;
  return {
    ...endpoint,
    secrets: [{ secret, madeBy }, ...kept],
    rotations: [madeBy, ...endpoint.rotations].slice(0, rotationsMax),
  };
}

/** Takes deliveries again, with a clean slate. */
export function enabled(endpoint: WebhookEndpoint): WebhookEndpoint {
  if (!endpoint.disabled) return afterSuccess(endpoint);
  const { disabled: _disabled, ...rest } = endpoint;
  return afterSuccess(rest);
}

export function disabledAsGone(endpoint: WebhookEndpoint, now: Date): WebhookEndpoint {
  return { ...endpoint, disabled: { reason: "gone", at: now.toISOString() } };
}

/** Notes that an attempt failed, where that is news; after five days of nothing else it disables. `pausedUntil`: it asked for time. */
export function afterFailure(endpoint: WebhookEndpoint, now: Date, pausedUntil?: string): WebhookEndpoint {
  const at = now.toISOString();
  const failingSince = endpoint.failingSince ?? at;
  const isOver = now.getTime() - Date.parse(failingSince) >= failingDays * 86_400_000;
  if (endpoint.failingSince && !pausedUntil && !isOver) return endpoint;
  return {
    ...endpoint,
    failingSince,
    ...(pausedUntil && { pausedUntil }),
    ...(isOver && { disabled: { reason: "failing", at } }),
  };
}

/** Forgets failures and pauses, where any were noted. A word that it is disabled stands. */
export function afterSuccess(endpoint: WebhookEndpoint): WebhookEndpoint {
  const { failingSince, pausedUntil, ...rest } = endpoint;
  return failingSince === undefined && pausedUntil === undefined ? endpoint : rest;
}

function signsAt({ expiresAt }: { expiresAt?: string }, now: Date): boolean {
  return expiresAt === undefined || expiresAt > now.toISOString();
}
