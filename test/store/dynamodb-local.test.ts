/** The store's contract, on AWS's own DynamoDB Local, where Java is on the PATH. */
import { describe } from "vitest";
import { storeContract } from "./contract.ts";
import { canRun, openEmulator } from "./emulator.ts";

describe.runIf(await canRun("java"))("the stores in DynamoDB, as AWS's DynamoDB Local has it", () => {
  storeContract(() => openEmulator("java"));
});
