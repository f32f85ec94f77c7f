/** Usage, in memory and in DynamoDB. */
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { beginMonth } from "../../lib/domain/usage.ts";
import { dynamoUsage } from "../../lib/store/dynamodb-usage.ts";
import { memoryUsage } from "../../lib/store/memory-usage.ts";
import { tables } from "../../lib/store/tables.ts";
import { createTables, localDynamoDbClient, physicalName } from "../../local/create-tables.ts";
import { type DynamoDb, startDynamoDb } from "../../local/dynamodb.ts";
import { canRun } from "./emulator.ts";
import { usageContract } from "./usage-contract.ts";

const runs = { dynoxide: await canRun("dynoxide"), java: await canRun("java") };

describe("in memory", () => {
  const usage = memoryUsage();
  usageContract(() => usage);
});

describe.each(["dynoxide", "java"] as const)("in DynamoDB (%s)", (emulator) => {
  describe.runIf(runs[emulator])("", () => {
    let dynamoDb: DynamoDb;
    let client: ReturnType<typeof localDynamoDbClient>;
    beforeAll(async () => {
      dynamoDb = await startDynamoDb({ emulator });
      await createTables(dynamoDb.endpoint, tables);
      client = localDynamoDbClient(dynamoDb.endpoint);
    });
    afterAll(async () => {
      client.destroy();
      await dynamoDb.stop();
    });
    const usage = () => dynamoUsage(client, physicalName("Usage"));
    usageContract(usage);

    test("a record from before there was a count, a kind or a status has none of it", async () => {
      const { figures, ...record } = beginMonth("old", "2026-11");
      const { flowMs: _flowMs, ...cost } = figures.cost;
      const { needs_review: _review, ...byStatus } = figures.byStatus;
      const old = { ...record, figures: { ...figures, transactions: { spendback: 1 }, byStatus, cost }, revision: 1 };
      await client.send(
        new PutItemCommand({ TableName: physicalName("Usage"), Item: marshall({ id: "2026-11#old", ...old }) }),
      );
      const transactions = { spendback: 1, refund: 0, cashback: 0 };
      expect(await usage().get("old", "2026-11")).toEqual({
        ...record,
        figures: { ...figures, transactions },
        revision: 1,
      });
    });
  });
});
