/** What starts a function besides a call and the flow: schedules and table streams. Read by the deployed app and the local one. */
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
];

export const streams: readonly StreamTrigger[] = [
  { table: "Transactions", function: "publish-events", batchSize: 100 },
];
