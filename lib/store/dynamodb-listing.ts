/** Pages over a tenant's transactions, newest first, as the indexes list them. */
import { BatchGetItemCommand, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Transaction } from "../domain/transaction.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import { type Listed, listDue, reviewed } from "./dynamodb-due.ts";
import { listedAt, originalKey, shardCount, tenantShard } from "./keys.ts";
import type { TransactionLists, TransactionPage, TransactionQuery } from "./port.ts";
import { parseTransaction } from "./stored-transaction.ts";

/** How many items one BatchGetItem takes. */
const batchMax = 100;

/** How often one page may go back to the index for a filter that matches rarely: bounds what a call can cost. */
const roundsMax = 10;

/** How many index entries a filtered query looks at in one shard and round. */
const filteredPerShard = 250;

/** Apart from the single-item store, so that a function that lists nothing does not carry the queries. */
export function dynamoTransactionLists(client: DynamoDBClient, table: string): TransactionLists {
  return {
    list: (query) => listTransactions(client, table, query),
    due: (now, limit) => listDue(client, table, now, limit),
  };
}

/**
 * Merges the tenant's shards. What never changes (kind, connection, batch) is filtered in the index; the status is not in
 * the index, because each change of it would cost a write unit, so it is filtered on the items. A filter that matches
 * rarely gives a short page with a `next`.
 */
async function listTransactions(
  client: DynamoDBClient,
  table: string,
  query: TransactionQuery,
): Promise<TransactionPage> {
  const items: Transaction[] = [];
  let before = query.before;
  for (let round = 0; round < roundsMax; round++) {
    const { listed, reached } = await (isOperators(query) ? reviewed : newest)(client, table, query, before);
    while (listed.length > 0) {
      const chunk = listed.splice(0, query.status ? batchMax : query.limit - items.length);
      for (const transaction of await read(client, table, chunk)) {
        // An original is named by its caller: two tenants may name theirs alike.
        if (transaction.tenant !== query.tenant) continue;
        if (!isWanted(transaction, query)) continue;
        // One more than the page holds tells that there is a next one.
        if (items.length === query.limit) return { items, next: listedAt(items.at(-1) ?? transaction) };
        items.push(transaction);
      }
      if (items.length === query.limit && query.status === undefined && (listed.length > 0 || reached !== undefined)) {
        return { items, next: listedAt(items.at(-1) as Transaction) };
      }
    }
    if (reached === undefined) return { items };
    before = reached;
  }
  return { items, ...(before !== undefined && { next: before }) };
}

/** What needs an operator lies in a partition of its own, so that nothing else need be read to find it. */
function isOperators({ status, original }: TransactionQuery): boolean {
  return status === "needs_review" && original === undefined;
}

function isWanted(transaction: Transaction, { status, kind, connection, batch }: TransactionQuery): boolean {
  return (
    (status === undefined || transaction.status === status) &&
    (kind === undefined || transaction.kind === kind) &&
    (connection === undefined || transaction.connection === connection) &&
    (batch === undefined || transaction.batch === batch)
  );
}

/**
 * The next index entries before a point, newest first. `reached`: every entry at or after it was looked at; absent where
 * the end was reached. Shards stop at different points, so what lies before the newest of these points is left for later.
 */
async function newest(
  client: DynamoDBClient,
  table: string,
  query: TransactionQuery,
  before: string | undefined,
): Promise<{ listed: Listed[]; reached?: string }> {
  const filters = Object.entries({ kind: query.kind, connection: query.connection, batch: query.batch }).filter(
    (filter): filter is [string, string] => filter[1] !== undefined,
  );
  const upper = [before, query.to].filter((bound) => bound !== undefined).sort()[0] ?? "~";
  const lower = query.from ?? "0";
  if (lower > upper) return { listed: [] };

  const partitions = partitionsOf(query);
  const pages = await Promise.all(
    partitions.map(({ index, attribute, value }) =>
      whenAvailable(
        client.send(
          new QueryCommand({
            TableName: table,
            IndexName: index,
            KeyConditionExpression: "#partition = :partition AND listedAt BETWEEN :lower AND :upper",
            ...(filters.length > 0 && {
              FilterExpression: filters.map(([name]) => `#${name} = :${name}`).join(" AND "),
            }),
            ExpressionAttributeNames: {
              "#partition": attribute,
              ...Object.fromEntries(filters.map(([name]) => [`#${name}`, name])),
            },
            ExpressionAttributeValues: {
              ":partition": { S: value },
              ":lower": { S: lower },
              ":upper": { S: upper },
              ...Object.fromEntries(filters.map(([name, content]) => [`:${name}`, { S: content }])),
            },
            ScanIndexForward: false,
            // Twice a shard's fair share of the page: one round is nearly always enough.
            Limit: filters.length > 0 ? filteredPerShard : Math.ceil((2 * query.limit) / partitions.length) + 2,
          }),
        ),
      ),
    ),
  );

  const reached = pages
    .flatMap(({ LastEvaluatedKey }) => LastEvaluatedKey?.["listedAt"]?.S ?? [])
    .sort()
    .at(-1);
  const listed = pages
    .flatMap(({ Items }) => Items ?? [])
    .map((item) => ({ id: item["id"]?.S ?? "", listedAt: item["listedAt"]?.S ?? "" }))
    // BETWEEN includes its bounds; the entry that the page before ended with is not listed again.
    .filter((entry) => entry.listedAt !== upper && (reached === undefined || entry.listedAt >= reached))
    .sort((one, other) => (one.listedAt < other.listedAt ? 1 : -1));
  return { listed, ...(reached !== undefined && { reached }) };
}

/** Where the entries lie: with the original, or spread over the tenant's shards. */
function partitionsOf({ tenant, original }: TransactionQuery) {
  if (original !== undefined) {
    return [{ index: "byOriginal", attribute: "originalKey", value: originalKey(tenant, original) }];
  }
  return Array.from({ length: shardCount }, (_, shard) => ({
    index: "byTenant",
    attribute: "tenantShard",
    value: tenantShard(tenant, shard),
  }));
}

/** The items behind index entries, in the entries' order. */
async function read(client: DynamoDBClient, table: string, listed: readonly Listed[]): Promise<Transaction[]> {
  const found = new Map<string, Transaction>();
  let keys = listed.map(({ id }) => ({ id: { S: id } }));
  while (keys.length > 0) {
    const { Responses, UnprocessedKeys } = await whenAvailable(
      client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys } } })),
    );
    for (const item of Responses?.[table] ?? []) {
      const transaction = parseTransaction(unmarshall(item));
      found.set(transaction.id, transaction);
    }
    keys = (UnprocessedKeys?.[table]?.Keys ?? []).map((key) => ({ id: { S: key["id"]?.S ?? "" } }));
  }
  return listed.flatMap(({ id }) => found.get(id) ?? []);
}
