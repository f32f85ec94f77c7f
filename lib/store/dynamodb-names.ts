/** Names that one transaction at a time may have, in DynamoDB: one item each. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { whenAvailable } from "./dynamodb-client.ts";
import type { NameStore } from "./originals.ts";

export function dynamoNames(client: DynamoDBClient, table: string): NameStore {
  return {
    async take(name, transactionId) {
      try {
        await whenAvailable(
          client.send(
            new UpdateItemCommand({
              TableName: table,
              Key: { id: { S: name } },
              UpdateExpression: "SET holder = :transaction",
              ConditionExpression: "attribute_not_exists(holder) OR holder = :transaction",
              ExpressionAttributeValues: { ":transaction": { S: transactionId } },
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            }),
          ),
        );
        return { taken: true };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return { taken: false, holder: error.Item?.["holder"]?.S ?? "" };
      }
    },

    async holder(name) {
      const { Item } = await whenAvailable(
        client.send(new GetItemCommand({ TableName: table, Key: { id: { S: name } }, ConsistentRead: true })),
      );
      return Item?.["holder"]?.S;
    },

    async pass(name, transactionId) {
      try {
        await whenAvailable(
          client.send(
            new UpdateItemCommand({
              TableName: table,
              Key: { id: { S: name } },
              UpdateExpression: "REMOVE holder",
              ConditionExpression: "holder = :transaction",
              ExpressionAttributeValues: { ":transaction": { S: transactionId } },
            }),
          ),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
