/** Originals in DynamoDB: one item each, every change one conditional write. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { whenAvailable } from "./dynamodb-client.ts";
import { dynamoRemaining, remainingIn } from "./dynamodb-remaining.ts";
import type { OriginalStore } from "./originals.ts";

/** Tries of a release whose state changes under it; two executions of one flow are all that can do that. */
const releaseTriesMax = 5;

export function dynamoOriginals(client: DynamoDBClient, table: string): OriginalStore {
  const keyOf = (id: string) => ({ TableName: table, Key: { id: { S: id } } });

  /** True if the condition held. */
  const change = async (id: string, update: Omit<UpdateItemCommandInput, "TableName" | "Key">): Promise<boolean> => {
    try {
      await whenAvailable(client.send(new UpdateItemCommand({ ...keyOf(id), ...update })));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  return {
    ...dynamoRemaining(client, table),

    async learn(id, { value, currency, source }) {
      try {
        await whenAvailable(
          client.send(
            new UpdateItemCommand({
              ...keyOf(id),
              ConditionExpression: "attribute_not_exists(remaining)",
              // The map may be there already: transactions that ended before anything was learned are remembered in it.
              UpdateExpression:
                "SET remaining = :value, currency = :currency, #source = :source, held = :zero, holds = if_not_exists(holds, :none)",
              ExpressionAttributeValues: {
                ":value": { N: String(value) },
                ":currency": { S: currency },
                ":zero": { N: "0" },
                ":none": { M: {} },
                ":source": { S: source },
              },
              ExpressionAttributeNames: { "#source": "source" },
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            }),
          ),
        );
        return { value, currency, source, isTouched: false };
      } catch (error) {
        const known = error instanceof ConditionalCheckFailedException ? remainingIn(error.Item) : undefined;
        if (!known) throw error;
        return known;
      }
    },

    async relearn(id, seen, { value, currency, source }) {
      await change(id, {
        ConditionExpression: "remaining = :seen AND currency = :seenCurrency AND held = :zero",
        UpdateExpression: "SET remaining = :value, currency = :currency, #source = :source",
        ExpressionAttributeNames: { "#source": "source" },
        ExpressionAttributeValues: {
          ":seen": { N: String(seen.value) },
          ":seenCurrency": { S: seen.currency },
          ":zero": { N: "0" },
          ":value": { N: String(value) },
          ":currency": { S: currency },
          ":source": { S: source },
        },
      });
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
              UpdateExpression:
                "SET remaining = remaining - :amount, held = held + :amount, holds.#transaction = :amount",
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
        const held = holds?.M?.[transactionId]?.N;
        if (held !== undefined) return held === "0" ? { kind: "given-back" } : { kind: "held" };
        if (!remaining?.N) return { kind: "not-learned" };
        return currency?.S === amount.currency ? { kind: "exceeds" } : { kind: "other-currency" };
      }
    },

    async release(id, transactionId) {
      const names = { "#transaction": transactionId };
      const zero = { N: "0" };
      for (let tries = 0; tries < releaseTriesMax; tries++) {
        const gaveBack = await change(id, {
          ConditionExpression: "holds.#transaction > :zero",
          UpdateExpression:
            "SET remaining = remaining + holds.#transaction, held = held - holds.#transaction, holds.#transaction = :zero",
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: { ":zero": zero },
        });
        if (gaveBack) return true;
        const isOver = await change(id, {
          ConditionExpression:
            "attribute_exists(holds) AND (attribute_not_exists(holds.#transaction) OR holds.#transaction = :zero)",
          UpdateExpression: "SET holds.#transaction = :zero",
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: { ":zero": zero },
        });
        if (isOver) return false;
        const isFirst = await change(id, {
          ConditionExpression: "attribute_not_exists(holds)",
          UpdateExpression: "SET holds = :only",
          ExpressionAttributeValues: { ":only": { M: { [transactionId]: zero } } },
        });
        if (isFirst) return false;
      }
      throw new Error(`what ${transactionId} holds keeps changing`);
    },
  };
}
