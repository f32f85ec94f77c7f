/** The minute of a cashback schedule, brought about at once. */
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { cashbackScheduleId } from "../../lib/domain/cashback-schedule.ts";
import { localDynamoDbClient, physicalName } from "../../local/create-tables.ts";
import type { Stack } from "../../local/stack.ts";

/** The schedule's time is now, whatever its cron says: its next run takes in what was accrued until now. */
export async function makeScheduleDue({ dynamoDbEndpoint }: Stack, connection: string): Promise<void> {
  const client = localDynamoDbClient(dynamoDbEndpoint);
  await client.send(
    new UpdateItemCommand({
      TableName: physicalName("Accruals"),
      Key: { id: { S: cashbackScheduleId("local", connection) } },
      UpdateExpression: "SET nextRunAt = :now, nextActionAt = :now",
      ConditionExpression: "attribute_exists(nextRunAt)",
      ExpressionAttributeValues: { ":now": { S: new Date().toISOString() } },
    }),
  );
  client.destroy();
}
