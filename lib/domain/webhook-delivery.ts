/** A delivery: one event for one webhook endpoint, with its attempts and when the next one is. */
import * as z from "zod/mini";
import { derivedId } from "./ids.ts";
import type { DisableReason } from "./webhook-endpoint.ts";

/** The waits before each attempt, from the one before it: ten attempts in three days, as Standard Webhooks proposes. */
const waitsMs = [0, 5_000, 300_000, ...[0.5, 2, 5, 10, 14, 20, 24].map((hours) => hours * 3_600_000)] as const;

/** The longest that a receiver's Retry-After is followed. */
const retryAfterMsMax = 86_400_000;

/** How long a receiver that says it is overloaded, and not for how long, is left alone. */
const pauseMs = 60_000;

/** Attempts that are shown; a delivery that is replayed again and again forgets the oldest. */
const attemptsKept = 20;

/** How long deliveries are kept. */
export const deliveryDays = 30;

const text = z.string().check(z.minLength(1));

const Attempt = z.object({
  at: text,
  /** What it answered; absent where it did not. */
  status: z.exactOptional(z.int()),
  /** In a word why there was no answer. */
  error: z.exactOptional(text),
  durationMs: z.int(),
});
export type Attempt = z.infer<typeof Attempt>;

export const deliveryStatuses = ["pending", "succeeded", "failed"] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

export const deliveryFailures = ["attempts_used_up", "endpoint_gone", "endpoint_disabled", "endpoint_deleted"] as const;
type DeliveryFailure = (typeof deliveryFailures)[number];

/** As it is stored. */
export const WebhookDelivery = z.object({
  id: text,
  tenant: text,
  endpoint: text,
  /** `transaction.succeeded` and the like. */
  event: text,
  /** The event's own id, the same for every endpoint: what receivers know a repeat by. */
  webhookId: text,
  /** What it tells of: a transaction, or a batch. */
  transaction: z.exactOptional(text),
  batch: z.exactOptional(text),
  /** What is sent, byte for byte. */
  body: text,
  /** The delivery of the transaction's event before this one, which goes first. */
  after: z.exactOptional(text),
  status: z.enum(deliveryStatuses),
  failure: z.exactOptional(z.enum(deliveryFailures)),
  /** The last ones, oldest first. */
  attempts: z.array(Attempt),
  /** How many of the ten were made; a replay begins anew. */
  tries: z.int(),
  /** Absent where none is to come. */
  nextAttemptAt: z.exactOptional(text),
  /** An attempt may be under way until then. */
  claimedUntil: z.exactOptional(text),
  /** Hash of the idempotency key of the last replay. */
  replayedBy: z.exactOptional(text),
  createdAt: text,
  /** Counts the changes: each is made to what was read, or not at all. */
  revision: z.int(),
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

/** What came of an attempt. */
export type WebhookAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: "unanswered"; readonly error: string };

/** Derived, so that an event that comes again from the stream finds the delivery that it made before. */
export function webhookDeliveryId(endpoint: string, webhookId: string): string {
  return derivedId("whd", endpoint, webhookId);
}

/** What it tells of: the deliveries of one are made one after the other. */
export function subjectOf({ transaction, batch, id }: WebhookDelivery): string {
  return transaction ?? batch ?? id;
}

/** Whether its first attempt has been made, or will not be. */
export function isTried({ attempts, status }: WebhookDelivery): boolean {
  return attempts.length > 0 || status !== "pending";
}

/** Takes an attempt: for everybody else it is due again at `until`, should its taker die. */
export function claimed(delivery: WebhookDelivery, until: Date): WebhookDelivery {
  return { ...delivery, nextAttemptAt: until.toISOString(), claimedUntil: until.toISOString() };
}

/** What an attempt makes of a delivery, at the moment of its answer. */
export function afterAttempt(
  delivery: WebhookDelivery,
  answer: WebhookAnswer,
  { at, now }: { readonly at: Date; readonly now: Date },
): WebhookDelivery {
  const attempt: Attempt = {
    at: at.toISOString(),
    ...(answer.kind === "answered" ? { status: answer.status } : { error: answer.error }),
    durationMs: now.getTime() - at.getTime(),
  };
  const tries = delivery.tries + 1;
  const { failure: _failure, ...rest } = delivery;
  const tried = { ...rest, attempts: [...delivery.attempts, attempt].slice(-attemptsKept), tries };
  if (isSuccess(answer)) return over(tried, "succeeded");
  if (isGone(answer)) return ended(tried, "endpoint_gone");
  const wait = waitsMs[tries];
  if (wait === undefined) return ended(tried, "attempts_used_up");
  const next = Math.max(now.getTime() + wait, Date.parse(pauseOf(answer, now) ?? at.toISOString()));
  const { claimedUntil: _claimedUntil, ...free } = tried;
  return { ...free, nextAttemptAt: new Date(next).toISOString() };
}

/** Ends it without (another) attempt. A replay takes it up again. */
export function ended(delivery: WebhookDelivery, failure: DeliveryFailure): WebhookDelivery {
  return { ...over(delivery, "failed"), failure };
}

/** Why nothing is delivered to an endpoint that is disabled. */
export function failureOf(reason: DisableReason): DeliveryFailure {
  switch (reason) {
    case "gone":
      return "endpoint_gone";
    case "failing":
      return "endpoint_disabled";
  }
}

/** Begins its ten attempts anew. It is due since its event, so that what is replayed together keeps its order. */
export function replayed(delivery: WebhookDelivery, replayedBy: string): WebhookDelivery {
  const { failure: _failure, ...rest } = over(delivery, "pending");
  return { ...rest, tries: 0, nextAttemptAt: delivery.createdAt, replayedBy };
}

export function isSuccess(answer: WebhookAnswer): boolean {
  return answer.kind === "answered" && answer.status >= 200 && answer.status <= 299;
}

/** It wants no webhooks any more. */
export function isGone(answer: WebhookAnswer): boolean {
  return answer.kind === "answered" && answer.status === 410;
}

/** Until when a receiver wants to be left alone, if it said so: by a status of overload, or in so many words. */
export function pauseOf(answer: WebhookAnswer, now: Date): string | undefined {
  if (answer.kind === "unanswered" || isSuccess(answer) || isGone(answer)) return undefined;
  const asked = retryAfterMs(answer.retryAfter, now);
  if (asked === undefined && ![429, 502, 504].includes(answer.status)) return undefined;
  return new Date(now.getTime() + Math.min(asked ?? pauseMs, retryAfterMsMax)).toISOString();
}

/** Seconds, or a date. Undefined for what is neither. */
function retryAfterMs(retryAfter: string | undefined, now: Date): number | undefined {
  const given = retryAfter?.trim();
  if (!given) return undefined;
  if (/^\d{1,9}$/.test(given)) return Number(given) * 1_000;
  const at = /^[A-Z][a-z]{2}, .+ GMT$/.test(given) ? Date.parse(given) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}

function over(delivery: WebhookDelivery, status: DeliveryStatus): WebhookDelivery {
  const { nextAttemptAt: _nextAttemptAt, claimedUntil: _claimedUntil, ...rest } = delivery;
  return { ...rest, status };
}
