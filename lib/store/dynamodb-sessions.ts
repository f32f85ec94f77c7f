/** Providers' sessions in DynamoDB: one item a connection, with a lease so that of many callers one logs in. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { whenAvailable } from "./dynamodb-client.ts";
import type { SessionStore } from "./port.ts";

export function dynamoSessions(client: DynamoDBClient, table: string): SessionStore {
  const keyOf = (id: string) => ({ TableName: table, Key: { id: { S: id } } });
  return {
    async get(id) {
      const { Item } = await whenAvailable(client.send(new GetItemCommand({ ...keyOf(id), ConsistentRead: true })));
      const { token, issuedAt, expiresAt } = Item ?? {};
      if (!token?.S || !issuedAt?.S || !expiresAt?.S) return undefined;
      return { token: token.S, issuedAt: issuedAt.S, expiresAt: expiresAt.S };
    },

    async lease(id, now, until) {
      try {
        await whenAvailable(
          client.send(
            new UpdateItemCommand({
              ...keyOf(id),
              UpdateExpression: "SET leasedUntil = :until",
              ConditionExpression: "attribute_not_exists(leasedUntil) OR leasedUntil <= :now",
              ExpressionAttributeValues: { ":until": { S: until.toISOString() }, ":now": { S: now.toISOString() } },
            }),
          ),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
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
