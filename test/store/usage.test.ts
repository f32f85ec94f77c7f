/** Usage, in memory and in DynamoDB. */
import { describe } from "vitest";
import { memoryUsage } from "../../lib/store/memory-usage.ts";
import { onEmulator } from "./emulator.ts";
import { usageInDynamoDb } from "./in-dynamodb.ts";
import { usageContract } from "./usage-contract.ts";

describe("in memory", () => {
  const usage = memoryUsage();
  usageContract(() => usage);
});

await onEmulator("dynoxide", usageInDynamoDb);
