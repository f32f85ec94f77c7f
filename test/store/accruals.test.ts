/** Accruals and what pays them, in memory and in DynamoDB. */
import { afterAll, beforeAll, describe } from "vitest";
import { dynamoAccrualLists } from "../../lib/store/dynamodb-accrual-lists.ts";
import { dynamoAccruals } from "../../lib/store/dynamodb-accruals.ts";
import { dynamoCashbackRuns } from "../../lib/store/dynamodb-cashback-runs.ts";
import { dynamoCashbackSchedules } from "../../lib/store/dynamodb-cashback-schedules.ts";
import { dynamoPayouts } from "../../lib/store/dynamodb-payouts.ts";
import {
  memoryAccruals,
  memoryCashbackRuns,
  memoryCashbackSchedules,
  memoryPayouts,
} from "../../lib/store/memory-accruals.ts";
import { tables } from "../../lib/store/tables.ts";
import { createTables, localDynamoDbClient, physicalName } from "../../local/create-tables.ts";
import { type DynamoDb, startDynamoDb } from "../../local/dynamodb.ts";
import { accrualsContract } from "./accruals-contract.ts";
import { canRun } from "./emulator.ts";
import { payoutsContract, runsContract, schedulesContract } from "./payouts-contract.ts";

const runs = { dynoxide: await canRun("dynoxide"), java: await canRun("java") };

describe("in memory", () => {
  const [accruals, payouts] = [memoryAccruals(), memoryPayouts()];
  const [schedules, cashbackRuns] = [memoryCashbackSchedules(), memoryCashbackRuns()];
  accrualsContract(() => accruals);
  payoutsContract(() => payouts);
  schedulesContract(() => schedules);
  runsContract(() => cashbackRuns);
});

describe.each(["dynoxide", "java"] as const)("in DynamoDB (%s)", (emulator) => {
  describe.runIf(runs[emulator])("", () => {
    const table = physicalName("Accruals");
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
    accrualsContract(() => ({ ...dynamoAccruals(client, table), ...dynamoAccrualLists(client, table) }));
    payoutsContract(() => dynamoPayouts(client, table));
    schedulesContract(() => dynamoCashbackSchedules(client, table));
    runsContract(() => dynamoCashbackRuns(client, table));
  });
});
