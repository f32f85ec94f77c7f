/** Batches' rows, and what was last seen of them, in DynamoDB: two items a chunk, the large one written once. */
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import * as z from "zod/mini";
import { ChunkRow } from "../domain/batch-chunk.ts";
import { ChunkState } from "../domain/chunk-state.ts";
import type { ChunkStore } from "./batches.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import { held } from "./dynamodb-conditional.ts";
import { itemsOf } from "./dynamodb-many.ts";

/** Behind a chunk's id: what was last seen of it. */
const stateSuffix = "#s";

/** A connection that is called `constructor` names a member of a map; the map is one all the same. */
const asItem = { removeUndefinedValues: true, convertClassInstanceToMap: true } as const;

/** Rows are one text: they are written and read as a whole, and a hundred nested maps would cost far more time. */
const StoredChunk = z.object({ id: z.string(), first: z.int(), rows: z.string() });

export function dynamoChunks(client: DynamoDBClient, table: string): ChunkStore {
  return {
    async createChunk({ id, first, rows }) {
      await held(
        client.send(
          new PutItemCommand({
            TableName: table,
            Item: marshall({ id, first, rows: JSON.stringify(rows) }),
            ConditionExpression: "attribute_not_exists(id)",
          }),
        ),
      );
    },

    async chunk(id) {
      const { Item } = await whenAvailable(
        client.send(new GetItemCommand({ TableName: table, Key: { id: { S: id } }, ConsistentRead: true })),
      );
      if (!Item) return undefined;
      const { first, rows } = StoredChunk.parse(unmarshall(Item));
      return { id, first, rows: z.array(ChunkRow).parse(JSON.parse(rows)) };
    },

    async states(ids, consistency) {
      const items = await itemsOf(
        client,
        table,
        ids.map((id) => id + stateSuffix),
        consistency,
      );
      const states = [...items].map(([id, item]) =>
        ChunkState.parse({ ...item, id: id.slice(0, -stateSuffix.length) }),
      );
      return new Map(states.map((state) => [state.id, state]));
    },

    async replaceState(next) {
      const changed = { ...next, revision: next.revision + 1 };
      const wasPut = await held(
        client.send(
          new PutItemCommand({
            TableName: table,
            Item: marshall({ ...changed, id: next.id + stateSuffix }, asItem),
            ConditionExpression: next.revision === 0 ? "attribute_not_exists(id)" : "revision = :seen",
            ...(next.revision > 0 && { ExpressionAttributeValues: { ":seen": { N: String(next.revision) } } }),
          }),
        ),
      );
      return wasPut ? changed : undefined;
    },
  };
}
