/** On the transactions' stream: writes down each event for each webhook endpoint of its tenant, and wakes the delivery. Sends nothing itself. */
import type { DynamoDBStreamEvent } from "aws-lambda";
import { type WebhookEndpoint, wants } from "../lib/domain/webhook-endpoint.ts";
import { clock, once, webhookDeliveryStore, webhookEndpointStore } from "../lib/lambda/dependencies.ts";
import { type EventPublisher, eventBridgePublisher } from "../lib/lambda/event-bridge.ts";
import { errorFields, log } from "../lib/lambda/log.ts";
import { type Change, changeIn } from "../lib/lambda/transaction-events.ts";
import { deliveryOf } from "../lib/lambda/webhook-event.ts";
import { wake } from "../lib/lambda/webhook-wake.ts";
import type { WebhookDeliveryStore, WebhookEndpointStore } from "../lib/store/webhooks.ts";

export interface Dependencies {
  readonly endpoints: Pick<WebhookEndpointStore, "list">;
  readonly deliveries: Pick<WebhookDeliveryStore, "create">;
  readonly events: EventPublisher;
  readonly now: () => Date;
}

/** An endpoint that has been failing for this long is woken by the schedule only. */
const failingMs = 60_000;

/**
 * A batch that fails comes again, whole, and finds the deliveries that it made before: their ids are derived. The waking
 * comes last, and may fail: the deliveries are due, and the schedule finds them.
 */
export async function run(event: DynamoDBStreamEvent, dependencies: Dependencies): Promise<{ recorded: number }> {
  const changes = event.Records.flatMap((record) => changeIn(record) ?? []);
  const ofTenant = Map.groupBy(changes, ({ transaction }) => transaction.tenant);
  const counts = await Promise.all([...ofTenant].map(([tenant, theirs]) => record(tenant, theirs, dependencies)));
  return { recorded: counts.reduce((sum, count) => sum + count, 0) };
}

async function record(tenant: string, changes: readonly Change[], dependencies: Dependencies): Promise<number> {
  const { endpoints, now, events } = dependencies;
  const all = await endpoints.list(tenant);
  if (all.length === 0) return 0;
  // One transaction's in their order, so that nobody finds a later one before the earlier one is there.
  const ofTransaction = Map.groupBy(changes, ({ transaction }) => transaction.id);
  const created = await Promise.all([...ofTransaction.values()].map((theirs) => write(theirs, all, dependencies)));
  const told = new Set(created.flat());
  const due = all.filter((endpoint) => told.has(endpoint.id) && isGood(endpoint, now()));
  await wake(
    due.map(({ id }) => ({ tenant, endpoint: id })),
    { events, now },
  ).catch((error: unknown) => log("warn", "webhooks not woken", { tenant, count: due.length, ...errorFields(error) }));
  return created.flat().length;
}

/** The ids of the endpoints that a delivery was written for. */
async function write(
  changes: readonly Change[],
  endpoints: readonly WebhookEndpoint[],
  { deliveries }: Dependencies,
): Promise<string[]> {
  const written: string[] = [];
  for (const { transaction, events } of changes) {
    for (const event of events) {
      const wanted = endpoints.filter((endpoint) => wants(endpoint, event.event));
      await Promise.all(wanted.map((endpoint) => deliveries.create(deliveryOf(event, transaction, endpoint))));
      written.push(...wanted.map(({ id }) => id));
    }
  }
  return written;
}

function isGood({ disabled, failingSince, pausedUntil }: WebhookEndpoint, now: Date): boolean {
  const failsLong = failingSince !== undefined && now.getTime() - Date.parse(failingSince) > failingMs;
  return !disabled && !failsLong && !(pausedUntil && pausedUntil > now.toISOString());
}

const shared = once(
  (): Dependencies => ({
    endpoints: webhookEndpointStore(),
    deliveries: webhookDeliveryStore(),
    events: eventBridgePublisher(),
    now: clock.now,
  }),
);

export async function handler(event: DynamoDBStreamEvent): Promise<{ recorded: number }> {
  try {
    return await run(event, shared());
  } catch (error) {
    log("error", "webhooks not recorded", { count: event.Records.length, ...errorFields(error) });
    throw error;
  }
}
