/**
 * A process of its own that takes spendbacks from request to end with the product's handlers, over stores in memory that are
 * emptied now and then: what is left on the heap is what our code keeps. Started by memory.ts with `--expose-gc`.
 */
import { setImmediate } from "node:timers/promises";
import type { Context } from "aws-lambda";
import { run as authenticate } from "../../functions/authenticate.ts";
import { run as checkFunds } from "../../functions/check-funds.ts";
import { CreateSpendback, createSpendback } from "../../lib/lambda/create-spendback.ts";
import { clock, newAttemptId } from "../../lib/lambda/dependencies.ts";
import { type ApiEvent, endpointHandler } from "../../lib/lambda/endpoint.ts";
import { gated } from "../../lib/lambda/gate.ts";
import { submit } from "../../lib/lambda/submit.ts";
import { taskHandler } from "../../lib/lambda/task.ts";
import { readConnections } from "../../lib/providers/connections.ts";
import { memoryConnectionStates } from "../../lib/store/memory-connection-states.ts";
import { memoryNames, memoryOriginals } from "../../lib/store/memory-originals.ts";
import { memoryClaims, memorySessions, memoryTransactions } from "../../lib/store/memory-store.ts";
import type { Mark } from "./memory.ts";
import { plainAnswer, plainConnections } from "./plain-provider.ts";

/** How many transactions the stores take before they are emptied. */
const storedMax = 500;

const [few = 0, many = 0] = process.argv.slice(2).map(Number);

const emptied = () => ({
  transactions: memoryTransactions(),
  claims: memoryClaims(),
  originals: memoryOriginals(),
  names: memoryNames(),
});
let stores = emptied();

const http = gated(
  async ({ url, body = "" }) => ({
    kind: "answered",
    status: 200,
    text: plainAnswer(url.replace("http://plain", ""), body),
  }),
  { states: memoryConnectionStates(), ...clock },
);
const book = readConnections(JSON.stringify(plainConnections("http://plain")), http);
const dependencies = () => ({
  ...clock,
  newId: newAttemptId,
  sessions: memorySessions(),
  flow: { start: async () => {} },
  connections: { find: book.get, get: book.get, all: book.all, refresh: async () => {} },
  // Handlers keep what they are given for as long as they live; these look the stores up at each call.
  get transactions() {
    return stores.transactions;
  },
  get claims() {
    return stores.claims;
  },
  get originals() {
    return stores.originals;
  },
  get names() {
    return stores.names;
  },
});

const shared = dependencies();
const accept = endpointHandler(
  { scope: "transactions:write", mutates: true, input: CreateSpendback, run: createSpendback },
  () => shared,
);
const tasks = [
  taskHandler({ run: authenticate }, () => shared),
  taskHandler({ run: checkFunds }, () => shared),
  taskHandler({ run: submit }, () => shared),
];

for (let count = 1; count <= many; count++) {
  await oneSpendback(count);
  if (count % storedMax === 0) {
    stores = emptied();
    await setImmediate();
  }
  if (count === few || count === many) tell();
}
process.disconnect();

async function oneSpendback(count: number): Promise<void> {
  const answer = await accept(eventOf(count), { functionName: "create-spendback" } as Context);
  const { id } = JSON.parse(answer.body ?? "{}") as { id: string };
  const context = { functionName: "task", awsRequestId: "bench", getRemainingTimeInMillis: () => 30_000 } as Context;
  for (const task of tasks) await task({ transactionId: id, connection: "ipayout", kind: "spendback" }, context);
  const transaction = await stores.transactions.get(id, "consistent");
  if (transaction?.status !== "succeeded") throw new Error(`transaction ${count} is ${transaction?.status}`);
}

function eventOf(count: number): ApiEvent {
  return {
    headers: { "idempotency-key": `bench ${count}`, "content-type": "application/json" },
    body: JSON.stringify({
      connection: "ipayout",
      recipient: { id: "ben-alice" },
      amount: { value: 1, currency: "USD" },
      metadata: { order: `A-${count}` },
    }),
    isBase64Encoded: false,
    requestContext: {
      http: { method: "POST" },
      requestId: "bench",
      routeKey: "POST /v1/spendbacks",
      authorizer: { lambda: { tenant: "bench", keyId: "bench", scopes: "transactions:write" } },
    },
  } as unknown as ApiEvent;
}

function tell(): void {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const mark: Mark = { heapBytes: heapUsed, rssBytes: rss };
  process.send?.(mark);
}
