/** One attempt to deliver a webhook: claimed, signed, sent, recorded; and what its answer says of the endpoint. */

import {
  afterAttempt,
  claimed,
  isGone,
  isSuccess,
  isTried,
  pauseOf,
  type WebhookAnswer,
  type WebhookDelivery,
} from "../domain/webhook-delivery.ts";
import {
  afterFailure,
  afterSuccess,
  disabledAsGone,
  signingSecrets,
  type WebhookEndpoint,
} from "../domain/webhook-endpoint.ts";
import { signatureHeader } from "../domain/webhook-signature.ts";
import type { WebhookDeliveryStore } from "../store/webhooks.ts";
import type { Clock } from "./dependencies.ts";
import { errorFields, log } from "./log.ts";
import { type ChangeDependencies, changeEndpoint } from "./webhook-endpoints.ts";
import type { WebhookSender } from "./webhook-sender.ts";

export interface DeliverDependencies extends ChangeDependencies, Clock {
  readonly deliveries: WebhookDeliveryStore;
  readonly send: WebhookSender;
}

/** Where this endpoint's run stands. */
export interface Run {
  endpoint: WebhookEndpoint;
  attempted: number;
  failuresInARow: number;
  /** The soonest retry that this run has planned. */
  retryAt: number;
  readonly remainingMs: () => number;
}

/** An attempt is its taker's for this long: its 15 s, and what the database may take before and after it. */
const claimMs = 60_000;

/*
 * The claim is a condition on what was read, and so is the record, so an attempt is made by one run:
 *
 *   run A   read ─ claim ─ POST ─ record
 *   run B     read ─ claim refused: another's
 *   run A   read ─ claim ─ POST ✗ dies         the claim ends, and another attempt is made: at least once
 */
export async function attempt(read: WebhookDelivery, run: Run, dependencies: DeliverDependencies): Promise<void> {
  const { deliveries, send, now } = dependencies;
  if (read.nextAttemptAt === undefined || read.nextAttemptAt > now().toISOString()) return;
  if (!(await isItsTurn(read, deliveries))) return;
  const delivery = await deliveries.replace(claimed(read, new Date(now().getTime() + claimMs)));
  if (!delivery) return;

  const at = now();
  run.attempted += 1;
  const answer = await send({ url: run.endpoint.url, ...signed(delivery, run.endpoint, at), body: delivery.body });
  const answeredAt = now();
  const after = afterAttempt(delivery, answer, { at, now: answeredAt });
  await deliveries.replace(after);
  run.failuresInARow = isSuccess(answer) ? 0 : run.failuresInARow + 1;
  if (after.nextAttemptAt) run.retryAt = Math.min(run.retryAt, Date.parse(after.nextAttemptAt));
  log("info", "webhook", {
    tenant: delivery.tenant,
    endpoint: delivery.endpoint,
    ...(delivery.transaction && { transactionId: delivery.transaction }),
    ...(delivery.batch && { batch: delivery.batch }),
    outcome: answer.kind === "answered" ? String(answer.status) : answer.error,
    attempts: after.tries,
    durationMs: answeredAt.getTime() - at.getTime(),
  });
  await noteAnswer(answer, answeredAt, run, dependencies);
}

/** An event is told first when the one before it has been told at least once; whose retries wait hold up nobody. */
async function isItsTurn({ attempts, after }: WebhookDelivery, deliveries: WebhookDeliveryStore): Promise<boolean> {
  if (attempts.length > 0 || after === undefined) return true;
  const before = await deliveries.get(after);
  return before === undefined || isTried(before);
}

function signed({ webhookId: id, body }: WebhookDelivery, endpoint: WebhookEndpoint, at: Date) {
  const timestamp = Math.floor(at.getTime() / 1_000);
  return {
    headers: {
      "content-type": "application/json",
      "user-agent": "moneyback-webhooks/1",
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": signatureHeader({ id, timestamp, body }, signingSecrets(endpoint, at)),
    },
  };
}

async function noteAnswer(
  answer: WebhookAnswer,
  now: Date,
  run: Run,
  dependencies: DeliverDependencies,
): Promise<void> {
  const change = (endpoint: WebhookEndpoint): WebhookEndpoint => {
    if (endpoint.disabled) return endpoint;
    if (isSuccess(answer)) return afterSuccess(endpoint);
    return isGone(answer) ? disabledAsGone(endpoint, now) : afterFailure(endpoint, now, pauseOf(answer, now));
  };
  const wasDisabled = run.endpoint.disabled !== undefined;
  const changed = await changeEndpoint(run.endpoint, change, dependencies).catch((error: unknown) => {
    // The attempt is recorded; how the endpoint has been is noted with the next one.
    log("error", "webhook endpoint not noted", { endpoint: run.endpoint.id, ...errorFields(error) });
    return undefined;
  });
  if (!changed) return;
  run.endpoint = changed;
  if (changed.disabled && !wasDisabled) {
    log("warn", "webhook endpoint disabled", {
      tenant: changed.tenant,
      endpoint: changed.id,
      outcome: changed.disabled.reason,
    });
  }
}

export function isPaused(endpoint: WebhookEndpoint | undefined, now: Date): boolean {
  return endpoint?.pausedUntil !== undefined && !endpoint.disabled && endpoint.pausedUntil > now.toISOString();
}
