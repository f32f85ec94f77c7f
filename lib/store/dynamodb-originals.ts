/** Originals and turns in DynamoDB: one item each, every change one conditional write. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { MinorUnits } from "../domain/money.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import type { OriginalStore, TurnStore } from "./originals.ts";

export function dynamoOriginals(client: DynamoDBClient, table: string): OriginalStore {
  const keyOf = (id: string) => ({ TableName: table, Key: { id: { S: id } } });
  return {
    async remaining(id) {
      const { Item } = await whenAvailable(client.send(new GetItemCommand({ ...keyOf(id), ConsistentRead: true })));
      const { remaining, currency } = Item ?? {};
      if (!remaining?.N || !currency?.S) return undefined;
      return { value: Number(remaining.N) as MinorUnits, currency: currency.S };
    },

    async learn(id, { value, currency }) {
      try {
        await whenAvailable(
          client.send(
            new PutItemCommand({
              TableName: table,
              Item: { id: { S: id }, remaining: { N: String(value) }, currency: { S: currency }, holds: { M: {} } },
              ConditionExpression: "attribute_not_exists(id)",
            }),
          ),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    /*
     * Two refunds of 60 on an original of 100, at once:
     *
     *   refund A   remaining 100 >= 60, nothing of A held ── remaining 40, A holds 60 ─▶ held
     *   refund B        remaining 40 < 60 ── refused, ALL_OLD ─────────────────────────▶ exceeds
     */
    async hold(id, transactionId, amount) {
      try {
        await whenAvailable(
          client.send(
            new UpdateItemCommand({
              ...keyOf(id),
              ConditionExpression:
                "remaining >= :amount AND currency = :currency AND attribute_not_exists(holds.#transaction)",
              UpdateExpression: "SET remaining = remaining - :amount, holds.#transaction = :amount",
              ExpressionAttributeNames: { "#transaction": transactionId },
              ExpressionAttributeValues: {
                ":amount": { N: String(amount.value) },
                ":currency": { S: amount.currency },
              },
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            }),
          ),
        );
        return { kind: "held" };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const { holds, remaining, currency } = error.Item ?? {};
        if (!remaining?.N) return { kind: "not-learned" };
        const held = holds?.M?.[transactionId]?.N;
        if (held !== undefined) return held === "0" ? { kind: "given-back" } : { kind: "held" };
        if (currency?.S !== amount.currency) return { kind: "other-currency", currency: currency?.S ?? "" };
        return { kind: "exceeds", remaining: Number(remaining.N) };
      }
    },

    /** The hold stays as a zero, so that a late execution of the same flow cannot hold again what nobody would give back. */
    async release(id, transactionId) {
      try {
        await whenAvailable(
          client.send(
            new UpdateItemCommand({
              ...keyOf(id),
              ConditionExpression: "holds.#transaction > :nothing",
              UpdateExpression: "SET remaining = remaining + holds.#transaction, holds.#transaction = :nothing",
              ExpressionAttributeNames: { "#transaction": transactionId },
              ExpressionAttributeValues: { ":nothing": { N: "0" } },
            }),
          ),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}

export function dynamoTurns(client: DynamoDBClient, table: string): TurnStore {
  const update = (id: string, transactionId: string, change: { update: string; condition: string }) =>
    whenAvailable(
      client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { id: { S: id } },
          UpdateExpression: change.update,
          ConditionExpression: change.condition,
          ExpressionAttributeValues: { ":transaction": { S: transactionId } },
        }),
      ),
    );
  return {
    async take(id, transactionId) {
      try {
        await update(id, transactionId, {
          update: "SET holder = :transaction",
          condition: "attribute_not_exists(holder) OR holder = :transaction",
        });
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    async pass(id, transactionId) {
      try {
        await update(id, transactionId, { update: "REMOVE holder", condition: "holder = :transaction" });
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
