/** dynoxide finds the number of the next change by an index, so that a write costs the same however many there were. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DescribeTableCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { tables } from "../../lib/store/tables.ts";
import { createTables, localDynamoDbClient, physicalName } from "../../local/create-tables.ts";
import { startDynamoDb } from "../../local/dynamodb.ts";
import { canRun } from "../store/emulator.ts";

/** What dynoxide 1.2.1 asks its file before it records a change. */
const nextNumber =
  "SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = ?1";

test.runIf(await canRun("dynoxide"))("the next change's number is looked up, not searched for", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "moneyback-streams-"));
  const { endpoint, stop } = await startDynamoDb({ emulator: "dynoxide", dataDir });
  await createTables(endpoint, tables);
  const client = localDynamoDbClient(endpoint);
  const TableName = physicalName("Transactions");
  for (const id of ["a", "b", "c"]) await client.send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  expect(Table?.StreamSpecification?.StreamEnabled).toBe(true);
  client.destroy();

  const database = new DatabaseSync(join(dataDir, "dynamodb.sqlite"), { readOnly: true });
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${nextNumber}`).all(TableName);
  expect(plan.map(({ detail }) => detail)).toEqual([
    expect.stringContaining("SEARCH _stream_records USING COVERING INDEX"),
  ]);
  const [{ next } = { next: 0 }] = database.prepare(nextNumber.replace("FROM", "AS next FROM")).all(TableName);
  expect(Number(next)).toBeGreaterThan(3);
  database.close();
  await stop();
  await rm(dataDir, { recursive: true });
});
