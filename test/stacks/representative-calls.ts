/** One of everything that callers, providers, operators, events and schedules do, on one stack. */

import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { localDynamoDbClient, physicalName } from "../../local/create-tables.ts";
import type { Stack } from "../../local/stack.ts";
import { providers } from "../../sandbox/providers.ts";
import { apiClient, type TransactionBody, until } from "../flow/api-client.ts";
import { accruals, batches, costs } from "./representative-batches.ts";

type Api = ReturnType<typeof apiClient>;
interface Named {
  readonly id: string;
}

let keys = 0;
const keyed = (more: Record<string, string> = {}) => ({ "idempotency-key": `representative-${keys++}`, ...more });

export async function makeRepresentativeCalls(stack: Stack, sandboxUrl: string): Promise<void> {
  const api = apiClient({ apiUrl: stack.apiUrl, sandboxUrl });
  const endpoint = await tenantsWebhooks(api, stack);
  await orders(api, sandboxUrl);
  await doubts(api, stack, sandboxUrl);
  await reading(api);
  await events(stack, api);
  await schedules(stack);
  await batches(api, stack);
  await accruals(api, stack);
  await costs(api, stack);
  await webhookDeliveries(api, endpoint);
}

/** An endpoint that stays, so that there are deliveries; and one that is turned, enabled and deleted. */
async function tenantsWebhooks(api: Api, stack: Stack): Promise<string> {
  const url = `${stack.sandboxUrl}/_sandbox/receiver?name=watched`;
  const stays = await api.post<Named>("/v1/webhook-endpoints", { url }, keyed());
  const goes = await api.post<Named>("/v1/webhook-endpoints", { url }, keyed());
  const path = `/v1/webhook-endpoints/${goes.body.id}`;
  await api.post(`${path}/rotate`, {}, keyed());
  await disable(stack, goes.body.id);
  await api.post(`${path}/enable`, {}, keyed());
  await fetch(`${stack.apiUrl}${path}`, {
    method: "DELETE",
    headers: { authorization: "Bearer mbk_local", ...keyed() },
  });
  return stays.body.id;
}

/** As after days of failures. */
async function disable({ dynamoDbEndpoint }: Stack, endpoint: string): Promise<void> {
  await localDynamoDbClient(dynamoDbEndpoint).send(
    new UpdateItemCommand({
      TableName: physicalName("Webhooks"),
      Key: { id: { S: "endpoints#local" } },
      UpdateExpression: "SET endpoints.#id.disabled = :reason",
      ExpressionAttributeNames: { "#id": endpoint },
      ExpressionAttributeValues: {
        ":reason": { M: { reason: { S: "failing" }, at: { S: "2026-01-01T00:00:00.000Z" } } },
      },
    }),
  );
}

/** One of each kind at each provider, repeated; one without funds, one refund too large, one that is taken back. */
async function orders(api: Api, sandboxUrl: string): Promise<void> {
  for (const { id, tour } of providers) {
    for (const { kind, body } of tour) {
      const headers = keyed({ prefer: "wait=15" });
      const order = { connection: id, ...body };
      const { body: moved } = await api.post(`/v1/${kind}s`, order, headers);
      await api.post(`/v1/${kind}s`, order, headers);
      // As Nexio tells of it, by its own id.
      const told = `{"eventType":"SPENDBACK","data":{"id":${moved.providerTransactionId}}}`;
      if (id === "nexio") await api.post("/v1/webhooks/nexio", told);
    }
  }
  await api.spendback("too-much", { amount: { value: 90_000_000, currency: "USD" } });
  await settle(sandboxUrl, "the-rest");
  await api.post("/v1/refunds", { connection: "paysafe", original: "the-rest" }, keyed({ prefer: "wait=15" }));
  const atOnce = { connection: "paysafe", original: "stl-100", amount: { value: 6_000, currency: "USD" } };
  await Promise.all([0, 1].map(() => api.post("/v1/refunds", atOnce, keyed({ prefer: "wait=15" }))));
}

