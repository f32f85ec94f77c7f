/** Runs of cashback schedules in DynamoDB: one item each, in the index of what is due until it is done. */
import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { CashbackRun } from "../domain/cashback-run.ts";
import { runKeys } from "./accrual-keys.ts";
import type { CashbackRunStore } from "./accruals.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import { putIf } from "./dynamodb-conditional.ts";
import { dueItems } from "./dynamodb-due-runs.ts";

export function dynamoCashbackRuns(client: DynamoDBClient, table: string): CashbackRunStore {
  const itemOf = (run: CashbackRun) => ({
    TableName: table,
    Item: marshall({ ...run, ...runKeys(run) }, { removeUndefinedValues: true }),
  });
  return {
    async create(run) {
      await putIf(client, { ...itemOf(run), ConditionExpression: "attribute_not_exists(id)" });
    },

    async get(id) {
      const { Item } = await whenAvailable(
        client.send(new GetItemCommand({ TableName: table, Key: { id: { S: id } }, ConsistentRead: true })),
      );
      return Item && CashbackRun.parse(unmarshall(Item));
    },

    async replace(next) {
      const changed = { ...next, revision: next.revision + 1 };
      const refused = await putIf(client, {
        ...itemOf(changed),
        ConditionExpression: "revision = :seen",
        ExpressionAttributeValues: { ":seen": { N: String(next.revision) } },
      });
      return refused ? undefined : changed;
    },

    async due(now, limit) {
      const items = await dueItems(client, table, "runs", now, limit);
      return items.map((item) => item["id"]?.S ?? "");
    },
  };
}
