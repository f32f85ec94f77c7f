/**
 * The DynamoDB tables as data: keys, indexes, projections. The deployed tables and the local ones are both made from
 * this, so they cannot differ. The reasons behind the keys stand in ARCHITECTURE.md, "The tables".
 */

export interface IndexDefinition {
  readonly partitionKey: string;
  readonly sortKey: string;
  /** Attributes copied beside the keys. Only attributes that never change: each change of one would cost a write unit. */
  readonly include: readonly string[];
}

export interface TableDefinition {
  /** The environment variable that tells a Lambda the table's name. */
  readonly environment: string;
  readonly partitionKey: string;
  readonly indexes: Readonly<Record<string, IndexDefinition>>;
  /** Attribute (epoch seconds) after which an item is dead. Never on a table that names money. */
  readonly timeToLive?: string;
  /** Whether changes are streamed, with both images. */
  readonly stream: boolean;
}

/** Every key attribute of every table is a string. */
export const tables = {
  Transactions: {
    environment: "TRANSACTIONS_TABLE",
    partitionKey: "id",
    indexes: {
      byTenant: { partitionKey: "tenantShard", sortKey: "listedAt", include: ["kind", "connection", "batch"] },
      byOriginal: { partitionKey: "originalKey", sortKey: "listedAt", include: ["kind", "connection", "batch"] },
      due: { partitionKey: "dueShard", sortKey: "nextActionAt", include: ["createdAt", "connection"] },
    },
    stream: true,
  },
  Originals: {
    environment: "ORIGINALS_TABLE",
    partitionKey: "id",
    indexes: {},
    stream: false,
  },
  Idempotency: {
    environment: "IDEMPOTENCY_TABLE",
    partitionKey: "id",
    indexes: {},
    timeToLive: "expiresAt",
    stream: false,
  },
  Sessions: {
    environment: "SESSIONS_TABLE",
    partitionKey: "id",
    indexes: {},
    stream: false,
  },
  Connections: {
    environment: "CONNECTIONS_TABLE",
    partitionKey: "id",
    indexes: {},
    stream: false,
  },
  ApiKeys: {
    environment: "API_KEYS_TABLE",
    partitionKey: "id",
    indexes: {},
    stream: false,
  },
  Batches: {
    environment: "BATCHES_TABLE",
    partitionKey: "id",
    indexes: {
      byTenant: { partitionKey: "tenant", sortKey: "listedAt", include: [] },
      due: { partitionKey: "dueShard", sortKey: "dueAt", include: [] },
    },
    stream: false,
  },
  Usage: {
    environment: "USAGE_TABLE",
    partitionKey: "id",
    indexes: {},
    stream: false,
  },
  Webhooks: {
    environment: "WEBHOOKS_TABLE",
    partitionKey: "id",
    indexes: {
      byEndpoint: { partitionKey: "endpoint", sortKey: "listedAt", include: [] },
      due: { partitionKey: "dueShard", sortKey: "dueAt", include: ["tenant"] },
    },
    timeToLive: "expiresAt",
    stream: false,
  },
  Accruals: {
    environment: "ACCRUALS_TABLE",
    partitionKey: "id",
    indexes: {
      byTenant: { partitionKey: "tenantShard", sortKey: "listedAt", include: ["connection", "wallet"] },
      waiting: { partitionKey: "waitingShard", sortKey: "waitingAt", include: ["value", "revision"] },
      due: { partitionKey: "dueShard", sortKey: "nextActionAt", include: ["tenant", "connection"] },
    },
    stream: false,
  },
} as const satisfies Record<string, TableDefinition>;

export type TableName = keyof typeof tables;
