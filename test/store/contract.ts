/** What every store does, whatever it keeps its data in: one suite for memory, dynoxide and DynamoDB Local. */
import { afterAll, beforeAll } from "vitest";
import type { ApiKeyRegister, ApiKeyStore } from "../../lib/store/api-keys.ts";
import type {
  ClaimLookup,
  ClaimStore,
  SessionStore,
  TransactionLists,
  TransactionReader,
  TransactionStore,
} from "../../lib/store/port.ts";
import { advanceContract } from "./advance-contract.ts";
import { apiKeyRegisterContract } from "./api-key-register-contract.ts";
import { apiKeyContract, claimContract, sessionContract } from "./claims-contract.ts";
import { createContract } from "./create-contract.ts";
import { dueContract } from "./due-contract.ts";
import { listContract } from "./list-contract.ts";
import { manyContract } from "./many-contract.ts";
import { reviewContract } from "./review-contract.ts";

export interface Stores {
  readonly transactions: TransactionStore & TransactionLists & TransactionReader;
  readonly claims: ClaimStore & ClaimLookup;
  readonly sessions: SessionStore;
  readonly apiKeys: ApiKeyStore & ApiKeyRegister;
}

export interface OpenStores extends Stores {
  close(): Promise<void>;
}

/** Opened once for the whole suite: its tests keep apart by tenant, id and time. */
export function storeContract(open: () => Promise<OpenStores>): void {
  let opened: OpenStores | undefined;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened?.close());

  const stores = (): Stores => {
    if (!opened) throw new Error("the stores are not open");
    return opened;
  };
  createContract(() => stores().transactions);
  advanceContract(() => stores().transactions);
  dueContract(() => stores().transactions);
  listContract(() => stores().transactions);
  reviewContract(() => stores().transactions);
  manyContract(() => stores().transactions);
  claimContract(() => stores().claims);
  sessionContract(() => stores().sessions);
  apiKeyContract(() => stores().apiKeys);
  apiKeyRegisterContract(() => stores().apiKeys);
}
