/** Webhook endpoints and deliveries, in memory and in DynamoDB. */
import { afterAll, beforeAll, describe } from "vitest";
import { dynamoWebhookDeliveries } from "../../lib/store/dynamodb-webhook-deliveries.ts";
import { dynamoWebhookEndpoints } from "../../lib/store/dynamodb-webhook-endpoints.ts";
import { memoryWebhookDeliveries, memoryWebhookEndpoints } from "../../lib/store/memory-webhooks.ts";
import { tables } from "../../lib/store/tables.ts";
import { createTables, localDynamoDbClient, physicalName } from "../../local/create-tables.ts";
import { type DynamoDb, startDynamoDb } from "../../local/dynamodb.ts";
import { canRun } from "./emulator.ts";
import { deliveriesContract, endpointsContract } from "./webhooks-contract.ts";

const runs = { dynoxide: await canRun("dynoxide"), java: await canRun("java") };

describe("in memory", () => {
  const [endpoints, deliveries] = [memoryWebhookEndpoints(), memoryWebhookDeliveries()];
  endpointsContract(() => endpoints);
  deliveriesContract(() => deliveries);
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
    endpointsContract(() => dynamoWebhookEndpoints(client, physicalName("Webhooks")));
    deliveriesContract(() => dynamoWebhookDeliveries(client, physicalName("Webhooks")));
  });
});
