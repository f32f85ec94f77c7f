/** The records of batches in DynamoDB: one item each. */
import { type DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { Batch } from "../domain/batch.ts";
import { type BatchStore, batchListedAt } from "./batches.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import { held } from "./dynamodb-conditional.ts";
import { itemsOf } from "./dynamodb-many.ts";

/** A connection that is called `constructor` names a member of a map; the map is one all the same. */
const asItem = { removeUndefinedValues: true, convertClassInstanceToMap: true } as const;

/** Batches are few, and change a few times a second at most: one partition takes them all. */
const dueShard = "due";

export function dynamoBatches(client: DynamoDBClient, table: string): BatchStore {
  /** Whether the condition held. */
  const put = (batch: Batch, condition: string, seenRevision?: number): Promise<boolean> =>
    held(
      client.send(
        new PutItemCommand({
          TableName: table,
          Item: marshall({ ...batch, ...keysOf(batch) }, asItem),
          ConditionExpression: condition,
          ...(seenRevision !== undefined && { ExpressionAttributeValues: { ":seen": { N: String(seenRevision) } } }),
        }),
      ),
    );

  return {
    create: (batch) => put(batch, "attribute_not_exists(id)"),

    async get(id) {
      const { Item } = await whenAvailable(
        client.send(new GetItemCommand({ TableName: table, Key: { id: { S: id } }, ConsistentRead: true })),
      );
      return Item && Batch.parse(unmarshall(Item));
    },

    async replace(next) {
      const changed = { ...next, revision: next.revision + 1 };
      return (await put(changed, "revision = :seen", next.revision)) ? changed : undefined;
    },

    async list({ tenant, limit, before }) {
      const { Items = [] } = await whenAvailable(
        client.send(
          new QueryCommand({
            TableName: table,
            IndexName: "byTenant",
            KeyConditionExpression: `tenant = :tenant${before === undefined ? "" : " AND listedAt < :before"}`,
            ExpressionAttributeValues: { ":tenant": { S: tenant }, ...(before && { ":before": { S: before } }) },
            ScanIndexForward: false,
            // One more than the page holds tells that there is a next one.
            Limit: limit + 1,
          }),
        ),
      );
      const ids = Items.slice(0, limit).map((item) => item["id"]?.S ?? "");
      const found = await itemsOf(client, table, ids, "eventual");
      const read = [...found.values()].map((item) => Batch.parse(item));
      const items = read.sort((one, other) => (batchListedAt(one) < batchListedAt(other) ? 1 : -1));
      const next = Items.length > limit ? Items[limit - 1]?.["listedAt"]?.S : undefined;
      return { items, ...(next !== undefined && { next }) };
    },

    async due(now, limit) {
      const { Items = [] } = await whenAvailable(
        client.send(
          new QueryCommand({
            TableName: table,
            IndexName: "due",
            KeyConditionExpression: "dueShard = :shard AND dueAt <= :now",
            ExpressionAttributeValues: { ":shard": { S: dueShard }, ":now": { S: now.toISOString() } },
            Limit: limit,
          }),
        ),
      );
      return Items.map((item) => item["id"]?.S ?? "");
    },
  };
}

/** Attributes that exist for the indexes only; reading passes them over. */
function keysOf(batch: Batch): Record<string, string> {
  return { listedAt: batchListedAt(batch), ...(batch.dueAt && { dueShard }) };
}
