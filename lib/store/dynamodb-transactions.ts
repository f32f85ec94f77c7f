/** Transactions in DynamoDB: one item each, its log inside it. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { whenAvailable } from "./dynamodb-client.ts";
import { updateOf } from "./dynamodb-update.ts";
import type { TransactionStore } from "./port.ts";
import { itemOf, parseTransaction } from "./stored-transaction.ts";

export function dynamoTransactions(client: DynamoDBClient, table: string): TransactionStore {
  return {
    /*
     * One conditional put. The loser of a race learns the winner's item from the same call:
     *
     *   caller A   put if absent ── stored ───────────────▶ created
     *   caller B        put if absent ── refused, ALL_OLD ─▶ A's transaction
     */
    async create(transaction) {
      try {
        await whenAvailable(
          client.send(
            new PutItemCommand({
              TableName: table,
              Item: marshall(itemOf(transaction), { removeUndefinedValues: true, convertClassInstanceToMap: true }),
              ConditionExpression: "attribute_not_exists(id)",
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            }),
          ),
        );
        return { created: true, transaction };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException) || !error.Item) throw error;
        return { created: false, transaction: parseTransaction(unmarshall(error.Item)) };
      }
    },

    async get(id, consistency) {
      const { Item } = await whenAvailable(
        client.send(
          new GetItemCommand({
            TableName: table,
            Key: { id: { S: id } },
            ConsistentRead: consistency === "consistent",
          }),
        ),
      );
      return Item && parseTransaction(unmarshall(Item));
    },

    async advance(id, transition) {
      try {
        const { Attributes } = await whenAvailable(
          client.send(
            new UpdateItemCommand({
              TableName: table,
              Key: { id: { S: id } },
              ...updateOf(transition),
              ReturnValues: "ALL_NEW",
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            }),
          ),
        );
        return { advanced: true, transaction: parseTransaction(unmarshall(Attributes ?? {})) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return { advanced: false, transaction: error.Item && parseTransaction(unmarshall(error.Item)) };
      }
    },
  };
}
