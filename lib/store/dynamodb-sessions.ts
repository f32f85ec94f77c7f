/** Providers' sessions in DynamoDB: one item a connection, with a lease so that of many callers one logs in. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Session } from "../domain/session.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import type { SessionStore } from "./port.ts";

export function dynamoSessions(client: DynamoDBClient, table: string): SessionStore {
  const keyOf = (id: string) => ({ TableName: table, Key: { id: { S: id } } });
  return {
    async get(id) {
      const { Item } = await whenAvailable(client.send(new GetItemCommand({ ...keyOf(id), ConsistentRead: true })));
      return sessionIn(Item);
    },

    async lease(id, now, until) {
      try {
        const { Attributes } = await whenAvailable(
          client.send(
            new UpdateItemCommand({
              ...keyOf(id),
              UpdateExpression: "SET leasedUntil = :until",
              ConditionExpression: "attribute_not_exists(leasedUntil) OR leasedUntil <= :now",
              ExpressionAttributeValues: { ":until": { S: until.toISOString() }, ":now": { S: now.toISOString() } },
              // A second read under the lease would cost a unit more.
              ReturnValues: "ALL_NEW",
            }),
          ),
        );
        return { session: sessionIn(Attributes) };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    },

    async save(id, session) {
      await whenAvailable(
        client.send(
          new UpdateItemCommand({
            ...keyOf(id),
            UpdateExpression: "SET #token = :token, issuedAt = :issuedAt, expiresAt = :expiresAt REMOVE leasedUntil",
            ExpressionAttributeNames: { "#token": "token" },
            ExpressionAttributeValues: {
              ":token": { S: session.token },
              ":issuedAt": { S: session.issuedAt },
              ":expiresAt": { S: session.expiresAt },
            },
          }),
        ),
      );
    },

    async release(id) {
      await whenAvailable(client.send(new UpdateItemCommand({ ...keyOf(id), UpdateExpression: "REMOVE leasedUntil" })));
    },
  };
}

function sessionIn(item: Record<string, AttributeValue> | undefined): Session | undefined {
  const { token, issuedAt, expiresAt } = item ?? {};
  if (!token?.S || !issuedAt?.S || !expiresAt?.S) return undefined;
  return { token: token.S, issuedAt: issuedAt.S, expiresAt: expiresAt.S };
}
