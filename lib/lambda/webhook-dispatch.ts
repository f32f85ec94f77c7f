/** Delivers what is due at one webhook endpoint: a few at a time, and no longer than it takes what it is given. */

import {
  afterAttempt,
  claimed,
  ended,
  failureOf,
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
import { type ChangeDependencies, changeEndpoint, endpointOf } from "./webhook-endpoints.ts";
import type { WebhookSender } from "./webhook-sender.ts";

export interface DeliverDependencies extends ChangeDependencies, Clock {
  readonly deliveries: WebhookDeliveryStore;
  readonly send: WebhookSender;
}

/** Of how a run went: what its caller must know to go on. */
export interface Delivered {
  readonly attempted: number;
  /** Nothing was left, the endpoint takes nothing now, or the run's time was up. */
  readonly end: "drained" | "stopped" | "out of time";
}

/** How many transactions are told of side by side. */
const atOnce = 8;

/** How many due ones are read from the index at a time. */
const pageSize = 100;

/** An attempt is its taker's for this long: its 15 s, and what the database may take before and after it. */
const claimMs = 60_000;

/** After this many failures in a row the rest waits for the next run. */
const failuresMax = 8;

/** A retry that comes this soon is waited for: the schedule would make a minute of its five seconds. */
const shortWaitMs = 10_000;

/** An attempt is begun only where this much time is left, which is more than it can take. */
const reserveMs = 20_000;

/** Where this endpoint's run stands. */
interface Run {
  endpoint: WebhookEndpoint;
  attempted: number;
  failuresInARow: number;
  /** The soonest retry that this run has planned. */
  retryAt: number;
  readonly remainingMs: () => number;
}

/** Two runs at once do no harm: each attempt is claimed by one of them. */
export async function deliverDue(
  { tenant, endpoint: id }: { readonly tenant: string; readonly endpoint: string },
  dependencies: DeliverDependencies,
  remainingMs: () => number,
): Promise<Delivered> {
  const { deliveries, endpoints, now, sleep } = dependencies;
  const seen = new Set<string>();
  let run: Run | undefined;
  for (;;) {
    const attempted = run?.attempted ?? 0;
    if (remainingMs() < reserveMs) return { attempted, end: "out of time" };
    // Read again for each page: it may have been disabled, deleted, or got a new secret.
    const endpoint = endpointOf(await endpoints.list(tenant), id);
    if (isPaused(endpoint, now()) || (run && run.failuresInARow >= failuresMax)) return { attempted, end: "stopped" };
    // What was just taken up may stand in the index a moment longer.
    const page = (await deliveries.due(id, now(), pageSize)).filter((one) => !seen.has(`${one.id}@${one.at}`));
    for (const one of page) seen.add(`${one.id}@${one.at}`);
    if (page.length === 0) {
      const waitMs = (run?.retryAt ?? Number.POSITIVE_INFINITY) - now().getTime();
      if (!run || waitMs > shortWaitMs || remainingMs() - waitMs < reserveMs) return { attempted, end: "drained" };
      run.retryAt = Number.POSITIVE_INFINITY;
      await sleep(Math.max(waitMs, 0));
    } else if (!endpoint?.disabled && endpoint) {
      run = {
        ...(run ?? { attempted: 0, failuresInARow: 0, retryAt: Number.POSITIVE_INFINITY }),
        endpoint,
        remainingMs,
      };
      await deliverPage(page, run, dependencies);
    } else await endPage(page, endpoint, dependencies);
  }
}

/** Side by side, but each transaction's events one after the other. */
async function deliverPage(
  page: readonly { readonly id: string }[],
  run: Run,
  dependencies: DeliverDependencies,
): Promise<void> {
  const read = await Promise.all(page.map(({ id }) => dependencies.deliveries.get(id)));
  const ofTransaction = Map.groupBy(
    read.filter((one) => one !== undefined).sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1)),
    ({ transaction }) => transaction,
  );
  const queue = [...ofTransaction.values()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      for (const delivery of next) {
        if (run.failuresInARow >= failuresMax || run.remainingMs() < reserveMs) return;
        if (run.endpoint.disabled || isPaused(run.endpoint, dependencies.now())) return;
        await attempt(delivery, run, dependencies);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Two events of one moment, a status and its alarm, are in the order of their ids. */
function orderOf({ createdAt, webhookId }: WebhookDelivery): string {
  return `${createdAt}#${webhookId}`;
}

/*
 * The claim is a condition on what was read, and so is the record, so an attempt is made by one run:
 *
 *   run A   read ─ claim ─ POST ─ record
 *   run B     read ─ claim refused: another's
 *   run A   read ─ claim ─ POST ✗ dies         the claim ends, and another attempt is made: at least once
 */
async function attempt(read: WebhookDelivery, run: Run, dependencies: DeliverDependencies): Promise<void> {
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
    transactionId: delivery.transaction,
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

/** What waits for an endpoint that is disabled or deleted has waited long enough; it can be replayed. */
async function endPage(
  page: readonly { readonly id: string }[],
  endpoint: WebhookEndpoint | undefined,
  { deliveries }: DeliverDependencies,
): Promise<void> {
  const failure = endpoint?.disabled ? failureOf(endpoint.disabled.reason) : "endpoint_deleted";
  await Promise.all(
    page.map(async ({ id }) => {
      const delivery = await deliveries.get(id);
      if (delivery?.nextAttemptAt) await deliveries.replace(ended(delivery, failure));
    }),
  );
}

function isPaused(endpoint: WebhookEndpoint | undefined, now: Date): boolean {
  return endpoint?.pausedUntil !== undefined && !endpoint.disabled && endpoint.pausedUntil > now.toISOString();
}
