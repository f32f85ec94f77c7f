/** Hears what each call of a DynamoDB client consumed, from DynamoDB's own answer. */
import { ConditionalCheckFailedException, type ConsumedCapacity, type DynamoDBClient } from "@aws-sdk/client-dynamodb";

export interface ConsumedUnits {
  readonly writeUnits: number;
  /** In halves of a unit. */
  readonly readHalfUnits: number;
}

const reads = new Set(["GetItemCommand", "QueryCommand", "BatchGetItemCommand", "ScanCommand"]);

/** Asks for the figures in every call, which costs nothing, and tells them to `listener`. */
export function listenToCapacity(client: DynamoDBClient, listener: (consumed: ConsumedUnits) => void): void {
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (call) => {
        const input = { ...call.input, ReturnConsumedCapacity: "TOTAL" };
        try {
          const answer = await next({ ...call, input });
          listener(consumedBy(commandName, answer.output));
          return answer;
        } catch (error) {
          // A refused condition is billed as the write it would have been, and the answer does not say so. Ours are about small items.
          if (error instanceof ConditionalCheckFailedException) listener({ writeUnits: 1, readHalfUnits: 0 });
          throw error;
        }
      },
    { step: "initialize", name: "listenToCapacity" },
  );
}

function consumedBy(commandName: string, output: object): ConsumedUnits {
  const told = "ConsumedCapacity" in output ? (output.ConsumedCapacity as ConsumedCapacity | ConsumedCapacity[]) : [];
  const units = [told ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
  if (reads.has(commandName)) return { writeUnits: 0, readHalfUnits: Math.round(units * 2) };
  return { writeUnits: Math.round(units), readHalfUnits: 0 };
}
