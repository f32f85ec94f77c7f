/** What one more hold on the same original costs: its record names every holder, so it grows with each. */

import { transactionId } from "../../lib/domain/ids.ts";
import { amountOf, type MinorUnits } from "../../lib/domain/money.ts";
import { dynamoOriginals } from "../../lib/store/dynamodb-originals.ts";
import { originalId } from "../../lib/store/originals.ts";
import { tables } from "../../lib/store/tables.ts";
import { createTables, localDynamoDbClient, physicalName } from "../../local/create-tables.ts";
import { startDynamoDb } from "../../local/dynamodb.ts";
import { startMeteringProxy } from "./metering-proxy.ts";

/** Write units of the nth hold, for each n asked for, in rising order. */
export async function holdUnits(places: readonly number[]): Promise<Readonly<Record<string, number>>> {
  await using parts = new AsyncDisposableStack();
  const emulator = await startDynamoDb();
  parts.defer(() => emulator.stop());
  await createTables(emulator.endpoint, { Originals: tables.Originals });
  const proxy = await startMeteringProxy(emulator.endpoint, "moneyback-local-");
  parts.defer(() => proxy.close());
  const client = localDynamoDbClient(proxy.url);
  parts.defer(() => client.destroy());

  const originals = dynamoOriginals(client, physicalName("Originals"));
  const original = originalId("paysafe", "stl-hot");
  const figure = { value: 100_000_000 as MinorUnits, currency: "USD", source: "provider" } as const;
  await originals.learn(original, figure);
  const units: Record<string, number> = {};
  for (let place = 1; place <= Math.max(...places); place++) {
    proxy.take();
    const hold = await originals.hold(original, transactionId("bench", "refund", `${place}`), amountOf(1_000, "USD"));
    if (hold.kind !== "held") throw new Error(`hold ${place} came to ${hold.kind}`);
    if (places.includes(place)) units[place] = proxy.take()["Originals"]?.write ?? Number.NaN;
  }
  return units;
}
