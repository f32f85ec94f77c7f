/** Lists over the indexes of the table of accruals: a tenant's newest, and what waits, group by group. */
import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { Accrual } from "../domain/accrual.ts";
import { accrualListedAt, waitingShard, waitingShardOf } from "./accrual-keys.ts";
import type { AccrualLists, AccrualPage, AccrualQuery, Place, Waiting, WaitingQuery } from "./accruals.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import { itemsMax, itemsOf } from "./dynamodb-many.ts";
import { newest } from "./dynamodb-newest.ts";
import { shardCount, tenantShard } from "./keys.ts";

/** How often one page may go back to the index for a filter that matches rarely: bounds what a call can cost. */
const roundsMax = 10;

/** How many entries are read at a time to find the groups among them. */
const groupEntriesMax = 250;

export function dynamoAccrualLists(client: DynamoDBClient, table: string): AccrualLists {
  const read = async (ids: readonly string[]): Promise<Accrual[]> => {
    const found = await itemsOf(client, table, ids, "eventual");
    return ids.flatMap((id) => {
      const item = found.get(id);
      return item ? [Accrual.parse(item)] : [];
    });
  };
  return {
    list: (query) => listed(client, table, query, read),
    getAll: read,
    waitingGroups: (where, limit, after) => waitingGroups(client, table, where, limit, after),
    waiting: (query) => waiting(client, table, query),
  };
}

/** Merges the tenant's shards; what is filtered never changes, so it is filtered in the index. */
async function listed(
  client: DynamoDBClient,
  table: string,
  { tenant, limit, connection, receiver, before }: AccrualQuery,
  read: (ids: readonly string[]) => Promise<Accrual[]>,
): Promise<AccrualPage> {
  const partitions = Array.from({ length: shardCount }, (_, shard) => ({
    index: "byTenant",
    attribute: "tenantShard",
    value: tenantShard(tenant, shard),
  }));
  const items: Accrual[] = [];
  let upper = before ?? "~";
  for (let round = 0; round < roundsMax; round++) {
    const filters = { connection, wallet: receiver };
    const found = await newest(client, table, { partitions, filters, lower: "0", upper, limit });
    while (found.listed.length > 0) {
      // One more than the page holds tells that there is a next one.
      const chunk = found.listed.splice(0, Math.min(limit + 1 - items.length, itemsMax));
      for (const accrual of await read(chunk.map(({ id }) => id))) {
        // Tenants' names may run into shards' numbers.
        if (accrual.tenant !== tenant) continue;
        const last = items.at(-1);
        if (last && items.length === limit) return { items, next: accrualListedAt(last) };
        items.push(accrual);
      }
    }
    if (found.reached === undefined) return { items };
    upper = found.reached;
  }
  return { items, next: upper };
}

/**
 * Shard after shard. The entries of one group lie together: where a page of them holds one group alone, the next begins behind
 * the group, however many it has. A position is a shard and the last group there.
 */
async function waitingGroups(
  client: DynamoDBClient,
  table: string,
  where: Place,
  limit: number,
  after = "0#",
): Promise<{ groups: string[]; next?: string }> {
  const groups: string[] = [];
  let [shard, group] = positionIn(after);
  while (shard < shardCount) {
    const { Items = [], LastEvaluatedKey } = await whenAvailable(
      client.send(
        new QueryCommand({
          TableName: table,
          IndexName: "waiting",
          KeyConditionExpression: "waitingShard = :shard AND waitingAt > :after",
          ExpressionAttributeValues: {
            ":shard": { S: waitingShardOf(where, shard) },
            ":after": { S: group === "" ? "0" : `${group}#~` },
          },
          Limit: groupEntriesMax,
        }),
      ),
    );
    for (const found of new Set(Items.map((item) => groupIn(item["waitingAt"]?.S)))) {
      if (groups.length === limit) return { groups, next: `${shard}#${group}` };
      groups.push(found);
      group = found;
    }
    if (LastEvaluatedKey) continue;
    shard += 1;
    group = "";
  }
  return { groups };
}

async function waiting(
  client: DynamoDBClient,
  table: string,
  { group, cutoff, limit, after, ...where }: WaitingQuery,
): Promise<Waiting[]> {
  const found: Waiting[] = [];
  for (let behind = after ?? `${group}#`; found.length < limit; ) {
    const { Items = [], LastEvaluatedKey } = await whenAvailable(
      client.send(
        new QueryCommand({
          TableName: table,
          IndexName: "waiting",
          KeyConditionExpression: "waitingShard = :shard AND waitingAt BETWEEN :after AND :cutoff",
          ExpressionAttributeValues: {
            ":shard": { S: waitingShard(where, group) },
            ":after": { S: behind },
            // What was made at the cutoff itself has its id behind the time, and so lies behind this.
            ":cutoff": { S: `${group}#${cutoff}` },
          },
          // One more, as the bounds are included.
          Limit: limit - found.length + 1,
        }),
      ),
    );
    for (const item of Items) {
      const at = item["waitingAt"]?.S ?? "";
      if (at === behind || found.length === limit) continue;
      const [value, revision] = [Number(item["value"]?.N), Number(item["revision"]?.N)];
      found.push({ id: item["id"]?.S ?? "", value, revision, at });
    }
    if (!LastEvaluatedKey) break;
    behind = LastEvaluatedKey["waitingAt"]?.S ?? behind;
  }
  return found;
}

function groupIn(at = ""): string {
  return at.slice(0, at.indexOf("#"));
}

function positionIn(position: string): [number, string] {
  const end = position.indexOf("#");
  return [Number(position.slice(0, end)), position.slice(end + 1)];
}
