/** The store's contract, in memory. */
import { describe } from "vitest";
import { memoryApiKeys, memoryClaims, memorySessions, memoryTransactions } from "../../lib/store/memory-store.ts";
import { storeContract } from "./contract.ts";

describe("the stores in memory", () => {
  storeContract(async () => ({
    transactions: memoryTransactions(),
    claims: memoryClaims(),
    sessions: memorySessions(),
    apiKeys: memoryApiKeys(),
    close: async () => {},
  }));
});
