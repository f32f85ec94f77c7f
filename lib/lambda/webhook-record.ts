/** Writes deliveries down for a tenant's webhook endpoints, and wakes those that can be delivered to. Sends nothing itself. */
import type { WebhookEndpoint } from "../domain/webhook-endpoint.ts";
import type { WebhookDeliveryStore, WebhookEndpointStore } from "../store/webhooks.ts";
import type { EventPublisher } from "./event-bridge.ts";
import { errorFields, log } from "./log.ts";
import { wake } from "./webhook-wake.ts";

export interface RecordDependencies {
  readonly endpoints: Pick<WebhookEndpointStore, "list">;
  readonly deliveries: Pick<WebhookDeliveryStore, "create">;
  readonly events: EventPublisher;
  readonly now: () => Date;
}

/** An endpoint that has been failing for this long is woken by the schedule only. */
const failingMs = 60_000;

/**
 * `write` creates the deliveries, and gives the ids of the endpoints that it wrote one for, one for each. Done again after
 * a crash it finds those that it made before: their ids are derived. The waking comes last, and may fail: the deliveries
 * are due, and the schedule finds them. Gives how many were written.
 */
export async function recordFor(
  tenant: string,
  write: (endpoints: readonly WebhookEndpoint[]) => Promise<readonly string[]>,
  { endpoints, events, now }: RecordDependencies,
): Promise<number> {
  const all = await endpoints.list(tenant);
  if (all.length === 0) return 0;
  const written = await write(all);
  const told = new Set(written);
  const due = all.filter((endpoint) => told.has(endpoint.id) && isGood(endpoint, now()));
  await wake(
    due.map(({ id }) => ({ tenant, endpoint: id })),
    { events, now },
  ).catch((error: unknown) => log("warn", "webhooks not woken", { tenant, count: due.length, ...errorFields(error) }));
  return written.length;
}

function isGood({ disabled, failingSince, pausedUntil }: WebhookEndpoint, now: Date): boolean {
  const failsLong = failingSince !== undefined && now.getTime() - Date.parse(failingSince) > failingMs;
  return !disabled && !failsLong && !(pausedUntil && pausedUntil > now.toISOString());
}
