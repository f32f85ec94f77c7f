/**
 * What each function may do, and nothing else: which actions on which tables and indexes, and beside them the four things that
 * a function may need. `test/stacks/used-permissions.test.ts` watches what they really do. Streams and dead-letter queues are not here:
 * `functions/triggers.ts` says who needs those.
 */
import type { TableName, tables } from "../lib/store/tables.ts";

type IndexOf<Table extends TableName> = Extract<keyof (typeof tables)[Table]["indexes"], string>;

/** What DynamoDB calls an action; a query names its index. */
export type TableAction<Table extends TableName> =
  | "GetItem"
  | "BatchGetItem"
  | "PutItem"
  | "UpdateItem"
  | "DeleteItem"
  | "Scan"
  | `Query ${IndexOf<Table>}`;

export interface Permissions {
  readonly tables?: { readonly [Table in TableName]?: readonly TableAction<Table>[] };
  /** Reads the secret with the providers' credentials. */
  readonly readsConnections?: true;
  readonly startsFlow?: true;
  /** Puts events on the bus. */
  readonly publishes?: true;
}

/** Calls providers through the gate, which keeps one pace and one breaker for all. */
const gate = ["GetItem", "UpdateItem"] as const;

/** Takes a request to move money: claims the key, makes the transaction, starts the flow. */
const accepts = {
  tables: { Idempotency: ["PutItem"], Transactions: ["GetItem", "PutItem", "UpdateItem"] },
  readsConnections: true,
  startsFlow: true,
} as const satisfies Permissions;

/** Moves money: claims the attempt, calls the provider, records what it said. */
const moves = {
  tables: {
    Transactions: ["GetItem", "UpdateItem"],
    Originals: ["UpdateItem"],
    Sessions: ["GetItem"],
    Connections: gate,
  },
  readsConnections: true,
} as const satisfies Permissions;

/** Tells of a batch: its record, what was last seen of its rows, and how those that move stand now. */
const readsBatch = { Batches: ["GetItem", "BatchGetItem"], Transactions: ["BatchGetItem"] } as const;

/** Changes what is to become of a batch, and wakes its runner. */
const ordersBatch = {
  tables: { ...readsBatch, Batches: [...readsBatch.Batches, "PutItem"] },
  publishes: true,
} as const satisfies Permissions;

/** Counts a tenant's month on. */
const countsUsage = {
  Usage: ["GetItem", "PutItem"],
  Transactions: ["BatchGetItem", "Query byTenant"],
} as const;

