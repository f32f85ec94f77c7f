/** What is known of connections, in DynamoDB: one item each holds both the next slot and the run of failures. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { ConnectionState, ConnectionStateStore, Slot, SlotRequest } from "./connection-states.ts";
import { whenAvailable } from "./dynamodb-client.ts";

/** A request to a provider waits for this at most, before it and after it. */
const patienceMs = 1_000;

type Item = Readonly<Record<string, AttributeValue>>;
type Change = Omit<UpdateItemCommandInput, "TableName" | "Key">;

export function dynamoConnectionStates(client: DynamoDBClient, table: string): ConnectionStateStore {
  const keyOf = (connection: string) => ({ TableName: table, Key: { id: { S: connection } } });
  const patience = () => ({ abortSignal: AbortSignal.timeout(patienceMs) });

  /** Whether the condition held, and the attributes that were asked for. */
  const change = async (connection: string, update: Change): Promise<{ held: boolean; item: Item }> => {
    try {
      const command = new UpdateItemCommand({ ...keyOf(connection), ...update });
      const { Attributes = {} } = await whenAvailable(client.send(command, patience()));
      return { held: true, item: Attributes };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { held: false, item: error.Item ?? {} };
    }
  };

  /** The next slot in the queue. Not taken where it lies later than one would wait, or in the past. */
  const queue = async (connection: string, { now, intervalMs, latest }: SlotRequest): Promise<Slot> => {
    const { held, item } = await change(connection, {
      ConditionExpression: "nextSlotAt BETWEEN :now AND :latest",
      UpdateExpression: "SET nextSlotAt = nextSlotAt + :interval",
      ExpressionAttributeValues: {
        ":now": { N: String(now) },
        ":latest": { N: String(latest) },
        ":interval": { N: String(intervalMs) },
      },
      ReturnValues: "UPDATED_OLD",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    return { taken: held, at: Number(item["nextSlotAt"]?.N ?? 0) };
  };

  /** The slot of this very moment, where nobody has asked for one lately. */
  const begin = async (connection: string, { now, intervalMs }: SlotRequest): Promise<boolean> => {
    const { held } = await change(connection, {
      ConditionExpression: "attribute_not_exists(nextSlotAt) OR nextSlotAt < :now",
      UpdateExpression: "SET nextSlotAt = :next",
      ExpressionAttributeValues: { ":now": { N: String(now) }, ":next": { N: String(now + intervalMs) } },
    });
    return held;
  };

  return {
    async get(connection) {
      const { Item } = await whenAvailable(client.send(new GetItemCommand(keyOf(connection)), patience()));
      return stateIn(Item ?? {});
    },

    /*
     * The next slot only ever moves on, so whoever loses the beginning finds a queue:
     *
     *   caller A   queue: in the past ── begin ──────────────────────▶ now
     *   caller B     queue: in the past ── begin refused ── queue ───▶ now + interval
     *   caller C                                     queue ──────────▶ now + 2 intervals
     */
    async takeSlot(connection, request) {
      const slot = await queue(connection, request);
      if (slot.taken || slot.at > request.latest) return slot;
      if (await begin(connection, request)) return { taken: true, at: request.now };
      return queue(connection, request);
    },

    async fail(connection, now) {
      const { item } = await change(connection, {
        UpdateExpression:
          "SET failures = if_not_exists(failures, :zero) + :one, failingSince = if_not_exists(failingSince, :now)",
        ExpressionAttributeValues: { ":zero": { N: "0" }, ":one": { N: "1" }, ":now": { S: now.toISOString() } },
        ReturnValues: "ALL_NEW",
      });
      const state = stateIn(item);
      if (!state) throw new Error(`the failure of ${connection} was not counted`);
      return state;
    },

    async open(connection, { failingSince, openings }, until) {
      await change(connection, {
        ConditionExpression: `failingSince = :since AND ${openings === 0 ? "attribute_not_exists(openings)" : "openings = :seen"}`,
        UpdateExpression: "SET openUntil = :until, openings = :openings",
        ExpressionAttributeValues: {
          ":since": { S: failingSince },
          ...(openings > 0 && { ":seen": { N: String(openings) } }),
          ":openings": { N: String(openings + 1) },
          ":until": { S: until.toISOString() },
        },
      });
    },

    async probe(connection, { failingSince, openUntil }, until) {
      if (openUntil === undefined) return false;
      const { held } = await change(connection, {
        ConditionExpression: "failingSince = :since AND openUntil = :seen",
        UpdateExpression: "SET openUntil = :until",
        ExpressionAttributeValues: {
          ":since": { S: failingSince },
          ":seen": { S: openUntil },
          ":until": { S: until.toISOString() },
        },
      });
      return held;
    },

    async recover(connection) {
      await change(connection, { UpdateExpression: "REMOVE failures, failingSince, openUntil, openings" });
    },
  };
}

function stateIn({ failures, failingSince, openUntil, openings }: Item): ConnectionState | undefined {
  if (!failures?.N || !failingSince?.S) return undefined;
  return {
    failures: Number(failures.N),
    failingSince: failingSince.S,
    ...(openUntil?.S && { openUntil: openUntil.S }),
    openings: Number(openings?.N ?? 0),
  };
}
