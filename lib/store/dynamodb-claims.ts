/** Idempotency claims in DynamoDB. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { whenAvailable } from "./dynamodb-client.ts";
import { type ClaimLookup, type ClaimStore, claimDays } from "./port.ts";

export function dynamoClaims(client: DynamoDBClient, table: string): ClaimStore & ClaimLookup {
  return {
    /*
     * One conditional put; DynamoDB deletes expired items late, so the condition asks for the time itself.
     *
     *   first call    put if absent or expired ── stored ────────────▶ claimed
     *   repeat             put if absent or expired ── refused, ALL_OLD ▶ the first call's fingerprint
     */
    async claim(id, fingerprint, now) {
      const seconds = Math.floor(now.getTime() / 1000);
      try {
        await whenAvailable(
          client.send(
            new PutItemCommand({
              TableName: table,
              Item: {
                id: { S: id },
                fingerprint: { S: fingerprint },
                expiresAt: { N: String(seconds + claimDays * 86_400) },
              },
              ConditionExpression: "attribute_not_exists(id) OR expiresAt <= :now",
              ExpressionAttributeValues: { ":now": { N: String(seconds) } },
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            }),
          ),
        );
        return { claimed: true };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return { claimed: false, fingerprint: error.Item?.["fingerprint"]?.S ?? "" };
      }
    },
    async find(id, now) {
      const { Item } = await whenAvailable(
        client.send(new GetItemCommand({ TableName: table, Key: { id: { S: id } }, ConsistentRead: true })),
      );
      const isHeld = Number(Item?.["expiresAt"]?.N ?? 0) > Math.floor(now.getTime() / 1000);
      return isHeld ? Item?.["fingerprint"]?.S : undefined;
    },
  };
}
