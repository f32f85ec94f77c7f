/** Transactions in DynamoDB: one item each, its log inside it. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Transaction } from "../domain/transaction.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import { putIf } from "./dynamodb-conditional.ts";
import { updateOf } from "./dynamodb-update.ts";
import type { TransactionStore } from "./port.ts";
import { itemOf, parseTransaction, readTransaction, reservationOf } from "./stored-transaction.ts";

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
        return { created: false, transaction: transactionIn(error.Item) };
      }
    },

    // The same condition as a transaction's, on the same item: of the two that are put under one id, one is.
    async reserve(id, fingerprint) {
      const refused = await putIf(client, {
        TableName: table,
        Item: marshall(reservationOf(id, fingerprint)),
        ConditionExpression: "attribute_not_exists(id)",
      });
      return !refused || refused.item?.["reservedFor"] === fingerprint;
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
      return transactionIn(Item);
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
        return { advanced: false, transaction: transactionIn(error.Item) };
      }
    },
  };
}

/** Undefined where the item only reserves its id, too. */
function transactionIn(item: Record<string, AttributeValue> | undefined): Transaction | undefined {
  const read = item && readTransaction(unmarshall(item));
  return read === "reserved" ? undefined : read;
}
