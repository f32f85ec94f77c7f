/** Usage in DynamoDB: one item for each tenant and month. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { MonthUsage } from "../domain/usage.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import type { UsageStore } from "./usage.ts";

export function dynamoUsage(client: DynamoDBClient, table: string): UsageStore {
  return {
    async get(tenant, month) {
      const { Item } = await whenAvailable(
        client.send(
          new GetItemCommand({ TableName: table, Key: { id: { S: idOf(tenant, month) } }, ConsistentRead: true }),
        ),
      );
      return Item && MonthUsage.parse(unmarshall(Item));
    },

    async replace(next) {
      const changed = { ...next, revision: next.revision + 1 };
      const put = new PutItemCommand({
        TableName: table,
        Item: marshall({ id: idOf(next.tenant, next.month), ...changed }, { removeUndefinedValues: true }),
        ConditionExpression: next.revision === 0 ? "attribute_not_exists(id)" : "revision = :seen",
        ...(next.revision > 0 && { ExpressionAttributeValues: { ":seen": { N: String(next.revision) } } }),
      });
      try {
        await whenAvailable(client.send(put));
        return changed;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    },
  };
}

/** A month has no `#`, so no tenant's name can make one record another's. */
function idOf(tenant: string, month: string): string {
  return `${month}#${tenant}`;
}
