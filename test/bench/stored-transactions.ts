/** An emulator with many transactions in it from the start. Imported, not written: one by one they would take minutes. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { type AttributeValue, DescribeTableCommand, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { transactionId } from "../../lib/domain/ids.ts";
import type { Amount } from "../../lib/domain/money.ts";
import { begin } from "../../lib/domain/new-transaction.ts";
import { keysOf } from "../../lib/store/keys.ts";
import { tables } from "../../lib/store/tables.ts";
import { createTables, localDynamoDbClient, physicalName } from "../../local/create-tables.ts";
import { type DynamoDb, startDynamoDb } from "../../local/dynamodb.ts";
import { dynoxide } from "../../local/dynamodb-emulators.ts";

const table = physicalName("Transactions");

/** An emulator on disk that holds so many. @throws Error where dynoxide, which can import, does not run */
export async function startWithTransactions(count: number): Promise<DynamoDb> {
  const folder = await mkdtemp(join(tmpdir(), "moneyback-stored-"));
  try {
    await importInto(folder, count);
    const emulator = await startDynamoDb({ dataDir: folder, emulator: "dynoxide" });
    // From here on its changes are streamed: what was there before is nobody's event.
    await sendTo(emulator.endpoint, (client) =>
      client.send(
        new UpdateTableCommand({
          TableName: table,
          StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
        }),
      ),
    );
    const stop = async () => {
      await emulator.stop();
      await rm(folder, { recursive: true });
    };
    return { ...emulator, stop };
  } catch (error) {
    await rm(folder, { recursive: true });
    throw error;
  }
}

async function importInto(folder: string, count: number): Promise<void> {
  const emulator = await dynoxide();
  if (!emulator) throw new Error("growth is measured with dynoxide, which does not run here");
  const [binary] = emulator.command({ port: 0 });
  const source = join(folder, "export");
  await mkdir(join(source, table, "data"), { recursive: true });
  await writeFile(join(source, "schema.json"), JSON.stringify([await describedTable()]));
  const lines = Array.from({ length: count }, (_, place) => JSON.stringify({ Item: itemOf(place) }));
  await writeFile(join(source, table, "data", "0.json.gz"), gzipSync(lines.join("\n"), { level: 1 }));
  const output = join(folder, "dynamodb.sqlite");
  await promisify(execFile)(binary, [
    ...["import", "--source", source, "--schema", join(source, "schema.json"), "--output", output],
  ]);
}

async function describedTable() {
  const emulator = await startDynamoDb({ emulator: "dynoxide" });
  try {
    await createTables(emulator.endpoint, { Transactions: { ...tables.Transactions, stream: false } });
    const { Table } = await sendTo(emulator.endpoint, (client) =>
      client.send(new DescribeTableCommand({ TableName: table })),
    );
    return { Table };
  } finally {
    await emulator.stop();
  }
}

async function sendTo<Result>(
  endpoint: string,
  send: (client: ReturnType<typeof localDynamoDbClient>) => Promise<Result>,
): Promise<Result> {
  const client = localDynamoDbClient(endpoint);
  try {
    return await send(client);
  } finally {
    client.destroy();
  }
}

/** One that came to its end, as it lies in the table: with every index but `due`. */
function itemOf(place: number): Record<string, AttributeValue> {
  const at = new Date(Date.UTC(2026, 0, 1) + place * 1_000);
  const { nextActionAt: _dueNoMore, ...pending } = begin(
    {
      id: transactionId("local", "spendback", `stored ${place}`),
      tenant: "local",
      kind: "spendback",
      connection: "ipayout",
      provider: "ipayout",
      amount: { value: 1_000, currency: "USD" } as Amount,
      recipient: { id: "ben-alice", email: "alice@example.com" },
      description: "Commission of October, taken back",
      fingerprint: "x".repeat(43),
    },
    { by: "api", at },
  );
  const log = [
    ...pending.log,
    { at: at.toISOString(), status: "processing" as const, by: "flow", detail: "attempt claimed" },
    { at: at.toISOString(), status: "succeeded" as const, by: "flow", detail: "Completed" },
  ];
  const item = { ...pending, status: "succeeded" as const, attempts: 1, log };
  return marshall({ ...item, ...keysOf(item) });
}