/** By file in `functions/`. A function that is deployed and not here fails a test that names it, and the deployment. */
export const permissions: Readonly<Record<string, Permissions>> = {
  authorize: { tables: { ApiKeys: ["GetItem"] } },
  "not-found": {},
  "get-health": { tables: { Transactions: ["GetItem"], Connections: ["GetItem"] }, readsConnections: true },

  "create-spendback": accepts,
  "create-cashback": { ...accepts, tables: { ...accepts.tables, Accruals: ["GetItem", "PutItem"] } },
  "create-refund": { ...accepts, tables: { ...accepts.tables, Originals: ["GetItem"] } },
  "accept-event": {
    ...accepts,
    tables: {
      ...accepts.tables,
      Idempotency: ["GetItem", "PutItem"],
      Originals: ["GetItem"],
      Accruals: ["GetItem", "PutItem"],
    },
    publishes: true,
  },

  "get-transaction": { tables: { Transactions: ["GetItem"] }, startsFlow: true },
  "list-transactions": {
    tables: { Transactions: ["BatchGetItem", "Query byTenant", "Query byOriginal", "Query due"] },
  },
  "cancel-transaction": {
    tables: {
      Transactions: ["GetItem", "UpdateItem"],
      Originals: ["UpdateItem"],
      Sessions: ["GetItem"],
      Connections: gate,
    },
    readsConnections: true,
  },
  "resolve-transaction": {
    tables: { Transactions: ["GetItem", "UpdateItem"], Originals: ["UpdateItem"] },
    readsConnections: true,
  },
  "get-balance": { tables: { Sessions: ["GetItem"], Connections: gate }, readsConnections: true },
  "check-connection": { tables: { Connections: gate }, readsConnections: true },
  "receive-webhook": {
    tables: { Transactions: ["GetItem"], Idempotency: ["PutItem"], Sessions: ["GetItem"], Connections: gate },
    readsConnections: true,
    startsFlow: true,
  },

  authenticate: { tables: { Sessions: ["GetItem", "UpdateItem"], Connections: gate }, readsConnections: true },
  "check-funds": { ...moves, tables: { ...moves.tables, Originals: ["GetItem", "UpdateItem"] } },
  "submit-spendback": moves,
  "submit-refund": moves,
  "submit-cashback": moves,
  "look-up": { ...moves, tables: { ...moves.tables, Originals: ["GetItem", "UpdateItem"] } },
  "fail-transaction": { tables: { Transactions: ["UpdateItem"], Originals: ["UpdateItem"] } },
  "follow-up": {
    tables: {
      Transactions: ["GetItem", "UpdateItem", "Query due"],
      Originals: ["UpdateItem"],
      Connections: ["GetItem"],
    },
    readsConnections: true,
    startsFlow: true,
  },

  "publish-events": { publishes: true },
  "record-webhooks": { tables: { Webhooks: ["GetItem", "PutItem"] }, publishes: true },
  "deliver-webhooks": { tables: { Webhooks: ["GetItem", "PutItem", "UpdateItem", "Query due"] }, publishes: true },
  "follow-up-webhooks": { tables: { Webhooks: ["Query due"] }, publishes: true },

  "create-webhook-endpoint": { tables: { Webhooks: ["GetItem", "UpdateItem"], Idempotency: ["PutItem"] } },
  "list-webhook-endpoints": { tables: { Webhooks: ["GetItem"] } },
  "get-webhook-endpoint": { tables: { Webhooks: ["GetItem"] } },
  "delete-webhook-endpoint": {
    tables: { Webhooks: ["GetItem", "PutItem", "UpdateItem"], Idempotency: ["PutItem"] },
  },
  "rotate-webhook-secret": { tables: { Webhooks: ["GetItem", "UpdateItem"], Idempotency: ["PutItem"] } },
  "enable-webhook-endpoint": { tables: { Webhooks: ["GetItem", "UpdateItem"] } },
  "list-webhook-deliveries": { tables: { Webhooks: ["GetItem", "BatchGetItem", "Query byEndpoint"] } },
  "replay-webhook-deliveries": {
    tables: { Webhooks: ["GetItem", "BatchGetItem", "PutItem", "Query byEndpoint"], Idempotency: ["PutItem"] },
    publishes: true,
  },

  "create-batch": {
    tables: {
      Batches: ["GetItem", "PutItem"],
      Transactions: ["BatchGetItem"],
      Originals: ["GetItem"],
      // A dry run asks the provider what is left of an original.
      Sessions: ["GetItem"],
      Connections: gate,
    },
    readsConnections: true,
    publishes: true,
  },
  "add-batch-items": {
    tables: { Batches: ["GetItem", "BatchGetItem", "PutItem"], Transactions: ["BatchGetItem"] },
    readsConnections: true,
    publishes: true,
  },
  "start-batch": ordersBatch,
  "cancel-batch": ordersBatch,
  "retry-batch": ordersBatch,
  "list-batches": { tables: { Batches: ["BatchGetItem", "Query byTenant"] } },
  "get-batch": { tables: readsBatch },
  "list-batch-items": { tables: readsBatch },
  "run-batches": {
    tables: {
      Batches: ["GetItem", "BatchGetItem", "PutItem", "Query due"],
      Transactions: ["BatchGetItem", "PutItem", "UpdateItem"],
      Originals: ["UpdateItem"],
      Webhooks: ["GetItem", "PutItem"],
    },
    readsConnections: true,
    publishes: true,
  },

  "list-accruals": {
    tables: { Accruals: ["GetItem", "BatchGetItem", "Query byTenant"], Transactions: ["GetItem"] },
  },
  "get-accrual": { tables: { Accruals: ["GetItem"], Transactions: ["GetItem"] } },
  "cancel-accrual": { tables: { Accruals: ["GetItem", "UpdateItem"], Transactions: ["GetItem", "PutItem"] } },
  "put-cashback-schedule": { tables: { Accruals: ["GetItem", "PutItem"] }, readsConnections: true },
  "get-cashback-schedule": { tables: { Accruals: ["GetItem"] } },
  "delete-cashback-schedule": { tables: { Accruals: ["DeleteItem"] } },
  "run-cashbacks": { tables: { Accruals: ["GetItem", "PutItem", "Query due"] }, publishes: true },
  "pay-accruals": {
    tables: {
      Accruals: ["GetItem", "PutItem", "UpdateItem", "Query due", "Query waiting"],
      Transactions: ["GetItem", "PutItem"],
    },
    readsConnections: true,
    publishes: true,
  },

  "count-usage": { tables: { ...countsUsage, ApiKeys: ["Scan"] } },
  "get-usage": { tables: countsUsage },
  "get-openapi": {},
  "get-docs": {},
};
