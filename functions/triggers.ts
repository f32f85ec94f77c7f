/** What starts a function besides a call and the flow: schedules, table streams and events on the bus. Read by the deployed app and the local one. */
import type { TableName } from "../lib/store/tables.ts";

export interface Schedule {
  readonly name: string;
  /** As EventBridge writes it: `rate(1 minute)` or `cron(0 3 * * ? *)`, in UTC. */
  readonly expression: string;
  readonly function: string;
}

export interface StreamTrigger {
  readonly table: TableName;
  readonly function: string;
  readonly batchSize: number;
}

export const schedules: readonly Schedule[] = [
  { name: "follow-up", expression: "rate(1 minute)", function: "follow-up" },
  { name: "run-batches", expression: "rate(1 minute)", function: "run-batches" },
  { name: "follow-up-webhooks", expression: "rate(1 minute)", function: "follow-up-webhooks" },
  // One for all tenants' cashback schedules: a schedule is a record, and a second one in EventBridge could disagree with it.
  { name: "run-cashbacks", expression: "rate(1 minute)", function: "run-cashbacks" },
  { name: "count-usage", expression: "rate(1 hour)", function: "count-usage" },
];

export const streams: readonly StreamTrigger[] = [
  { table: "Transactions", function: "publish-events", batchSize: 100 },
  { table: "Transactions", function: "record-webhooks", batchSize: 100 },
];

/** Which events on the bus start a function. The bus invokes it asynchronously: Lambda keeps the event and tries again. */
export interface EventRule {
  readonly name: string;
  /** As EventBridge writes patterns. */
  readonly pattern: { readonly [field: string]: unknown };
  readonly function: string;
  /** How often a failed invocation is made again, after one and after two more minutes. Lambda takes 0, 1 and 2. */
  readonly retryAttempts: number;
  /** An event that waited longer than this is given up. Lambda takes 60 to 21,600. */
  readonly ageSecondsMax: number;
  /** The SQS queue for what is given up, with the event and the last error. */
  readonly deadLetterQueue: string;
}

export const eventRules: readonly EventRule[] = [
  {
    name: "requests",
    pattern: { "detail-type": ["refund.requested", "spendback.requested", "cashback.requested"] },
    function: "accept-event",
    retryAttempts: 2,
    ageSecondsMax: 21_600,
    deadLetterQueue: "moneyback-dead-letters",
  },
  {
    // It only wakes: what is due is found by the schedule as well.
    name: "deliver-webhooks",
    pattern: { source: ["moneyback"], "detail-type": ["moneyback.webhooks.due"] },
    function: "deliver-webhooks",
    retryAttempts: 0,
    ageSecondsMax: 300,
    deadLetterQueue: "moneyback-dead-letters",
  },
  {
    // The same: a run stays due until it is done.
    name: "pay-accruals",
    pattern: { source: ["moneyback"], "detail-type": ["moneyback.cashbacks.due"] },
    function: "pay-accruals",
    retryAttempts: 0,
    ageSecondsMax: 300,
    deadLetterQueue: "moneyback-dead-letters",
  },
  {
    // It only wakes, as above.
    name: "run-batches",
    pattern: { source: ["moneyback"], "detail-type": ["moneyback.batches.due"] },
    function: "run-batches",
    retryAttempts: 0,
    ageSecondsMax: 300,
    deadLetterQueue: "moneyback-dead-letters",
  },
];
