/** Cashback schedules in DynamoDB: one item for a tenant and connection, its next time in it and in the index of what is due. */
import { DeleteItemCommand, type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { CashbackSchedule, cashbackScheduleId } from "../domain/cashback-schedule.ts";
import { scheduleKeys } from "./accrual-keys.ts";
import type { CashbackScheduleStore, Place } from "./accruals.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import { putIf } from "./dynamodb-conditional.ts";
import { dueItems } from "./dynamodb-due-runs.ts";

export function dynamoCashbackSchedules(client: DynamoDBClient, table: string): CashbackScheduleStore {
  const keyOf = ({ tenant, connection }: Place) => ({
    TableName: table,
    Key: { id: { S: cashbackScheduleId(tenant, connection) } },
  });
  const itemOf = (schedule: CashbackSchedule) => ({
    TableName: table,
    Item: marshall({ ...schedule, ...scheduleKeys(schedule) }, { removeUndefinedValues: true }),
  });
  return {
    async get(where) {
      const { Item } = await whenAvailable(client.send(new GetItemCommand({ ...keyOf(where), ConsistentRead: true })));
      return Item && CashbackSchedule.parse(unmarshall(Item));
    },

    async create(schedule) {
      return !(await putIf(client, { ...itemOf(schedule), ConditionExpression: "attribute_not_exists(id)" }));
    },

    async replace(next) {
      const refused = await putIf(client, {
        ...itemOf({ ...next, revision: next.revision + 1 }),
        // One that was deleted and made anew counts its changes from the beginning, too.
        ConditionExpression: "revision = :seen AND createdAt = :made",
        ExpressionAttributeValues: { ":seen": { N: String(next.revision) }, ":made": { S: next.createdAt } },
      });
      return !refused;
    },

    async remove(where) {
      const { Attributes } = await whenAvailable(
        client.send(new DeleteItemCommand({ ...keyOf(where), ReturnValues: "ALL_OLD" })),
      );
      return Attributes !== undefined;
    },

    async due(now, limit) {
      const items = await dueItems(client, table, "schedules", now, limit);
      return items.map((item) => ({ tenant: item["tenant"]?.S ?? "", connection: item["connection"]?.S ?? "" }));
    },
  };
}
