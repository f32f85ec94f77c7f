/** What Lambdas are made with: each adapter built once per process, from the environment, when it is first asked for. */

import { randomBytes } from "node:crypto";
import { setTimeout as sleepFor } from "node:timers/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { secretPrefix } from "../domain/webhook-signature.ts";
import { dynamoApiKeyRegister } from "../store/dynamodb-api-key-register.ts";
import { dynamoApiKeys } from "../store/dynamodb-api-keys.ts";
import { dynamoBatches } from "../store/dynamodb-batches.ts";
import { listenToCapacity } from "../store/dynamodb-capacity.ts";
import { dynamoChunks } from "../store/dynamodb-chunks.ts";
import { dynamoClaims } from "../store/dynamodb-claims.ts";
import { dynamoClient } from "../store/dynamodb-client.ts";
import { dynamoConnectionStates } from "../store/dynamodb-connection-states.ts";
import { dynamoTransactionLists } from "../store/dynamodb-listing.ts";
import { dynamoTransactionReader } from "../store/dynamodb-many.ts";
import { dynamoNames } from "../store/dynamodb-names.ts";
import { dynamoOriginals } from "../store/dynamodb-originals.ts";
import { dynamoRemaining } from "../store/dynamodb-remaining.ts";
import { dynamoSessions } from "../store/dynamodb-sessions.ts";
import { dynamoTransactions } from "../store/dynamodb-transactions.ts";
import { dynamoUsage } from "../store/dynamodb-usage.ts";
import { dynamoWebhookDeliveries } from "../store/dynamodb-webhook-deliveries.ts";
import { dynamoWebhookEndpoints } from "../store/dynamodb-webhook-endpoints.ts";
import { dynamoWebhookRecord } from "../store/dynamodb-webhook-record.ts";
import type { TableName } from "../store/tables.ts";
import { variable } from "./environment.ts";
import { hearUnits } from "./meter.ts";
import { meteredTransactions } from "./metered-transactions.ts";

let client: DynamoDBClient | undefined;

export function dynamo(): DynamoDBClient {
  if (!client) {
    client = dynamoClient();
    listenToCapacity(client, hearUnits);
  }
  return client;
}

export function tableNameOf(table: TableName): string {
  return variable(tableVariable(table));
}

/** The variable that `tables.ts` names for a table, spelled from its name: the tables themselves would be a kilobyte of every bundle. */
export function tableVariable(table: TableName): string {
  return `${table.replace(/\B(?=[A-Z])/g, "_").toUpperCase()}_TABLE`;
}

export const transactionStore = () => meteredTransactions(dynamoTransactions(dynamo(), tableNameOf("Transactions")));
export const transactionLists = () => dynamoTransactionLists(dynamo(), tableNameOf("Transactions"));
export const transactionReader = () => dynamoTransactionReader(dynamo(), tableNameOf("Transactions"));
export const batchStore = () => dynamoBatches(dynamo(), tableNameOf("Batches"));
export const chunkStore = () => dynamoChunks(dynamo(), tableNameOf("Batches"));
export const originalStore = () => dynamoOriginals(dynamo(), tableNameOf("Originals"));
/** For who only asks what is left. */
export const remainingStore = () => dynamoRemaining(dynamo(), tableNameOf("Originals"));
export const nameStore = () => dynamoNames(dynamo(), tableNameOf("Originals"));
export const claimStore = () => dynamoClaims(dynamo(), tableNameOf("Idempotency"));
export const sessionStore = () => dynamoSessions(dynamo(), tableNameOf("Sessions"));
export const connectionStates = () => dynamoConnectionStates(dynamo(), tableNameOf("Connections"));
export const webhookEndpointStore = () => dynamoWebhookEndpoints(dynamo(), tableNameOf("Webhooks"));
/** As much of both as it takes to write an event down. */
export const webhookRecord = () => dynamoWebhookRecord(dynamo(), tableNameOf("Webhooks"));
export const webhookDeliveryStore = () => dynamoWebhookDeliveries(dynamo(), tableNameOf("Webhooks"));
export const usageStore = () => dynamoUsage(dynamo(), tableNameOf("Usage"));
export const apiKeyRegister = () => dynamoApiKeyRegister(dynamo(), tableNameOf("ApiKeys"));
export const apiKeyStore = () => dynamoApiKeys(dynamo(), tableNameOf("ApiKeys"));

/** Time, passed in so that a test can hold it. */
export interface Clock {
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
}

export const clock: Clock = { now: () => new Date(), sleep: (ms) => sleepFor(ms) };

/** A name for an attempt: enough to tell two executions of one transaction apart. */
export const newAttemptId = () => randomBytes(6).toString("base64url");

/** A secret for a webhook endpoint: 256 random bits, as Standard Webhooks writes them. */
export const newWebhookSecret = () => `${secretPrefix}${randomBytes(32).toString("base64")}`;

/** Builds at the first call what every later call of this process shares. A failure is not remembered. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
