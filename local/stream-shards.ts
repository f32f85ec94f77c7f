/** Reads one DynamoDB stream of the emulator shard by shard, over its JSON protocol. */
import type { DynamoDBRecord } from "aws-lambda";
import { region } from "./arns.ts";
import { call, DynamoDbWireError } from "./dynamodb-wire.ts";
import type { StreamCheckpoint } from "./stream-checkpoint.ts";

const operation = (name: string) => `DynamoDBStreams_20120810.${name}`;

export type StartingPosition = "TRIM_HORIZON" | "LATEST";

export interface Batch {
  readonly records: DynamoDBRecord[];
  /** Call it when the batch has been dealt with: the next read goes on behind it. */
  done(): void;
}

export interface Shard {
  /** Undefined at the end of a closed shard, from which nothing will come any more. Throws what the emulator refuses. */
  read(): Promise<Batch | undefined>;
}

export interface ShardOptions {
  readonly endpoint: string;
  readonly streamArn: string;
  readonly shardId: string;
  readonly batchSize: number;
  readonly checkpoint: StreamCheckpoint;
  readonly from: StartingPosition;
}

export async function streamArnOf(endpoint: string, tableName: string): Promise<string> {
  const { Streams = [] } = await call<{ Streams?: { StreamArn: string }[] }>(endpoint, operation("ListStreams"), {
    TableName: tableName,
  });
  const arn = Streams.at(-1)?.StreamArn;
  if (arn === undefined) throw new Error(`The table ${tableName} has no stream.`);
  return arn;
}

/** The ids of a stream's shards, oldest first. */
export async function shardIdsOf(endpoint: string, streamArn: string): Promise<readonly string[]> {
  const ids: string[] = [];
  let lastId: string | undefined;
  do {
    const { StreamDescription } = await call<{
      StreamDescription: { Shards?: { ShardId: string }[]; LastEvaluatedShardId?: string };
    }>(endpoint, operation("DescribeStream"), {
      StreamArn: streamArn,
      ...(lastId !== undefined && { ExclusiveStartShardId: lastId }),
    });
    ids.push(...(StreamDescription.Shards ?? []).map(({ ShardId }) => ShardId));
    lastId = StreamDescription.LastEvaluatedShardId;
  } while (lastId !== undefined);
  return ids;
}

/** Takes its place in the shard at once, so that "from now on" means from this call. */
export async function openShard({
  endpoint,
  streamArn,
  shardId,
  batchSize,
  checkpoint,
  from,
}: ShardOptions): Promise<Shard> {
  // A stream made anew counts from 1 again in a shard of the same name, but its ARN is another.
  const place = `${streamArn}/${shardId}`;

  async function freshIterator(): Promise<string> {
    const last = checkpoint.get(place);
    const position =
      last === undefined
        ? { ShardIteratorType: from }
        : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: last };
    const input = { StreamArn: streamArn, ShardId: shardId };
    try {
      return await iteratorAt(endpoint, { ...input, ...position });
    } catch (error) {
      // Nobody read for a day: what the stream no longer has is lost, and what it has left comes next.
      if (!(error instanceof DynamoDbWireError) || error.type !== "TrimmedDataAccessException") throw error;
      return iteratorAt(endpoint, { ...input, ShardIteratorType: "TRIM_HORIZON" });
    }
  }

  let iterator: string | undefined = await freshIterator();

  return {
    async read() {
      const current = iterator ?? (await freshIterator());
      const { Records = [], NextShardIterator } = await getRecords(endpoint, current, batchSize).catch(
        (error: unknown) => {
          // An iterator lives for 15 minutes. The next read takes its place again, behind the checkpoint.
          if (error instanceof DynamoDbWireError) iterator = undefined;
          throw error;
        },
      );
      if (Records.length === 0 && NextShardIterator === undefined) return undefined;
      return {
        records: Records.map((record) => asDelivered(record, streamArn)),
        done() {
          const last = Records.at(-1)?.dynamodb?.SequenceNumber;
          if (last !== undefined) checkpoint.set(place, last);
          iterator = NextShardIterator;
        },
      };
    },
  };
}

async function iteratorAt(endpoint: string, input: object): Promise<string> {
  return (await call<{ ShardIterator: string }>(endpoint, operation("GetShardIterator"), input)).ShardIterator;
}

interface GetRecordsOutput {
  readonly Records?: DynamoDBRecord[];
  /** Absent at the end of a closed shard. */
  readonly NextShardIterator?: string;
}

function getRecords(endpoint: string, ShardIterator: string, Limit: number): Promise<GetRecordsOutput> {
  return call(endpoint, operation("GetRecords"), { ShardIterator, Limit });
}

/** As Lambda receives a record: with the stream's ARN, and AWS's name for the region where the emulator has its own. */
function asDelivered(record: DynamoDBRecord, streamArn: string): DynamoDBRecord {
  const eventSourceARN = streamArn.replace(/^(arn:aws:dynamodb:)[^:]*/, `$1${region}`);
  return { ...record, awsRegion: region, eventSourceARN };
}
