/** Accruals in DynamoDB: one item each; each change of its state is one conditional write. */
import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { Accrual } from "../domain/accrual.ts";
import { groupOfMember } from "../domain/payout.ts";
import { accrualKeys, waitingShard } from "./accrual-keys.ts";
import type { AccrualStore } from "./accruals.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import { putIf, updateIf } from "./dynamodb-conditional.ts";

const names = { "#state": "state" } as const;
const [waiting, assigned, canceled] = [{ S: "waiting" }, { S: "assigned" }, { S: "canceled" }];

export function dynamoAccruals(client: DynamoDBClient, table: string): AccrualStore {
  const keyOf = (id: string) => ({ TableName: table, Key: { id: { S: id } } });
  return {
    async create(accrual) {
      const refused = await putIf(client, {
        TableName: table,
        Item: marshall({ ...accrual, ...accrualKeys(accrual) }, { removeUndefinedValues: true }),
        ConditionExpression: "attribute_not_exists(id)",
      });
      return { created: !refused, accrual: refused ? Accrual.parse(refused.item) : accrual };
    },

    async get(id) {
      const { Item } = await whenAvailable(client.send(new GetItemCommand({ ...keyOf(id), ConsistentRead: true })));
      return Item && Accrual.parse(unmarshall(Item));
    },

    async assign({ id, revision }, payout) {
      const refused = await updateIf(client, {
        ...keyOf(id),
        ConditionExpression: "#state = :waiting AND revision = :revision",
        UpdateExpression: "SET #state = :assigned, payout = :payout REMOVE waitingShard",
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: {
          ":waiting": waiting,
          ":assigned": assigned,
          ":revision": { N: String(revision) },
          ":payout": { S: payout.id },
        },
      });
      return !refused || (refused.item?.["state"] === "assigned" && refused.item["payout"] === payout.id);
    },

    async release(id, payout) {
      await updateIf(client, {
        ...keyOf(id),
        ConditionExpression: "#state = :assigned AND payout = :payout",
        UpdateExpression: "SET #state = :waiting, waitingShard = :shard ADD revision :one REMOVE payout",
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: {
          ":assigned": assigned,
          ":waiting": waiting,
          ":payout": { S: payout.id },
          ":shard": { S: waitingShard(payout, groupOfMember(payout, id)) },
          ":one": { N: "1" },
        },
      });
    },

    async cancel(seen, { by, at }) {
      const { id, state, payout, revision } = seen;
      const refused = await updateIf(client, {
        ...keyOf(id),
        ConditionExpression: `#state = :state AND revision = :revision${payout === undefined ? "" : " AND payout = :payout"}`,
        UpdateExpression: "SET #state = :canceled, #canceled = :told REMOVE waitingShard, payout",
        ExpressionAttributeNames: { ...names, "#canceled": "canceled" },
        ExpressionAttributeValues: {
          ":state": { S: state },
          ":revision": { N: String(revision) },
          ...(payout !== undefined && { ":payout": { S: payout } }),
          ":canceled": canceled,
          ":told": { M: { by: { S: by }, at: { S: at } } },
        },
      });
      return !refused;
    },
  };
}
