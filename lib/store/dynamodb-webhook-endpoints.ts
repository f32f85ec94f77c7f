/** Webhook endpoints in DynamoDB: all of a tenant's in one item, because each event asks for them all, and must see the newest. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { WebhookEndpoint } from "../domain/webhook-endpoint.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import { endpointsIn, endpointsKey, listEndpoints } from "./dynamodb-webhook-record.ts";
import { claimDays } from "./port.ts";
import { endpointsMax, type WebhookEndpointStore } from "./webhooks.ts";

type Item = NonNullable<ConditionalCheckFailedException["Item"]>;
type Change = Pick<
  UpdateItemCommandInput,
  "ConditionExpression" | "UpdateExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues"
>;

export function dynamoWebhookEndpoints(client: DynamoDBClient, table: string): WebhookEndpointStore {
  const keyOf = (tenant: string) => ({ TableName: table, Key: endpointsKey(tenant) });
  const tombstoneOf = (id: string) => ({ id: { S: `deleted#${id}` } });

  /** Undefined where the condition held, else the item as it stands. */
  const refusal = async (tenant: string, change: Change): Promise<{ item: Item | undefined } | undefined> => {
    const input = { ...keyOf(tenant), ...change, ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const };
    try {
      await whenAvailable(client.send(new UpdateItemCommand(input)));
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { item: error.Item };
    }
  };

  const isDeleted = async (id: string, now: Date): Promise<boolean> => {
    const tombstone = { TableName: table, Key: tombstoneOf(id), ConsistentRead: true };
    const { Item } = await whenAvailable(client.send(new GetItemCommand(tombstone)));
    return Number(Item?.["expiresAt"]?.N ?? 0) * 1_000 > now.getTime();
  };

  return {
    list: (tenant) => listEndpoints(client, table, tenant),

    async register(endpoint, now) {
      if (await isDeleted(endpoint.id, now)) return "deleted";
      const stored = { M: marshalled(endpoint) };
      const another: Change = {
        ConditionExpression:
          "attribute_exists(endpoints) AND attribute_not_exists(endpoints.#id) AND size(endpoints) < :max",
        UpdateExpression: "SET endpoints.#id = :endpoint",
        ExpressionAttributeNames: { "#id": endpoint.id },
        ExpressionAttributeValues: { ":endpoint": stored, ":max": { N: String(endpointsMax) } },
      };
      const first: Change = {
        ConditionExpression: "attribute_not_exists(endpoints)",
        UpdateExpression: "SET endpoints = :endpoints",
        ExpressionAttributeValues: { ":endpoints": { M: { [endpoint.id]: stored } } },
      };
      let refused = await refusal(endpoint.tenant, another);
      // A tenant's first endpoint has no map to go into; whoever loses the race for it finds the winner's.
      if (refused && !refused.item && (await refusal(endpoint.tenant, first)) === undefined) return "registered";
      if (refused && !refused.item) refused = await refusal(endpoint.tenant, another);
      if (!refused) return "registered";
      const present = refused.item && unmarshall(refused.item)["endpoints"];
      return endpointsIn(present).some(({ id }) => id === endpoint.id) ? "present" : "too-many";
    },

    async replace(next) {
      const refused = await refusal(next.tenant, {
        ConditionExpression: "endpoints.#id.revision = :seen",
        UpdateExpression: "SET endpoints.#id = :next",
        ExpressionAttributeNames: { "#id": next.id },
        ExpressionAttributeValues: {
          ":seen": { N: String(next.revision) },
          ":next": { M: marshalled({ ...next, revision: next.revision + 1 }) },
        },
      });
      return refused === undefined;
    },

    /*
     * First the id is put away, then the endpoint goes, so that no repeat of the call that made it brings it back:
     *
     *   delete    tombstone ───────────── remove ─────────▶ gone
     *   repeat of POST      deleted? yes ─────────────────▶ refused
     */
    async remove({ tenant, id }, now) {
      const expiresAt = Math.floor(now.getTime() / 1_000) + claimDays * 86_400;
      const Item = { ...tombstoneOf(id), expiresAt: { N: String(expiresAt) } };
      await whenAvailable(client.send(new PutItemCommand({ TableName: table, Item })));
      await refusal(tenant, {
        ConditionExpression: "attribute_exists(endpoints.#id)",
        UpdateExpression: "REMOVE endpoints.#id",
        ExpressionAttributeNames: { "#id": id },
      });
    },
  };
}

function marshalled(endpoint: WebhookEndpoint): Item {
  return marshall(endpoint, { removeUndefinedValues: true });
}
