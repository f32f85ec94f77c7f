/** On the transactions' stream: every change of status, and every alarm, becomes an event on the bus, however it came about. */
import type { DynamoDBStreamEvent } from "aws-lambda";
import type { TransactionEventName } from "../lib/domain/webhook-endpoint.ts";
import { once } from "../lib/lambda/dependencies.ts";
import { type EventPublisher, eventBridgePublisher } from "../lib/lambda/event-bridge.ts";
import { errorFields, log } from "../lib/lambda/log.ts";
import { changeIn } from "../lib/lambda/transaction-events.ts";

export interface Dependencies {
  readonly events: EventPublisher;
}

/** What an operator is paged about, in the words that the metrics count (`stacks/log-metrics.ts`). */
const operatorsWords: { readonly [Event in TransactionEventName]?: string } = {
  "transaction.needs_review": "needs review",
  "transaction.duplicate_detected": "duplicate detected",
};

/** At least once and in order per transaction: a batch that fails is delivered again, whole. */
export async function run(event: DynamoDBStreamEvent, { events }: Dependencies): Promise<{ published: number }> {
  const changes = event.Records.flatMap((record) => changeIn(record)?.events ?? []);
  for (const { event: name, detail } of changes) {
    const word = operatorsWords[name];
    // Before it is published: an operator is paged also where the bus takes nothing.
    if (word) log("warn", word, { transactionId: detail.transaction.id, tenant: detail.tenant });
  }
  await events.publish(changes.map(({ event: name, at, detail }) => ({ type: `moneyback.${name}`, at, detail })));
  return { published: changes.length };
}

const shared = once((): Dependencies => ({ events: eventBridgePublisher() }));

export async function handler(event: DynamoDBStreamEvent): Promise<{ published: number }> {
  try {
    return await run(event, shared());
  } catch (error) {
    log("error", "events not published", { count: event.Records.length, ...errorFields(error) });
    throw error;
  }
}
