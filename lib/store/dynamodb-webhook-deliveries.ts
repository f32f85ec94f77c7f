/** Deliveries to webhook endpoints in DynamoDB: one item each, dead after 30 days. */
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { spreadOf } from "../domain/ids.ts";
import { deliveryDays, WebhookDelivery } from "../domain/webhook-delivery.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import { dueDeliveries, dueEndpoints, listedDeliveries } from "./dynamodb-webhook-lists.ts";
import { deliveryListedAt, type Lane, type WebhookDeliveryStore } from "./webhooks.ts";

export function dynamoWebhookDeliveries(client: DynamoDBClient, table: string): WebhookDeliveryStore {
  /** Whether the condition held. */
  const put = async (delivery: WebhookDelivery, condition: string, seenRevision?: number): Promise<boolean> => {
    const command = new PutItemCommand({
      TableName: table,
      Item: marshall({ ...delivery, ...keysOf(delivery) }, { removeUndefinedValues: true }),
      ConditionExpression: condition,
      ...(seenRevision !== undefined && { ExpressionAttributeValues: { ":seen": { N: String(seenRevision) } } }),
    });
    return held(client.send(command));
  };

  const read = async (ids: readonly string[]): Promise<WebhookDelivery[]> => {
    const found = new Map<string, WebhookDelivery>();
    let keys = ids.map((id) => ({ id: { S: id } }));
    while (keys.length > 0) {
      const { Responses, UnprocessedKeys } = await whenAvailable(
        client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys } } })),
      );
      for (const item of Responses?.[table] ?? []) {
        const delivery = WebhookDelivery.parse(unmarshall(item));
        found.set(delivery.id, delivery);
      }
      keys = (UnprocessedKeys?.[table]?.Keys ?? []).map((key) => ({ id: { S: key["id"]?.S ?? "" } }));
    }
    return ids.flatMap((id) => found.get(id) ?? []);
  };

  const laneKey = ({ endpoint, number }: Lane) => ({
    TableName: table,
    Key: { id: { S: `lane#${endpoint}#${number}` } },
  });

  return {
    create: (delivery) => put(delivery, "attribute_not_exists(id)"),

    async get(id) {
      const { Item } = await whenAvailable(
        client.send(new GetItemCommand({ TableName: table, Key: { id: { S: id } }, ConsistentRead: true })),
      );
      return Item && WebhookDelivery.parse(unmarshall(Item));
    },

    async replace(next) {
      const changed = { ...next, revision: next.revision + 1 };
      return (await put(changed, "revision = :seen", next.revision)) ? changed : undefined;
    },

    list: (query) => listedDeliveries(client, table, query, read),
    due: (endpoint, now, limit) => dueDeliveries(client, table, { endpoint, shard: shardOf(endpoint), now, limit }),
    dueEndpoints: (now) =>
      dueEndpoints(
        client,
        table,
        Array.from({ length: shardCount }, (_, n) => dueShard(n)),
        now,
      ),

    takeLane: (lane, now, until) =>
      held(
        client.send(
          new UpdateItemCommand({
            ...laneKey(lane),
            UpdateExpression: "SET takenUntil = :until, expiresAt = :dead",
            ConditionExpression: "attribute_not_exists(takenUntil) OR takenUntil <= :now",
            ExpressionAttributeValues: {
              ":until": { S: until.toISOString() },
              ":now": { S: now.toISOString() },
              ":dead": { N: String(Math.ceil(until.getTime() / 1_000) + 86_400) },
            },
          }),
        ),
      ),

    async leaveLane(lane) {
      const leave = new UpdateItemCommand({ ...laneKey(lane), UpdateExpression: "REMOVE takenUntil" });
      await whenAvailable(client.send(leave));
    },
  };
}

async function held(write: Promise<unknown>): Promise<boolean> {
  try {
    await whenAvailable(write);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
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

function shardOf(endpoint: string): string {
  return dueShard(spreadOf(endpoint) % shardCount);
}

function dueShard(shard: number): string {
  return `due#${shard}`;
}
