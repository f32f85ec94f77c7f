/** Delivers what is due at one webhook endpoint: a few at a time, and no longer than it takes what it is given. */

import { ended, failureOf, subjectOf, type WebhookDelivery } from "../domain/webhook-delivery.ts";
import type { WebhookEndpoint } from "../domain/webhook-endpoint.ts";
import { attempt, type DeliverDependencies, isPaused, type Run } from "./webhook-attempt.ts";
import { endpointOf } from "./webhook-endpoints.ts";

/** Of how a run went: what its caller must know to go on. */
export interface Delivered {
  readonly attempted: number;
  /** Nothing was left, the endpoint takes nothing now, or the run's time was up. */
  readonly end: "drained" | "stopped" | "out of time";
}

/** How many transactions and batches are told of side by side. */
const atOnce = 8;

/** How many due ones are read from the index at a time. */
const pageSize = 100;

/** After this many failures in a row the rest waits for the next run. */
const failuresMax = 8;

/** A retry that comes this soon is waited for: the schedule would make a minute of its five seconds. */
const shortWaitMs = 10_000;

/** An attempt is begun only where this much time is left, which is more than it can take. */
const reserveMs = 20_000;

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

/** Side by side, but each transaction's or batch's events one after the other. */
async function deliverPage(
  page: readonly { readonly id: string }[],
  run: Run,
  dependencies: DeliverDependencies,
): Promise<void> {
  const read = await Promise.all(page.map(({ id }) => dependencies.deliveries.get(id)));
  const ofSubject = Map.groupBy(
    read.filter((one) => one !== undefined).sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1)),
    subjectOf,
  );
  const queue = [...ofSubject.values()];
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
