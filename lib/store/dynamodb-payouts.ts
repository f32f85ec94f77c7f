/** Payouts in DynamoDB: one item each, listed under their connection until they are closed. */
import { type DynamoDBClient, GetItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { isDecided, Payout } from "../domain/payout.ts";
import { openShard, payoutKeys } from "./accrual-keys.ts";
import type { PayoutStore } from "./accruals.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import { putIf, updateIf } from "./dynamodb-conditional.ts";

export function dynamoPayouts(client: DynamoDBClient, table: string): PayoutStore {
  const keyOf = (id: string) => ({ TableName: table, Key: { id: { S: id } } });
  return {
    async create(payout) {
      const refused = await putIf(client, {
        TableName: table,
        Item: marshall({ ...payout, ...payoutKeys(payout) }, { removeUndefinedValues: true }),
        ConditionExpression: "attribute_not_exists(id)",
      });
      return refused ? Payout.parse(refused.item) : payout;
    },

    async get(id) {
      const { Item } = await whenAvailable(client.send(new GetItemCommand({ ...keyOf(id), ConsistentRead: true })));
      return Item && Payout.parse(unmarshall(Item));
    },

    async decide(payout, decision) {
      const refused = await updateIf(client, {
        ...keyOf(payout.id),
        ConditionExpression: "attribute_exists(id) AND attribute_not_exists(decision)",
        UpdateExpression: "SET decision = :decision",
        ExpressionAttributeValues: { ":decision": { M: marshall(decision) } },
      });
      if (!refused) return { ...payout, decision };
      const stored = Payout.parse(refused.item);
      if (!isDecided(stored)) throw new Error(`the payout ${payout.id} cannot be decided`);
      return stored;
    },

    async close(id) {
      await updateIf(client, {
        ...keyOf(id),
        ConditionExpression: "attribute_exists(id)",
        UpdateExpression: "SET closed = :true REMOVE dueShard, nextActionAt",
        ExpressionAttributeValues: { ":true": { BOOL: true } },
      });
    },

    async open(where, limit, after = "0") {
      const { Items = [], LastEvaluatedKey } = await whenAvailable(
        client.send(
          new QueryCommand({
            TableName: table,
            IndexName: "due",
            KeyConditionExpression: "dueShard = :shard AND nextActionAt > :after",
            ExpressionAttributeValues: { ":shard": { S: openShard(where) }, ":after": { S: after } },
            Limit: limit,
          }),
        ),
      );
      const next = LastEvaluatedKey?.["nextActionAt"]?.S;
      return { ids: Items.map((item) => item["id"]?.S ?? ""), ...(next !== undefined && { next }) };
    },
  };
}
