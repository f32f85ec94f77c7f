/** On the transactions' stream: writes down each event for each webhook endpoint of its tenant, and wakes the delivery. Sends nothing itself. */
import type { DynamoDBStreamEvent } from "aws-lambda";
import { type WebhookEndpoint, wants } from "../lib/domain/webhook-endpoint.ts";
import { clock, once, webhookRecord } from "../lib/lambda/dependencies.ts";
import { eventBridgePublisher } from "../lib/lambda/event-bridge.ts";
import { errorFields, log } from "../lib/lambda/log.ts";
import { type Change, changeIn } from "../lib/lambda/transaction-events.ts";
import { deliveryOf } from "../lib/lambda/webhook-event.ts";
import { type RecordDependencies, recordFor } from "../lib/lambda/webhook-record.ts";

/** A batch that fails comes again, whole, and finds the deliveries that it made before. */
export async function run(event: DynamoDBStreamEvent, dependencies: RecordDependencies): Promise<{ recorded: number }> {
  const changes = event.Records.flatMap((record) => changeIn(record) ?? []);
  const ofTenant = Map.groupBy(changes, ({ transaction }) => transaction.tenant);
  const counts = await Promise.all([...ofTenant].map(([tenant, theirs]) => record(tenant, theirs, dependencies)));
  return { recorded: counts.reduce((sum, count) => sum + count, 0) };
}

function record(tenant: string, changes: readonly Change[], dependencies: RecordDependencies): Promise<number> {
  // One transaction's in their order, so that nobody finds a later one before the earlier one is there.
  const ofTransaction = [...Map.groupBy(changes, ({ transaction }) => transaction.id).values()];
  const writeAll = async (endpoints: readonly WebhookEndpoint[]): Promise<string[]> =>
    (await Promise.all(ofTransaction.map((theirs) => write(theirs, endpoints, dependencies)))).flat();
  return recordFor(tenant, writeAll, dependencies);
}

/** The ids of the endpoints that a delivery was written for. */
async function write(
  changes: readonly Change[],
  endpoints: readonly WebhookEndpoint[],
  { deliveries }: RecordDependencies,
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

const shared = once(
  (): RecordDependencies => ({
    ...webhookRecord(),
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
