/** What the test of real answers stands on: a stack, calls that a witness sees, and rows put into its tables. */
import { afterAll, beforeAll } from "vitest";
import type { CashbackSchedule } from "../../lib/domain/cashback-schedule.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import type { WebhookEndpoint } from "../../lib/domain/webhook-endpoint.ts";
import { dynamoApiKeys } from "../../lib/store/dynamodb-api-keys.ts";
import { dynamoCashbackSchedules } from "../../lib/store/dynamodb-cashback-schedules.ts";
import { dynamoTransactions } from "../../lib/store/dynamodb-transactions.ts";
import { dynamoWebhookEndpoints } from "../../lib/store/dynamodb-webhook-endpoints.ts";
import { localDynamoDbClient, physicalName } from "../../local/create-tables.ts";
import { type Stack, startStack } from "../../local/stack.ts";
import { sampleSchedule } from "../store/accrual-samples.ts";
import { sample } from "../store/sample.ts";
import { sampleEndpoint } from "../store/webhook-samples.ts";
import type { Witness } from "./witness.ts";

interface Sent {
  readonly body?: unknown;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The key of a tenant that does nothing else than to register webhook endpoints. */
export const otherTenantsKey = "mbk_many";

/** Starts before the tests of the file, and ends after them. */
export function answersStage({ see }: Witness) {
  let stack: Stack;
  let made = 0;
  beforeAll(async () => {
    stack = await startStack({ port: 0, sandboxPort: 0, awsPort: 0, clock: false, webhooks: false });
    const keys = dynamoApiKeys(localDynamoDbClient(stack.dynamoDbEndpoint), physicalName("ApiKeys"));
    await keys.put(otherTenantsKey, { keyId: "key_many", tenant: "many", scopes: ["webhooks:write"] });
  });
  afterAll(() => stack.stop());
  return {
    connectionIds: () => stack.connectionIds,

    /** `line`: method and path. Each call has an Idempotency-Key of its own, unless it is named; calls that need none do not look at it. */
    async call<Body = { id: string; code: string }>(line: string, sent: Sent = {}) {
      const [method = "", path = ""] = line.split(" ");
      const response = await fetch(`${stack.apiUrl}${path}`, {
        method,
        headers: {
          authorization: "Bearer mbk_local",
          "idempotency-key": sent.key ?? `key-${made++}`,
          ...(sent.body !== undefined && { "content-type": "application/json" }),
          ...sent.headers,
        },
        ...(sent.body !== undefined && { body: JSON.stringify(sent.body) }),
      });
      const { status, headers } = response;
      const text = await response.text();
      const body = headers.get("content-type")?.includes("json") ? JSON.parse(text) : undefined;
      see({ method, path, sent: sent.body, status, headers, body });
      return { status, headers, body: body as Body };
    },

    async sandbox(path: string, body: object): Promise<void> {
      const response = await fetch(`${stack.sandboxUrl}/_sandbox/${path}`, {
        method: "POST",
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`the sandbox refused: ${await response.text()}`);
    },

    /** The id of a transaction that is not due within this test's life, so that nobody but the test touches it. */
    async stored(members: Partial<Transaction>): Promise<string> {
      const store = dynamoTransactions(localDynamoDbClient(stack.dynamoDbEndpoint), physicalName("Transactions"));
      const nextActionAt = "2099-01-01T00:00:00.000Z";
      const transaction = sample("local", made++, { nextActionAt, ...members });
      await store.create(transaction);
      return transaction.id;
    },

    /** Fires a schedule of the service's, which does not fire by itself here. */
    async fire(scheduleName: string): Promise<void> {
      await stack.clock.fire(scheduleName);
    },

    async storedSchedule(members: Partial<CashbackSchedule>): Promise<void> {
      const store = dynamoCashbackSchedules(localDynamoDbClient(stack.dynamoDbEndpoint), physicalName("Accruals"));
      await store.create(sampleSchedule("local", members));
    },

    async storedEndpoint(members: Partial<WebhookEndpoint>): Promise<string> {
      const store = dynamoWebhookEndpoints(localDynamoDbClient(stack.dynamoDbEndpoint), physicalName("Webhooks"));
      const endpoint = sampleEndpoint("local", made++, members);
      await store.register(endpoint, new Date());
      return endpoint.id;
    },
  };
}
