/** Webhook endpoints and deliveries, in memory and in DynamoDB. */
import { describe } from "vitest";
import { memoryWebhookDeliveries, memoryWebhookEndpoints } from "../../lib/store/memory-webhooks.ts";
import { onEmulator } from "./emulator.ts";
import { webhooksInDynamoDb } from "./in-dynamodb.ts";
import { deliveriesContract, endpointsContract } from "./webhooks-contract.ts";

describe("in memory", () => {
  const [endpoints, deliveries] = [memoryWebhookEndpoints(), memoryWebhookDeliveries()];
  endpointsContract(() => endpoints);
  deliveriesContract(() => deliveries);
});

await onEmulator("dynoxide", webhooksInDynamoDb);
