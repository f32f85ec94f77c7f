/** The register of API keys in DynamoDB, for an operator's tool; apart from the store, so that the authorizer does not load it. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateScan,
} from "@aws-sdk/client-dynamodb";
import { type ApiKey, type ApiKeyRegister, byKeyId } from "./api-keys.ts";
import { apiKeyOf } from "./dynamodb-api-keys.ts";

export function dynamoApiKeyRegister(client: DynamoDBClient, table: string): ApiKeyRegister {
  return {
    async list(tenant) {
      return (await scan(client, table))
        .map(({ apiKey }) => apiKey)
        .filter((apiKey) => tenant === undefined || apiKey.tenant === tenant)
        .sort(byKeyId);
    },

    async revoke({ tenant, keyId }) {
      const found = (await scan(client, table)).filter(
        ({ apiKey }) => apiKey.tenant === tenant && apiKey.keyId === keyId,
      );
      const ended = await Promise.all(found.map(({ id }) => end(client, { table, id, tenant, keyId })));
      return ended.some(Boolean);
    },
  };
}

/** Every key with the hash that it lies under. Consistent: a key that was just issued must be there to be revoked. */
async function scan(client: DynamoDBClient, table: string): Promise<{ id: AttributeValue; apiKey: ApiKey }[]> {
  const found: { id: AttributeValue; apiKey: ApiKey }[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    for (const item of Items) {
      const apiKey = apiKeyOf(item);
      if (item["id"] && apiKey) found.push({ id: item["id"], apiKey });
    }
  }
  return found;
}

interface Ended {
  readonly table: string;
  readonly id: AttributeValue;
  readonly tenant: string;
  readonly keyId: string;
}

/** Only while it is still that key: somebody may have put another in its place since the scan. */
async function end(client: DynamoDBClient, { table, id, tenant, keyId }: Ended): Promise<boolean> {
  try {
    await client.send(
      new DeleteItemCommand({
        TableName: table,
        Key: { id },
        ConditionExpression: "keyId = :keyId AND tenant = :tenant",
        ExpressionAttributeValues: { ":keyId": { S: keyId }, ":tenant": { S: tenant } },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
