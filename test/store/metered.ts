/** Counts what calls of a client cost, in the units that DynamoDB would bill, as the emulator tells them. */
import type { ConsumedCapacity, DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** A client that asks for every call's capacity and keeps what it is told. */
export function metered(client: DynamoDBClient): { client: DynamoDBClient; take(): Record<string, number> } {
  let told: ConsumedCapacity[] = [];
  const send = async (command: { input: object }) => {
    Object.assign(command.input, { ReturnConsumedCapacity: "INDEXES" });
    const output = (await client.send(command as never)) as { ConsumedCapacity?: ConsumedCapacity };
    if (output.ConsumedCapacity) told.push(output.ConsumedCapacity);
    return output;
  };
  return {
    client: { send } as never,
    take() {
      const units: Record<string, number> = {};
      for (const { Table, GlobalSecondaryIndexes = {} } of told) {
        const parts = Object.entries({ table: Table ?? {}, ...GlobalSecondaryIndexes });
        for (const [name, { CapacityUnits = 0 }] of parts) if (CapacityUnits > 0) units[name] = CapacityUnits;
      }
      told = [];
      return units;
    },
  };
}
