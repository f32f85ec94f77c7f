/** The stream reader against a real emulator: what is written arrives, in order, until it is taken. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { tables } from "../../lib/store/tables.ts";
import { createTables, localDynamoDbClient, physicalName } from "../../local/create-tables.ts";
import { type DynamoDb, startDynamoDb } from "../../local/dynamodb.ts";
import { type StreamOptions, type StreamReader, startStream } from "../../local/stream.ts";
import { fileCheckpoint } from "../../local/stream-checkpoint.ts";
import type { StreamFailure } from "../../local/stream-failure.ts";
import { canRun } from "../store/emulator.ts";

const emulators = [
  { emulator: "dynoxide", isHere: await canRun("dynoxide") },
  { emulator: "java", isHere: await canRun("java") },
] as const;

describe.each(emulators.filter(({ isHere }) => isHere))("on $emulator", ({ emulator }) => {
  let dynamoDb: DynamoDb;
  let client: DynamoDBClient;
  let reader: StreamReader | undefined;
  /** Each test has a table, and so a stream, of its own. */
  let table: string;
  let made = 0;

  beforeAll(async () => {
    dynamoDb = await startDynamoDb({ emulator });
    client = localDynamoDbClient(dynamoDb.endpoint);
  });
  beforeEach(async () => {
    table = `Transactions-${++made}`;
    await createTables(dynamoDb.endpoint, { [table]: tables.Transactions });
  });
  afterEach(() => reader?.stop());
  afterAll(async () => {
    client.destroy();
    await dynamoDb.stop();
  });

  async function put(...texts: string[]): Promise<void> {
    for (const text of texts) {
      const Item = { id: { S: "txn_1" }, status: { S: text } };
      await client.send(new PutItemCommand({ TableName: physicalName(table), Item }));
    }
  }

  async function start(options: Partial<StreamOptions> = {}) {
    const batches: DynamoDBRecord[][] = [];
    const deliver = vi.fn(
      async ({ Records }: { Records: DynamoDBRecord[] }): Promise<unknown> => batches.push(Records),
    );
    reader = await startStream({
      endpoint: dynamoDb.endpoint,
      table,
      batchSize: 2,
      deliver,
      ...options,
    });
    const statuses = () => batches.flat().map((record) => record.dynamodb?.NewImage?.["status"]?.S);
    return { reader, batches, statuses };
  }

  test("what is written arrives as Lambda gets it, in batches and in order", async () => {
    await put("pending");
    const { reader: started, batches, statuses } = await start();
    await put("processing", "succeeded");
    await started.idle();
    expect(statuses()).toEqual(["pending", "processing", "succeeded"]);
    expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(2);
    const [first, second] = batches.flat();
    expect(first).toMatchObject({
      eventID: expect.any(String),
      eventName: "INSERT",
      eventSource: "aws:dynamodb",
      awsRegion: "us-east-1",
      eventSourceARN: expect.stringMatching(
        /^arn:aws:dynamodb:us-east-1:000000000000:table\/moneyback-local-Transactions-1\/stream\/./,
      ),
      dynamodb: {
        Keys: { id: { S: "txn_1" } },
        SequenceNumber: expect.any(String),
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
    });
    expect(first?.dynamodb).not.toHaveProperty("OldImage");
    expect(second).toMatchObject({ eventName: "MODIFY", dynamodb: { OldImage: { status: { S: "pending" } } } });
  });

  test("a batch that fails comes again before anything behind it", async () => {
    const errors: unknown[] = [];
    const seen: (string | undefined)[] = [];
    let calls = 0;
    await put("one", "two");
    const { reader: started } = await start({
      batchSize: 1,
      onError: (error) => errors.push(error),
      async deliver({ Records }) {
        calls += 1;
        seen.push(Records[0]?.dynamodb?.NewImage?.["status"]?.S);
        if (calls < 3) throw new Error("not now");
      },
    });
    await started.idle();
    expect(seen).toEqual(["one", "one", "one", "two"]);
    expect(errors).toHaveLength(2);
  });

  test("a record that never passes is put aside with its shard, and what is behind it goes on, also after a restart", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "moneyback-checkpoint-")), "stream.json");
    const asides: StreamFailure[] = [];
    const taken: (string | undefined)[] = [];
    await put("one", "two", "three");
    const options: Partial<StreamOptions> = {
      checkpoint: fileCheckpoint(file),
      putAside: (failure) => asides.push(failure),
      pauseBeforeRetry: async () => {},
      async deliver({ Records }) {
        const statuses = Records.map(({ dynamodb }) => dynamodb?.NewImage?.["status"]?.S);
        if (statuses.includes("two")) throw new Error("never");
        taken.push(...statuses);
      },
    };
    const { reader: started } = await start(options);
    await started.idle();
    expect(taken).toEqual(["one", "three"]);
    expect(asides).toMatchObject([
      {
        shardId: expect.stringMatching(/^shardId-/i),
        tries: 20,
        record: {
          eventSourceARN: expect.stringMatching(/^arn:aws:dynamodb:us-east-1:/),
          dynamodb: { SequenceNumber: expect.any(String), NewImage: { status: { S: "two" } } },
        },
      },
    ]);
    await started.stop();
    const again = await start(options);
    await again.reader.idle();
    expect([taken, asides.length]).toEqual([["one", "three"], 1]);
  });

  test("a reader that begins with what comes sees nothing older", async () => {
    await put("old");
    const { reader: started, statuses } = await start({ from: "LATEST" });
    await put("new");
    await started.idle();
    expect(statuses()).toEqual(["new"]);
  });

  test("a restart goes on where the last one stopped", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "moneyback-checkpoint-")), "stream.json");
    await put("one");
    const before = await start({ checkpoint: fileCheckpoint(file) });
    await before.reader.idle();
    await before.reader.stop();
    await put("two");
    const after = await start({ checkpoint: fileCheckpoint(file) });
    await after.reader.idle();
    expect([before.statuses(), after.statuses()]).toEqual([["one"], ["two"]]);
  });

  test("a table without a stream is named", async () => {
    await createTables(dynamoDb.endpoint, { Sessions: tables.Sessions });
    await expect(start({ table: "Sessions" })).rejects.toThrow("The table moneyback-local-Sessions has no stream.");
  });
});
