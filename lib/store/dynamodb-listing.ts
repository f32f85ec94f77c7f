/** Pages over a tenant's transactions, newest first, as the indexes list them. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Transaction } from "../domain/transaction.ts";
import { type Listed, listDue, listWaiting, reviewed } from "./dynamodb-due.ts";
import { dynamoTransactionReader, itemsMax } from "./dynamodb-many.ts";
import { newest } from "./dynamodb-newest.ts";
import { listedAt, originalKey, shardCount, tenantShard } from "./keys.ts";
import type { TransactionLists, TransactionPage, TransactionQuery } from "./port.ts";

/** How often one page may go back to the index for a filter that matches rarely: bounds what a call can cost. */
const roundsMax = 10;

/** Apart from the single-item store, so that a function that lists nothing does not carry the queries. */
export function dynamoTransactionLists(client: DynamoDBClient, table: string): TransactionLists {
  return {
    list: (query) => listTransactions(client, table, query),
    due: (now, limit) => listDue(client, table, now, limit),
    waiting: (now, limit, after) => listWaiting(client, table, now, limit, after),
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
    const { listed, reached } = await (isOperators(query) ? reviewed : wanted)(client, table, query, before);
    while (listed.length > 0) {
      const chunk = listed.splice(0, query.status ? itemsMax : query.limit - items.length);
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

/** A page's next entries, where no operator is asked for. */
function wanted(
  client: DynamoDBClient,
  table: string,
  query: TransactionQuery,
  before: string | undefined,
): Promise<{ listed: Listed[]; reached?: string }> {
  const { kind, connection, batch, from = "0", to, limit } = query;
  const upper = [before, to].filter((bound) => bound !== undefined).sort()[0] ?? "~";
  const filters = { kind, connection, batch };
  return newest(client, table, { partitions: partitionsOf(query), filters, lower: from, upper, limit });
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
  const ids = listed.map(({ id }) => id);
  const found = await dynamoTransactionReader(client, table).many(ids, "eventual");
  return ids.flatMap((id) => found.get(id) ?? []);
}
