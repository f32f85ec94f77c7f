/** On the transactions' stream: every change of status, and every alarm, becomes an event on the bus, however it came about. */
import type { DynamoDBStreamEvent } from "aws-lambda";
import type { Transaction } from "../lib/domain/transaction.ts";
import { once } from "../lib/lambda/dependencies.ts";
import { type BusEvent, type EventPublisher, eventBridgePublisher } from "../lib/lambda/event-bridge.ts";
import { errorFields, log } from "../lib/lambda/log.ts";
import { presentTransaction } from "../lib/lambda/present.ts";
import { transactionIn } from "../lib/lambda/stream-image.ts";

export interface Dependencies {
  readonly events: EventPublisher;
}

/** At least once and in order per transaction: a batch that fails is delivered again, whole. */
export async function run(event: DynamoDBStreamEvent, { events }: Dependencies): Promise<{ published: number }> {
  const changes = event.Records.flatMap(({ dynamodb }) => {
    const before = transactionIn(dynamodb?.OldImage);
    const after = transactionIn(dynamodb?.NewImage);
    if (!after) return [];
    return [
      ...(after.status !== before?.status ? [eventOf(after, after.status)] : []),
      ...(after.alarm && after.alarm !== before?.alarm ? [eventOf(after, after.alarm)] : []),
    ];
  });
  await events.publish(changes);
  return { published: changes.length };
}

/** The id is the transaction and the length of its log (and the alarm), so a consumer knows a repeat. Who pays and who is paid is for the API to tell. */
function eventOf(transaction: Transaction, what: Transaction["status"] | NonNullable<Transaction["alarm"]>): BusEvent {
  const shown = presentTransaction(transaction);
  const { id, kind, status, connection, provider, amount, original, batch, metadata } = shown;
  const { providerTransactionId, failure, attempts, createdAt, updatedAt } = shown;
  return {
    type: `moneyback.transaction.${what}`,
    at: updatedAt,
    detail: {
      version: 1,
      id: `${transaction.id}.${transaction.log.length}${what === transaction.status ? "" : `.${what}`}`,
      tenant: transaction.tenant,
      transaction: {
        id,
        kind,
        status,
        connection,
        provider,
        amount,
        original,
        batch,
        metadata,
        providerTransactionId,
        failure,
        attempts,
        createdAt,
        updatedAt,
      },
    },
  };
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
