/** Makes the local tables from the same definitions as the deployed ones. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import type { IndexDefinition, TableDefinition } from "../lib/store/tables.ts";
import { region } from "./arns.ts";

type Definitions = Readonly<Record<string, TableDefinition>>;

/** The name of a table in the emulator, where other programs' tables may lie beside ours. */
export function physicalName(table: string): string {
  return `moneyback-local-${table}`;
}

/** What tells the Lambdas their tables' names. */
export function tableEnvironment(tables: Definitions): Record<string, string> {
  return Object.fromEntries(Object.entries(tables).map(([name, { environment }]) => [environment, physicalName(name)]));
}

/** A client of the emulator. Letters and digits only in the key: DynamoDB Local refuses others. */
export function localDynamoDbClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({ endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } });
}

/** Makes each table that is not there yet. Throws where one is there with other keys or indexes. */
export async function createTables(endpoint: string, tables: Definitions): Promise<void> {
  const client = localDynamoDbClient(endpoint);
  try {
    await Promise.all(Object.entries(tables).map(([name, definition]) => createTable(client, name, definition)));
  } finally {
    client.destroy();
  }
}

async function createTable(client: DynamoDBClient, name: string, definition: TableDefinition): Promise<void> {
  const input = createTableInput(name, definition);
  const present = await describe(client, input.TableName);
  if (present) return assertSameShape(name, input, present);
  await client.send(new CreateTableCommand(input));
  if (definition.timeToLive !== undefined) {
    const TimeToLiveSpecification = { AttributeName: definition.timeToLive, Enabled: true };
    await client.send(new UpdateTimeToLiveCommand({ TableName: input.TableName, TimeToLiveSpecification }));
  }
}

async function describe(client: DynamoDBClient, TableName: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

type Input = CreateTableCommandInput & { readonly TableName: string };

function createTableInput(name: string, { partitionKey, indexes, stream }: TableDefinition): Input {
  const keys = [partitionKey, ...Object.values(indexes).flatMap((index) => [index.partitionKey, index.sortKey])];
  const secondary = Object.entries(indexes).map(([indexName, index]) => secondaryIndex(indexName, index));
  return {
    TableName: physicalName(name),
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [{ AttributeName: partitionKey, KeyType: "HASH" }],
    AttributeDefinitions: [...new Set(keys)].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    ...(secondary.length > 0 && { GlobalSecondaryIndexes: secondary }),
    ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" } }),
  };
}

type SecondaryIndex = NonNullable<CreateTableCommandInput["GlobalSecondaryIndexes"]>[number];

function secondaryIndex(IndexName: string, { partitionKey, sortKey, include }: IndexDefinition): SecondaryIndex {
  return {
    IndexName,
    KeySchema: [
      { AttributeName: partitionKey, KeyType: "HASH" },
      { AttributeName: sortKey, KeyType: "RANGE" },
    ],
    Projection:
      include.length === 0
        ? { ProjectionType: "KEYS_ONLY" }
        : { ProjectionType: "INCLUDE", NonKeyAttributes: [...include] },
  };
}

/** Data kept from an older version would otherwise fail much later, in a query on an index that is not there. */
function assertSameShape(name: string, wanted: Input, present: TableDescription): void {
  const shapeOf = ({ KeySchema, GlobalSecondaryIndexes = [] }: Input | TableDescription): string =>
    JSON.stringify([
      KeySchema?.map((key) => key.AttributeName),
      GlobalSecondaryIndexes.map((index) => [index.IndexName, index.KeySchema?.map((key) => key.AttributeName)]).sort(),
    ]);
  if (shapeOf(wanted) === shapeOf(present)) return;
  throw new Error(`The table ${physicalName(name)} was made by another version: start with an empty data directory.`);
}
