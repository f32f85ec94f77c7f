/** What it takes to write an event down for a tenant's webhook endpoints, in DynamoDB; the rest of their stores is built on it. */
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { spreadOf } from "../domain/ids.ts";
import { deliveryDays, type WebhookDelivery } from "../domain/webhook-delivery.ts";
import { WebhookEndpoint } from "../domain/webhook-endpoint.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import { held } from "./dynamodb-conditional.ts";
import { deliveryListedAt, type WebhookDeliveryStore, type WebhookEndpointStore } from "./webhooks.ts";

export function dynamoWebhookRecord(client: DynamoDBClient, table: string) {
  return {
    endpoints: { list: (tenant) => listEndpoints(client, table, tenant) },
    deliveries: { create: (delivery) => createDelivery(client, table, delivery) },
  } satisfies {
    endpoints: Pick<WebhookEndpointStore, "list">;
    deliveries: Pick<WebhookDeliveryStore, "create">;
  };
}

/** Whether it was not there. */
export function createDelivery(client: DynamoDBClient, table: string, delivery: WebhookDelivery): Promise<boolean> {
  return held(
    client.send(
      new PutItemCommand({
        TableName: table,
        Item: deliveryItem(delivery),
        ConditionExpression: "attribute_not_exists(id)",
      }),
    ),
  );
}

/** The key of the item that holds all endpoints of a tenant. */
export function endpointsKey(tenant: string) {
  return { id: { S: `endpoints#${tenant}` } };
}

/** All of a tenant's, oldest first. */
export async function listEndpoints(
  client: DynamoDBClient,
  table: string,
  tenant: string,
): Promise<readonly WebhookEndpoint[]> {
  const get = new GetItemCommand({ TableName: table, Key: endpointsKey(tenant), ConsistentRead: true });
  const { Item } = await whenAvailable(client.send(get));
  return Item ? endpointsIn(unmarshall(Item)["endpoints"]) : [];
}

/** Of the map that such an item has. */
export function endpointsIn(stored: unknown): WebhookEndpoint[] {
  return Object.values(stored ?? {})
    .map((one) => WebhookEndpoint.parse(one))
    .sort((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
}

export function deliveryItem(delivery: WebhookDelivery) {
  return marshall({ ...delivery, ...keysOf(delivery) }, { removeUndefinedValues: true });
}

/** Attributes that exist for the indexes and the time to live only. */
function keysOf(delivery: WebhookDelivery): Record<string, string | number> {
  const { endpoint, nextAttemptAt, createdAt } = delivery;
  return {
    listedAt: deliveryListedAt(delivery),
    // By endpoint and then by time: the schedule finds the endpoints without reading past each one's deliveries.
    ...(nextAttemptAt && { dueShard: shardOf(endpoint), dueAt: `${endpoint}#${nextAttemptAt}` }),
    expiresAt: Math.ceil(Date.parse(createdAt) / 1_000) + deliveryDays * 86_400,
  };
}

/** Partitions that endpoints with due deliveries are spread over. */
const shardCount = 32;
export const deliveryShards = Array.from({ length: shardCount }, (_, shard) => dueShard(shard));

export function shardOf(endpoint: string): string {
  return dueShard(spreadOf(endpoint) % shardCount);
}

function dueShard(shard: number): string {
  return `due#${shard}`;
}
