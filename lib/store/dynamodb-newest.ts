/** The newest entries of an index whose partitions are merged: what `listedAt` orders, over a tenant's shards. */
import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { whenAvailable } from "./dynamodb-client.ts";
import type { Listed } from "./dynamodb-due.ts";

/** How many index entries a filtered query looks at in one partition and round. */
const filteredPerPartition = 250;

export interface NewestQuery {
  readonly partitions: readonly { readonly index: string; readonly attribute: string; readonly value: string }[];
  /** Attributes of the index, and what they must be; those that are undefined may be anything. */
  readonly filters: Readonly<Record<string, string | undefined>>;
  /** At or after. */
  readonly lower: string;
  /** Before. */
  readonly upper: string;
  readonly limit: number;
}

/**
 * The next index entries before a point, newest first. `reached`: every entry at or after it was looked at; absent where
 * the end was reached. Partitions stop at different points, so what lies before the newest of these points is left for later.
 */
export async function newest(
  client: DynamoDBClient,
  table: string,
  { partitions, filters, lower, upper, limit }: NewestQuery,
): Promise<{ listed: Listed[]; reached?: string }> {
  if (lower > upper) return { listed: [] };
  const wanted = Object.entries(filters).filter((filter): filter is [string, string] => filter[1] !== undefined);
  const pages = await Promise.all(
    partitions.map(({ index, attribute, value }) =>
      whenAvailable(
        client.send(
          new QueryCommand({
            TableName: table,
            IndexName: index,
            KeyConditionExpression: "#partition = :partition AND listedAt BETWEEN :lower AND :upper",
            ...(wanted.length > 0 && {
              FilterExpression: wanted.map(([name]) => `#${name} = :${name}`).join(" AND "),
            }),
            ExpressionAttributeNames: {
              "#partition": attribute,
              ...Object.fromEntries(wanted.map(([name]) => [`#${name}`, name])),
            },
            ExpressionAttributeValues: {
              ":partition": { S: value },
              ":lower": { S: lower },
              ":upper": { S: upper },
              ...Object.fromEntries(wanted.map(([name, content]) => [`:${name}`, { S: content }])),
            },
            ScanIndexForward: false,
            // Twice a partition's fair share of the page: one round is nearly always enough.
            Limit: wanted.length > 0 ? filteredPerPartition : Math.ceil((2 * limit) / partitions.length) + 2,
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
