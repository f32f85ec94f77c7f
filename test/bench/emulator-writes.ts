/** What the emulator itself takes: single conditional writes, from one client, with nothing of ours around them. */
import { randomUUID } from "node:crypto";
import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { localDynamoDbClient, physicalName } from "../../local/create-tables.ts";

export interface EmulatorWrites {
  /** Writes a second. */
  rate(writes: number, concurrency: number): Promise<number>;
  close(): void;
}

export function emulatorWrites(endpoint: string): EmulatorWrites {
  const client = localDynamoDbClient(endpoint);
  return {
    rate: (writes, concurrency) => rateOf(writes, concurrency, () => write(client)),
    close: () => client.destroy(),
  };
}

/** So many calls, as many at once as told; calls a second. */
export async function rateOf(
  calls: number,
  concurrency: number,
  call: (place: number) => Promise<void>,
): Promise<number> {
  const started = performance.now();
  let next = 0;
  const caller = async () => {
    for (let place = next++; place < calls; place = next++) await call(place);
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  return calls / ((performance.now() - started) / 1_000);
}

async function write(client: DynamoDBClient): Promise<void> {
  await client.send(
    new PutItemCommand({
      TableName: physicalName("Idempotency"),
      Item: { id: { S: randomUUID() }, fingerprint: { S: "x".repeat(43) }, expiresAt: { N: "4102444800" } },
      ConditionExpression: "attribute_not_exists(id)",
    }),
  );
}
