/** The tables, from the same definitions as the local ones. */
import { tables as definitions, type TableDefinition, type TableName } from "../lib/store/tables.ts";
import type { Key } from "./key.ts";
import { outlivesTheApp, physicalName } from "./names.ts";

export type Tables = Readonly<Record<TableName, sst.aws.Dynamo>>;

export function createTables(key: Key): Tables {
  const entries = Object.entries(definitions) as [TableName, TableDefinition][];
  return Object.fromEntries(entries.map(([name, definition]) => [name, createTable(name, definition, key)])) as Tables;
}

function createTable(name: TableName, { partitionKey, indexes, timeToLive, stream }: TableDefinition, key: Key) {
  const keys = [partitionKey, ...Object.values(indexes).flatMap((index) => [index.partitionKey, index.sortKey])];
  return new sst.aws.Dynamo(name, {
    fields: Object.fromEntries(keys.map((field) => [field, "string" as const])),
    primaryIndex: { hashKey: partitionKey },
    globalIndexes: Object.fromEntries(
      Object.entries(indexes).map(([index, { partitionKey: hashKey, sortKey: rangeKey, include }]) => [
        index,
        { hashKey, rangeKey, projection: include.length > 0 ? [...include] : ("keys-only" as const) },
      ]),
    ),
    ...(timeToLive !== undefined && { ttl: timeToLive }),
    ...(stream && { stream: "new-and-old-images" as const }),
    deletionProtection: outlivesTheApp(),
    transform: {
      table: {
        name: physicalName(name),
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },
      },
    },
  });
}
