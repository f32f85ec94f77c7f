/** What the tests of batches stand on: stores in memory, a clock that a test holds, and a world in which started transactions end. */
import { run as createBatch, type Dependencies } from "../../functions/create-batch.ts";
import { run as getBatch } from "../../functions/get-batch.ts";
import { run as listItems } from "../../functions/list-batch-items.ts";
import { run as runBatches } from "../../functions/run-batches.ts";
import type { Batch } from "../../lib/domain/batch.ts";
import { askForReview } from "../../lib/domain/operator-transitions.ts";
import type { Status, Transaction } from "../../lib/domain/transaction.ts";
import { claimAttempt, decline, succeed } from "../../lib/domain/transitions.ts";
import type { RunDependencies } from "../../lib/lambda/batch-run.ts";
import { dryRun } from "../../lib/lambda/dry-run.ts";
import type { Answer, Call } from "../../lib/lambda/endpoint.ts";
import type { BusEvent } from "../../lib/lambda/event-bridge.ts";
import type { ShownBatch, ShownBatchItem } from "../../lib/lambda/shown-batch.ts";
import type { ConfiguredConnection } from "../../lib/providers/connections.ts";
import { memoryBatches } from "../../lib/store/memory-batches.ts";
import { memoryNames, memoryOriginals } from "../../lib/store/memory-originals.ts";
import { memorySessions, memoryTransactions } from "../../lib/store/memory-store.ts";
import { memoryWebhookDeliveries, memoryWebhookEndpoints } from "../../lib/store/memory-webhooks.ts";
import { virtualClock } from "../lambda/virtual-clock.ts";
import { newTenant } from "../store/sample.ts";
import { bookOf, configured, scriptedConnector } from "./scripted-connector.ts";

/** A row that asks for a spendback. */
export function rowOf(key: string, members: object = {}) {
  return {
    kind: "spendback",
    key,
    connection: "scripted",
    recipient: { id: "b-1" },
    amount: { value: 100, currency: "USD" },
    ...members,
  };
}

export function rowsOf(count: number, prefix = "row") {
  return Array.from({ length: count }, (_, n) => rowOf(`${prefix}-${n + 1}`));
}

/** How a transaction of this key ends, once it is started. */
export type EndOf = (
  transaction: Transaction,
) => Extract<Status, "succeeded" | "failed" | "needs_review" | "processing">;

export function batchStage(members: Partial<ConfiguredConnection> = {}) {
  const clock = virtualClock();
  const tenant = newTenant();
  const transactions = memoryTransactions();
  const batches = memoryBatches();
  const woken: BusEvent[] = [];
  const told: BusEvent[] = [];
  let runs = 0;
  const connections = bookOf([configured(scriptedConnector().connector, members)]);
  const originals = memoryOriginals();
  const endpoints = memoryWebhookEndpoints();
  const deliveries = memoryWebhookDeliveries();
  const dependencies: RunDependencies & Dependencies = {
    batches,
    transactions,
    connections,
    originals,
    names: memoryNames(),
    endpoints,
    deliveries,
    events: {
      publish: async (events) => {
        woken.push(...events);
      },
    },
    dryRun: (items, owner) =>
      dryRun(items, owner, { transactions, connections, originals, sessions: memorySessions(), ...clock }),
    now: clock.now,
    newId: () => `run-${runs++}`,
  };
  const callWith = (key: string): Call => ({
    tenant,
    keyId: "key",
    requestId: "r-1",
    headers: {},
    idempotencyKey: key,
  });

  /** Everything whose turn has come is sent, and ends as the test says. */
  const live = async (endOf: EndOf = () => "succeeded"): Promise<void> => {
    const actor = { by: "flow", at: clock.now() };
    const due = await transactions.due(clock.now(), 1_000_000);
    const { items: inLine } = await transactions.waiting(clock.now(), 1_000_000);
    for (const id of [...due, ...inLine.map((one) => one.id)]) {
      const { advanced, transaction } = await transactions.advance(id, claimAttempt(actor, { id }));
      if (!advanced) continue;
      switch (endOf(transaction)) {
        case "succeeded":
          await transactions.advance(id, succeed({ kind: "settled", detail: "moved" }, actor));
          break;
        case "failed":
          await transactions.advance(
            id,
            decline({ kind: "declined", code: "provider_declined", message: "no" }, transaction.attempts, actor),
          );
          break;
        case "needs_review":
          await transactions.advance(id, askForReview({ tenant, detail: "nobody knows" }, actor));
          break;
        case "processing":
          break;
      }
    }
  };

  /** What the schedule and the bus do in a minute, with processes that live. */
  const minute = async (): Promise<void> => {
    await runBatches({}, dependencies);
    for (let event = woken.shift(); event; event = woken.shift()) {
      if (event.type === "moneyback.batches.due") await runBatches(event, dependencies);
      else if (event.type.startsWith("moneyback.batch.")) told.push(event);
    }
    clock.advance(60_000);
  };

  return {
    clock,
    tenant,
    transactions,
    batches,
    dependencies,
    woken,
    /** Events of batches that came to their end. */
    told,
    endpoints,
    deliveries,
    callWith,
    live,
    minute,
    async settle(endOf?: EndOf, minutes = 12): Promise<void> {
      for (let n = 0; n < minutes; n++) {
        await minute();
        await live(endOf);
      }
    },
    /** Posts a batch, and answers its body. */
    async post(items: readonly unknown[], options: object = {}, key = "batch"): Promise<ShownBatch> {
      const { body } = await createBatch({ items: [...items], ...options }, dependencies, callWith(key));
      return body as ShownBatch;
    },
    async show(id: string): Promise<ShownBatch> {
      return (await getBatch({ id }, dependencies, callWith(""))).body as ShownBatch;
    },
    async items(id: string, status?: Status): Promise<ShownBatchItem[]> {
      const all: ShownBatchItem[] = [];
      let cursor: string | undefined;
      do {
        const page: Answer = await listItems(
          { id, limit: 7, ...(status && { status }), ...(cursor && { cursor: decoded(cursor) }) },
          dependencies,
          callWith(""),
        );
        const body = page.body as { items: ShownBatchItem[]; cursor?: string };
        all.push(...body.items);
        cursor = body.cursor;
      } while (cursor !== undefined);
      return all;
    },
    async stored(id: string): Promise<Batch> {
      const batch = await batches.get(id);
      if (!batch) throw new Error(`there is no batch ${id}`);
      return batch;
    },
    /** All transactions that there are. */
    async all(): Promise<readonly Transaction[]> {
      return (await transactions.list({ tenant, limit: 1_000_000 })).items;
    },
  };
}

export type BatchStage = ReturnType<typeof batchStage>;

/** As the endpoint's input gives it to the function. */
function decoded(cursor: string): string {
  return Buffer.from(cursor, "base64url").toString("utf8");
}
