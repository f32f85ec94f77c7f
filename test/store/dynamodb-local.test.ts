/** The contracts of all stores, on AWS's own DynamoDB Local, where Java is on the PATH: on one, as it takes seconds to start. */
import { storeContract } from "./contract.ts";
import { onEmulator, storesIn } from "./emulator.ts";
import {
  accrualsInDynamoDb,
  batchesInDynamoDb,
  connectionStatesInDynamoDb,
  originalsInDynamoDb,
  usageInDynamoDb,
  webhooksInDynamoDb,
} from "./in-dynamodb.ts";

await onEmulator("java", (client) => {
  storeContract(async () => ({ ...storesIn(client()), close: async () => {} }));
  originalsInDynamoDb(client);
  accrualsInDynamoDb(client);
  batchesInDynamoDb(client);
  connectionStatesInDynamoDb(client);
  webhooksInDynamoDb(client);
  usageInDynamoDb(client);
});
