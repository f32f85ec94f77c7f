/** A DynamoDB that is ready for the stack: started, with its tables, and with an API key. */
import { scopes } from "../lib/domain/scopes.ts";
import { dynamoApiKeys } from "../lib/store/dynamodb-api-keys.ts";
import { tables } from "../lib/store/tables.ts";
import { createTables, localDynamoDbClient, physicalName } from "./create-tables.ts";
import { type DynamoDb, type DynamoDbOptions, startDynamoDb } from "./dynamodb.ts";

/** The key's owner, who may do everything. */
const owner = { keyId: "key_local", tenant: "local", scopes };

export async function startSeededDynamoDb(options: DynamoDbOptions, apiKey: string): Promise<DynamoDb> {
  const dynamoDb = await startDynamoDb(options);
  const client = localDynamoDbClient(dynamoDb.endpoint);
  try {
    await createTables(dynamoDb.endpoint, tables);
    await dynamoApiKeys(client, physicalName("ApiKeys")).put(apiKey, owner);
  } catch (error) {
    await dynamoDb.stop();
    throw error;
  } finally {
    client.destroy();
  }
  return dynamoDb;
}
