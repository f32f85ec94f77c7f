/** The embedded DynamoDBs: they start, hold the tables of the definitions, keep data where asked, and leave no process. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, describe, expect, test, vi } from "vitest";
import { tables } from "../../lib/store/tables.ts";
import { createTables, localDynamoDbClient, physicalName } from "../../local/create-tables.ts";
import { type DynamoDb, startDynamoDb } from "../../local/dynamodb.ts";
import { ping } from "../../local/dynamodb-wire.ts";
import { canRun } from "../store/emulator.ts";

const emulators = [
  { emulator: "dynoxide", isHere: await canRun("dynoxide") },
  { emulator: "java", isHere: await canRun("java") },
] as const;

let running: DynamoDb | undefined;
afterEach(() => running?.stop());

const key = { id: { S: "a" } };
const TableName = physicalName("Transactions");

describe.each(emulators)("$emulator", ({ emulator, isHere }) => {
  test.runIf(isHere)("holds the tables as they are defined", async () => {
    running = await startDynamoDb({ emulator });
    await createTables(running.endpoint, tables);
    // A second time finds them there.
    await createTables(running.endpoint, tables);
    const client = localDynamoDbClient(running.endpoint);
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    });
    const indexes = Object.fromEntries((Table?.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, index]));
    expect(indexes["due"]).toMatchObject({
      KeySchema: [
        { AttributeName: "dueShard", KeyType: "HASH" },
        { AttributeName: "nextActionAt", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["createdAt", "connection"] },
    });
    expect(indexes["byTenant"]?.Projection?.ProjectionType).toBe("INCLUDE");
    expect(indexes["byTenant"]?.Projection?.NonKeyAttributes?.toSorted()).toEqual(["batch", "connection", "kind"]);
    const ttl = await client.send(new DescribeTimeToLiveCommand({ TableName: physicalName("Idempotency") }));
    expect(ttl.TimeToLiveDescription).toMatchObject({ AttributeName: "expiresAt", TimeToLiveStatus: "ENABLED" });
    client.destroy();
  });

  test.runIf(isHere)("keeps what is in its folder across a restart", async () => {
    const dataDir = join(await mkdtemp(join(tmpdir(), "moneyback-data-")), "new");
    const first = await startDynamoDb({ emulator, dataDir });
    await createTables(first.endpoint, tables);
    const writer = localDynamoDbClient(first.endpoint);
    await writer.send(new PutItemCommand({ TableName, Item: key }));
    writer.destroy();
    await first.stop();
    expect(await ping(first.endpoint)).toBe(false);

    running = await startDynamoDb({ emulator, dataDir });
    await createTables(running.endpoint, tables);
    const reader = localDynamoDbClient(running.endpoint);
    expect((await reader.send(new GetItemCommand({ TableName, Key: key }))).Item).toEqual(key);
    reader.destroy();
  });

  test.runIf(isHere)("does not outlive a process that is killed outright", async () => {
    const script = `import { startDynamoDb } from ${JSON.stringify(new URL("../../local/dynamodb.ts", import.meta.url).href)};
      console.log((await startDynamoDb({ emulator: "${emulator}" })).endpoint);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [endpoint] = (await once(createInterface({ input: parent.stdout }), "line")) as [string];
    expect(await ping(endpoint)).toBe(true);
    parent.kill("SIGKILL");
    await vi.waitFor(async () => expect(await ping(endpoint)).toBe(false), { timeout: 5_000 });
  });
});

test("one of the emulators is here", () => {
  expect(emulators.some(({ isHere }) => isHere)).toBe(true);
});

test("dynoxide is preferred, and answers on this machine only", async () => {
  running = await startDynamoDb();
  expect(running.kind).toBe(emulators[0].isHere ? "dynoxide" : expect.stringContaining("AWS DynamoDB Local"));
  expect(running.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

test("one that already runs is used and not stopped", async () => {
  running = await startDynamoDb();
  const external = await startDynamoDb({ endpoint: running.endpoint });
  expect(external.endpoint).toBe(running.endpoint);
  await external.stop();
  expect(await ping(running.endpoint)).toBe(true);
});

test("an endpoint where nothing answers is named, with its variable", async () => {
  await expect(startDynamoDb({ endpoint: "http://127.0.0.1:1" })).rejects.toThrow(
    "No DynamoDB answers at DYNAMODB_ENDPOINT=http://127.0.0.1:1: start it, or unset the variable.",
  );
});

test("without any emulator, one line says what to install", async () => {
  const script = `import { startDynamoDb } from ${JSON.stringify(new URL("../../local/dynamodb.ts", import.meta.url).href)};
    await startDynamoDb({ emulator: "java" }).catch((error) => console.log(error.message));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    env: { PATH: "/nowhere" },
  });
  expect(stdout).toBe(
    "No DynamoDB emulator can run here: install Java 17 or newer on the PATH, or set DYNAMODB_ENDPOINT to a DynamoDB that already runs.\n",
  );
});

test("a table of another shape is refused", async () => {
  running = await startDynamoDb();
  const definition = { environment: "E", partitionKey: "id", indexes: {}, stream: false };
  await createTables(running.endpoint, { Things: definition });
  await expect(createTables(running.endpoint, { Things: { ...definition, partitionKey: "other" } })).rejects.toThrow(
    "The table moneyback-local-Things was made by another version: start with an empty data directory.",
  );
});
