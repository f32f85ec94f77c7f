/** The events of a table's stream: every change of a transaction's status, and every alarm, told in the same words to all. */
import type { DynamoDBRecord } from "aws-lambda";
import type { Transaction } from "../domain/transaction.ts";
import type { TransactionEventName } from "../domain/webhook-endpoint.ts";
import { presentTransaction } from "./present.ts";
import { transactionIn } from "./stream-image.ts";

export interface TransactionEvent {
  /** `transaction.succeeded` and the like. */
  readonly event: TransactionEventName;
  readonly at: string;
  readonly detail: EventDetail;
}

/** What is told. The id is the transaction and the length of its log (and the alarm), so a consumer knows a repeat. */
export interface EventDetail {
  readonly version: 1;
  readonly id: string;
  readonly tenant: string;
  readonly transaction: ReturnType<typeof told>;
}

/** One change that brought events about, with the transaction after it. */
export interface Change {
  readonly transaction: Transaction;
  /** In their order; at least one. */
  readonly events: readonly TransactionEvent[];
}

type What = Transaction["status"] | NonNullable<Transaction["alarm"]>;

/** @throws Error naming the transaction in an image that cannot be read */
export function changeIn({ dynamodb }: DynamoDBRecord): Change | undefined {
  const before = transactionIn(dynamodb?.OldImage);
  const after = transactionIn(dynamodb?.NewImage);
  if (!after) return undefined;
  const news: What[] = [
    ...(after.status !== before?.status ? [after.status] : []),
    ...(after.alarm && after.alarm !== before?.alarm ? [after.alarm] : []),
  ];
  return news.length > 0 ? { transaction: after, events: news.map((what) => eventOf(after, what)) } : undefined;
}

/** The names and ids of all events that a transaction has brought about, oldest first; the log tells. */
export function eventsSoFar(
  transaction: Transaction,
): readonly { readonly event: TransactionEventName; readonly id: string }[] {
  const { log, alarm } = transaction;
  return log.flatMap(({ status }, place) => {
    if (log[place - 1]?.status === status) return [];
    const version = place + 1;
    const change = { event: `transaction.${status}` as const, id: idOf(transaction, status, version, status) };
    // An alarm comes with the question to an operator, in one write.
    if (!alarm || status !== "needs_review") return [change];
    return [change, { event: `transaction.${alarm}` as const, id: idOf(transaction, alarm, version, status) }];
  });
}

function eventOf(transaction: Transaction, what: What): TransactionEvent {
  const shown = told(transaction);
  return {
    event: `transaction.${what}`,
    at: shown.updatedAt,
    detail: {
      version: 1,
      id: idOf(transaction, what),
      tenant: transaction.tenant,
      transaction: shown,
    },
  };
}

function idOf({ id, log, status }: Transaction, what: What, version = log.length, statusThen = status): string {
  return `${id}.${version}${what === statusThen ? "" : `.${what}`}`;
}

/** Who pays and who is paid is for the API to tell. */
function told(transaction: Transaction) {
  const shown = presentTransaction(transaction);
  const { id, kind, status, connection, provider, amount, original, batch, metadata } = shown;
  const { providerTransactionId, failure, attempts, createdAt, updatedAt } = shown;
  return {
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
  };
}
