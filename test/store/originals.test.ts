/** Originals and names, in memory and in DynamoDB. */
import { afterAll, beforeAll, describe } from "vitest";
import { dynamoNames } from "../../lib/store/dynamodb-names.ts";
import { dynamoOriginals } from "../../lib/store/dynamodb-originals.ts";
import { memoryNames, memoryOriginals } from "../../lib/store/memory-originals.ts";
import { tables } from "../../lib/store/tables.ts";
import { createTables, localDynamoDbClient, physicalName } from "../../local/create-tables.ts";
import { type DynamoDb, startDynamoDb } from "../../local/dynamodb.ts";
import { canRun } from "./emulator.ts";
import { namesContract, originalsContract } from "./originals-contract.ts";

const runs = { dynoxide: await canRun("dynoxide"), java: await canRun("java") };

describe("in memory", () => {
  const originals = memoryOriginals();
  const names = memoryNames();
  originalsContract(() => originals);
  namesContract(() => names);
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
    originalsContract(() => dynamoOriginals(client, physicalName("Originals")));
    namesContract(() => dynamoNames(client, physicalName("Originals")));
  });
});
