/** API keys in DynamoDB: one item per key, found by the key's hash. */
import { type AttributeValue, type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { type Scope, scopes } from "../domain/scopes.ts";
import { type ApiKey, type ApiKeyStore, hashApiKey } from "./api-keys.ts";

export function dynamoApiKeys(client: DynamoDBClient, table: string): ApiKeyStore {
  return {
    async find(key) {
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: { id: { S: hashApiKey(key) } } }));
      return apiKeyOf(Item);
    },

    async put(key, apiKey: ApiKey) {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: {
            id: { S: hashApiKey(key) },
            keyId: { S: apiKey.keyId },
            tenant: { S: apiKey.tenant },
            ...(apiKey.scopes.length > 0 && { scopes: { SS: [...apiKey.scopes] } }),
            ...(apiKey.expiresAt && { expiresAt: { S: apiKey.expiresAt } }),
          },
        }),
      );
    },
  };
}

/** The key that an item holds; undefined for what is none. */
export function apiKeyOf(item: Readonly<Record<string, AttributeValue>> | undefined): ApiKey | undefined {
  const { keyId, tenant, scopes: granted, expiresAt } = item ?? {};
  if (!keyId?.S || !tenant?.S) return undefined;
  return {
    keyId: keyId.S,
    tenant: tenant.S,
    scopes: (granted?.SS ?? []).filter(isScope),
    ...(expiresAt?.S && { expiresAt: expiresAt.S }),
  };
}

function isScope(name: string): name is Scope {
  return scopes.some((scope) => scope === name);
}