/** Answers that are lost, movements that stay open, and what webhooks, follow-up and operators make of them. */
async function doubts(api: Api, stack: Stack, sandboxUrl: string): Promise<void> {
  await api.arm({ provider: "mircate", operation: "refund", fault: "reset-after" });
  const lost = { connection: "mircate", original: "spent-60", amount: { value: 1_000, currency: "TRY" } };
  await api.post("/v1/refunds", { ...lost, account: { accountNumber: "alice-try" } }, keyed({ prefer: "wait=15" }));

  await api.arm({ provider: "ipayout", operation: "spendback", fault: "reset-after" });
  await api.spendback("lost");

  const stays = JSON.stringify({ provider: "paysafe", switch: "batch-lookups", value: 1_000 });
  await fetch(`${sandboxUrl}/_sandbox/switches`, { method: "POST", body: stays });
  const [canceled, followed] = await Promise.all(
    ["canceled", "followed"].map((name) => openRefund(api, sandboxUrl, name)),
  );
  // On a busy machine it may not be told in time whether it was taken back.
  await until(
    () => api.post(`/v1/transactions/${canceled}/cancel`, "", keyed()),
    ({ status }) => status === 200,
  );
  // The flow looks it up meanwhile, and then it is not due any more.
  for (let round = 0; round < 3; round++) {
    await change(stack, followed, "nextActionAt", longAgo);
    await stack.clock.fire("follow-up");
  }
  await change(stack, followed, "nextActionAt", longAgo);
  await api.get(`/v1/transactions/${followed}`);
  await api.post("/v1/webhooks/paysafe", { payload: { merchantRefNum: followed } });
  await change(stack, followed, "status", "needs_review");
  await api.post(`/v1/transactions/${followed}/resolve`, { outcome: "failed", reason: "seen there" }, keyed());
}

const longAgo = "2026-01-01T00:00:00.000Z";

/** A refund that the provider has, and does not carry out. */
async function openRefund(api: Api, sandboxUrl: string, original: string): Promise<string> {
  await settle(sandboxUrl, original);
  const order = { connection: "paysafe", original, amount: { value: 100, currency: "USD" } };
  const { body } = await api.post("/v1/refunds", order, keyed());
  await until(
    () => api.get(`/v1/transactions/${body.id}`),
    (answer) => answer.body.providerTransactionId !== undefined,
  );
  return body.id;
}

async function settle(sandboxUrl: string, account: string): Promise<void> {
  const settlement = { provider: "paysafe", account, currency: "USD", balance: 10_000, status: "open" };
  await fetch(`${sandboxUrl}/_sandbox/accounts`, { method: "POST", body: JSON.stringify(settlement) });
}

/** What takes hours, done to an item at once. */
async function change(
  { dynamoDbEndpoint }: Stack,
  id: string | undefined,
  attribute: string,
  value: string,
): Promise<void> {
  await localDynamoDbClient(dynamoDbEndpoint).send(
    new UpdateItemCommand({
      TableName: physicalName("Transactions"),
      Key: { id: { S: id ?? "" } },
      UpdateExpression: "SET #attribute = :value",
      ConditionExpression: "attribute_exists(#attribute)",
      ExpressionAttributeNames: { "#attribute": attribute },
      ExpressionAttributeValues: { ":value": { S: value } },
    }),
  );
}

async function reading(api: Api): Promise<void> {
  await api.get("/v1/transactions?limit=5");
  await api.get("/v1/transactions?status=needs_review");
  await api.get("/v1/transactions?original=stl-100");
  await api.get("/v1/webhook-endpoints");
  await api.get("/v1/health");
  await api.get("/v1/nothing");
  for (const { id } of providers) await api.post(`/v1/connections/${id}/check`, {}, keyed());
  await api.get("/v1/balances?connection=ipayout&account=ben-alice&currency=USD");
}

async function events(stack: Stack, api: Api): Promise<void> {
  const client = new EventBridgeClient({
    endpoint: stack.awsUrl,
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "thing" },
  });
  const body = { connection: "paysafe", original: "stl-100", amount: { value: 1, currency: "USD" } };
  for (const [DetailType, detail] of [
    ["refund.requested", { tenant: "local", key: "by-event", ...body }],
    ["refund.requested", { tenant: "local", key: "by-event", ...body }],
    ["refund.requested", { tenant: "local", key: "rejected" }],
    ["spendback.requested", { tenant: "local", key: "by-event", ...spendback }],
  ] as const) {
    const entry = { EventBusName: "moneyback", Source: "shop", DetailType, Detail: JSON.stringify(detail) };
    await client.send(new PutEventsCommand({ Entries: [entry] }));
  }
  client.destroy();
  await until(
    () => api.get<{ items: TransactionBody[] }>("/v1/transactions?limit=1"),
    ({ body: { items } }) => items.length > 0,
  );
}

const spendback = { connection: "ipayout", recipient: { id: "ben-alice" }, amount: { value: 100, currency: "USD" } };

async function schedules(stack: Stack): Promise<void> {
  await stack.clock.fire("follow-up");
  await stack.clock.fire("follow-up-webhooks");
}

async function webhookDeliveries(api: Api, endpoint: string): Promise<void> {
  const path = `/v1/webhook-endpoints/${endpoint}`;
  await api.get(path);
  const { body } = await until(
    () => api.get<{ items: Named[] }>(`${path}/deliveries?limit=5`),
    ({ body: { items } }) => items.length > 0,
  );
  await api.post(`${path}/replay`, { deliveryId: body.items[0]?.id }, keyed());
  await api.post(`${path}/replay`, { from: "2026-01-01T00:00:00Z", to: "2036-01-01T00:00:00Z" }, keyed());
}
