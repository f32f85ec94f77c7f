/** Deliveries to webhook endpoints in DynamoDB: one item each, dead after 30 days. */
import {
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { WebhookDelivery } from "../domain/webhook-delivery.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import { held } from "./dynamodb-conditional.ts";
import { dueDeliveries, dueEndpoints, listedDeliveries } from "./dynamodb-webhook-lists.ts";
import { createDelivery, deliveryItem, deliveryShards, shardOf } from "./dynamodb-webhook-record.ts";
import type { Lane, WebhookDeliveryStore } from "./webhooks.ts";

export function dynamoWebhookDeliveries(client: DynamoDBClient, table: string): WebhookDeliveryStore {
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
    create: (delivery) => createDelivery(client, table, delivery),

    async get(id) {
      const { Item } = await whenAvailable(
        client.send(new GetItemCommand({ TableName: table, Key: { id: { S: id } }, ConsistentRead: true })),
      );
      return Item && WebhookDelivery.parse(unmarshall(Item));
    },

    async replace(next) {
      const changed = { ...next, revision: next.revision + 1 };
      const put = new PutItemCommand({
        TableName: table,
        Item: deliveryItem(changed),
        ConditionExpression: "revision = :seen",
        ExpressionAttributeValues: { ":seen": { N: String(next.revision) } },
      });
      return (await held(client.send(put))) ? changed : undefined;
    },

    list: (query) => listedDeliveries(client, table, query, read),
    due: (endpoint, now, limit) => dueDeliveries(client, table, { endpoint, shard: shardOf(endpoint), now, limit }),
    dueEndpoints: (now) => dueEndpoints(client, table, deliveryShards, now),

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
