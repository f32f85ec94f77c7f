/** The store's contract, on the embedded emulator dynoxide. */
import { describe } from "vitest";
import { storeContract } from "./contract.ts";
import { canRun, openEmulator } from "./emulator.ts";

describe.runIf(await canRun("dynoxide"))("the stores in DynamoDB, as dynoxide has it", () => {
  storeContract(() => openEmulator("dynoxide"));
});
