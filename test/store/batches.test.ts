/** Batches and their rows, in memory and in DynamoDB. */
import { afterAll, beforeAll, describe } from "vitest";
import { dynamoBatches } from "../../lib/store/dynamodb-batches.ts";
import { dynamoChunks } from "../../lib/store/dynamodb-chunks.ts";
import { memoryBatches } from "../../lib/store/memory-batches.ts";
import { tables } from "../../lib/store/tables.ts";
import { createTables, localDynamoDbClient, physicalName } from "../../local/create-tables.ts";
import { type DynamoDb, startDynamoDb } from "../../local/dynamodb.ts";
import { batchesContract, chunksContract } from "./batches-contract.ts";
import { canRun } from "./emulator.ts";

const runs = { dynoxide: await canRun("dynoxide"), java: await canRun("java") };

describe("in memory", () => {
  const batches = memoryBatches();
  batchesContract(() => batches);
  chunksContract(() => batches);
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
    batchesContract(() => dynamoBatches(client, physicalName("Batches")));
    chunksContract(() => dynamoChunks(client, physicalName("Batches")));
  });
});
