/** Batches and their rows, in memory and in DynamoDB. */
import { describe } from "vitest";
import { memoryBatches } from "../../lib/store/memory-batches.ts";
import { batchesContract, chunksContract } from "./batches-contract.ts";
import { onEmulator } from "./emulator.ts";
import { batchesInDynamoDb } from "./in-dynamodb.ts";

describe("in memory", () => {
  const batches = memoryBatches();
  batchesContract(() => batches);
  chunksContract(() => batches);
});

await onEmulator("dynoxide", batchesInDynamoDb);
