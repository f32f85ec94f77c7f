/** Originals and names, in memory and in DynamoDB. */
import { describe } from "vitest";
import { memoryNames, memoryOriginals } from "../../lib/store/memory-originals.ts";
import { onEmulator } from "./emulator.ts";
import { originalsInDynamoDb } from "./in-dynamodb.ts";
import { namesContract, originalsContract } from "./originals-contract.ts";

describe("in memory", () => {
  const originals = memoryOriginals();
  const names = memoryNames();
  originalsContract(() => originals);
  namesContract(() => names);
});

await onEmulator("dynoxide", originalsInDynamoDb);
