/** The DynamoDB stores on an emulator of their own, with the product's tables. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
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
import type { OpenStores } from "./contract.ts";

type Emulator = "dynoxide" | "java";

/** Whether the emulator can run here. Says so where it cannot, so that a suite never goes missing in silence. */
export async function canRun(emulator: Emulator): Promise<boolean> {
  const found = emulator === "dynoxide" ? await dynoxide() : await dynamoDbLocal();
  if (!found) process.stderr.write(`LEFT OUT: the store's contract on ${emulator}, which cannot run on this machine\n`);
  return found !== undefined;
}

export async function openEmulator(emulator: Emulator): Promise<OpenStores & { readonly client: DynamoDBClient }> {
  const { endpoint, stop } = await startDynamoDb({ emulator });
  await createTables(endpoint, tables);
  const client = localDynamoDbClient(endpoint);
  const table = physicalName("Transactions");
  return {
    client,
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
    close: async () => {
      client.destroy();
      await stop();
    },
  };
}
