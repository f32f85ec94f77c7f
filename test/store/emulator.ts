/** The DynamoDB stores on an emulator of their own, with the product's tables. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe } from "vitest";
import { dynamoApiKeyRegister } from "../../lib/store/dynamodb-api-key-register.ts";
import { dynamoApiKeys } from "../../lib/store/dynamodb-api-keys.ts";
import { dynamoClaims } from "../../lib/store/dynamodb-claims.ts";
import { dynamoTransactionLists } from "../../lib/store/dynamodb-listing.ts";
import { dynamoTransactionReader } from "../../lib/store/dynamodb-many.ts";
import { dynamoSessions } from "../../lib/store/dynamodb-sessions.ts";
import { dynamoTransactions } from "../../lib/store/dynamodb-transactions.ts";
import { tables } from "../../lib/store/tables.ts";
import { createTables, localDynamoDbClient, physicalName } from "../../local/create-tables.ts";
import { startDynamoDb } from "../../local/dynamodb.ts";
import { dynamoDbLocal, dynoxide } from "../../local/dynamodb-emulators.ts";
import { isThorough } from "../thoroughness.ts";
import type { OpenStores } from "./contract.ts";

type Emulator = "dynoxide" | "java";

const names = { dynoxide: "dynoxide", java: "AWS's DynamoDB Local" };

/** Whether the emulator can run here, and the one on Java, which takes its time, is asked for. Says so where it cannot, so that a suite never goes missing in silence. */
export async function canRun(emulator: Emulator): Promise<boolean> {
  if (emulator === "java" && !isThorough) return false;
  const found = emulator === "dynoxide" ? await dynoxide() : await dynamoDbLocal();
  if (!found) process.stderr.write(`LEFT OUT: what is tested on ${emulator}, which cannot run on this machine\n`);
  return found !== undefined;
}

/** Tests on one emulator that starts before them and ends after them, left out where it cannot run. */
export async function onEmulator(emulator: Emulator, define: (client: () => DynamoDBClient) => void): Promise<void> {
  const isHere = await canRun(emulator);
  describe.runIf(isHere)(`in DynamoDB, as ${names[emulator]} has it`, () => {
    let opened: Awaited<ReturnType<typeof openTables>>;
    beforeAll(async () => {
      opened = await openTables(emulator);
    });
    afterAll(() => opened?.close());
    define(() => opened.client);
  });
}

export async function openEmulator(emulator: Emulator): Promise<OpenStores & { readonly client: DynamoDBClient }> {
  const { client, close } = await openTables(emulator);
  return { client, ...storesIn(client), close };
}

/** What the flow itself reads and writes. */
export function storesIn(client: DynamoDBClient): Omit<OpenStores, "close"> {
  const table = physicalName("Transactions");
  return {
    transactions: {
      ...dynamoTransactions(client, table),
      ...dynamoTransactionLists(client, table),
      ...dynamoTransactionReader(client, table),
    },
    claims: dynamoClaims(client, physicalName("Idempotency")),
    sessions: dynamoSessions(client, physicalName("Sessions")),
    apiKeys: {
      ...dynamoApiKeys(client, physicalName("ApiKeys")),
      ...dynamoApiKeyRegister(client, physicalName("ApiKeys")),
    },
  };
}

async function openTables(emulator: Emulator): Promise<{ readonly client: DynamoDBClient; close(): Promise<void> }> {
  const { endpoint, stop } = await startDynamoDb({ emulator });
  await createTables(endpoint, tables);
  const client = localDynamoDbClient(endpoint);
  return {
    client,
    close: async () => {
      client.destroy();
      await stop();
    },
  };
}
