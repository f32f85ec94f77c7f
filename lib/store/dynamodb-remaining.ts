/** What is left of an original, read from DynamoDB: apart from the store, so that whoever only asks does not load how it is held. */
import { type AttributeValue, type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { MinorUnits } from "../domain/money.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import type { OriginalStore, Remaining, Source } from "./originals.ts";

const sources: readonly Source[] = ["provider", "own", "caller"];

export function dynamoRemaining(client: DynamoDBClient, table: string): Pick<OriginalStore, "remaining"> {
  return {
    async remaining(id) {
      const { Item } = await whenAvailable(
        client.send(new GetItemCommand({ TableName: table, Key: { id: { S: id } }, ConsistentRead: true })),
      );
      return remainingIn(Item);
    },
  };
}

/** What an original's item says; undefined where nothing was learned yet. */
export function remainingIn(item: Readonly<Record<string, AttributeValue>> | undefined): Remaining | undefined {
  const { remaining, currency, held, source } = item ?? {};
  if (!remaining?.N || !currency?.S) return undefined;
  return {
    value: Number(remaining.N) as MinorUnits,
    currency: currency.S,
    source: sources.find((one) => one === source?.S) ?? "caller",
    isTouched: Number(held?.N ?? 0) > 0,
  };
}
