/** How a stream's batch that fails is delivered: what can pass passes, in order, and what never does is put aside. */
import type { DynamoDBRecord } from "aws-lambda";
import { describe, expect, test } from "vitest";
import { streamsDeadLetterQueue } from "../../local/queues.ts";
import { deliverInOrder } from "../../local/stream-delivery.ts";
import { streamFailureRecord } from "../../local/stream-failure.ts";
import { ownQueue } from "../../stacks/function-names.ts";

const recordOf = (number: number): DynamoDBRecord => ({ eventID: String(number) });
const records = (count: number) => Array.from({ length: count }, (_, place) => recordOf(place + 1));
const numbers = (of: readonly DynamoDBRecord[]) => of.map(({ eventID }) => Number(eventID));

/** Delivers so many records to a function that refuses what `fails`; the waits take no time. */
async function delivered(
  count: number,
  fails: (batch: readonly number[], call: number) => boolean,
  stopAfterCalls = Infinity,
) {
  const stopping = new AbortController();
  const calls: number[][] = [];
  const taken: number[] = [];
  const asides: { number: number; tries: number; takenBefore: number }[] = [];
  const waitsMs: number[] = [];
  const errors: unknown[] = [];
  const isDone = await deliverInOrder(records(count), {
    async deliver({ Records }) {
      const batch = numbers(Records);
      calls.push(batch);
      if (calls.length >= stopAfterCalls) stopping.abort();
      if (fails(batch, calls.length)) throw new Error("not now");
      taken.push(...batch);
    },
    putAside: ({ record, tries }) => asides.push({ number: Number(record.eventID), tries, takenBefore: taken.length }),
    onError: (error) => errors.push(error),
    stopping: stopping.signal,
    pause: async (ms) => waitsMs.push(ms),
  });
  return { isDone, calls, taken, asides, waitsMs, errors };
}

describe("a batch", () => {
  test("that is taken is delivered once, whole", async () => {
    const { isDone, calls, asides } = await delivered(5, () => false);
    expect([isDone, calls, asides]).toEqual([true, [[1, 2, 3, 4, 5]], []]);
  });

  test("with a record that never passes is halved at once: all others are taken, in order", async () => {
    const { isDone, calls, taken, asides, errors } = await delivered(8, (batch) => batch.includes(6));
    expect(isDone).toBe(true);
    expect(taken).toEqual([1, 2, 3, 4, 5, 7, 8]);
    expect(asides).toEqual([{ number: 6, tries: 20, takenBefore: 5 }]);
    expect(calls.slice(0, 4)).toEqual([
      [1, 2, 3, 4, 5, 6, 7, 8],
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [5, 6],
    ]);
    expect(calls.slice(4, 7)).toEqual([[5], [6], [6]]);
    expect(errors).toHaveLength(3 + 20);
  });

  test("with two of these, of which one is the last, puts both aside", async () => {
    const { taken, asides } = await delivered(7, (batch) => batch.includes(1) || batch.includes(7));
    expect(taken).toEqual([2, 3, 4, 5, 6]);
    expect(asides.map(({ number }) => number)).toEqual([1, 7]);
  });

  test("that is too much at once passes in parts, and nothing is put aside", async () => {
    const { taken, asides, waitsMs } = await delivered(9, (batch) => batch.length > 2);
    expect([taken, asides, waitsMs]).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9], [], []]);
  });

  test("that fails for a while is taken, in order, after some waiting", async () => {
    const { taken, asides, waitsMs } = await delivered(4, (_, call) => call < 9);
    expect([taken, asides]).toEqual([[1, 2, 3, 4], []]);
    expect(waitsMs).toEqual([100, 200, 400, 800, 1_600, 3_200]);
  });

  test("is not done where the reader stops: nothing is put aside, and nothing behind is delivered", async () => {
    const { isDone, taken, asides, calls } = await delivered(4, (batch) => batch.includes(2), 5);
    expect([isDone, taken, asides]).toEqual([false, [1], []]);
    expect(calls).toHaveLength(5);
  });
});

describe("a record that is put aside", () => {
  test("waits longer and longer, about a minute in all", async () => {
    const { waitsMs } = await delivered(1, () => true);
    expect(waitsMs).toHaveLength(19);
    expect(Math.max(...waitsMs)).toBe(5_000);
    expect(waitsMs.reduce((sum, ms) => sum + ms, 0)).toBe(71_300);
  });

  test("is written as Lambda writes it: where it stands, and nothing of what is in it", () => {
    const streamArn = "arn:aws:dynamodb:us-east-1:000000000000:table/moneyback-local-Transactions/stream/1";
    const record: DynamoDBRecord = {
      eventSourceARN: streamArn,
      dynamodb: {
        SequenceNumber: "42",
        ApproximateCreationDateTime: 1_795_184_400,
        NewImage: { id: { S: "txn_secret" } },
      },
    };
    const at = new Date("2026-11-21T09:05:00.123Z");
    expect(streamFailureRecord("publish-events", { shardId: "shard-1", record, tries: 20 }, at)).toEqual({
      version: "1.0",
      timestamp: "2026-11-21T09:05:00.123Z",
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionArn: "arn:aws:lambda:us-east-1:000000000000:function:publish-events",
        condition: "RetryAttemptsExhausted",
        approximateInvokeCount: 20,
      },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      DDBStreamBatchInfo: {
        shardId: "shard-1",
        startSequenceNumber: "42",
        endSequenceNumber: "42",
        approximateArrivalOfFirstRecord: "2026-11-20T14:20:00Z",
        approximateArrivalOfLastRecord: "2026-11-20T14:20:00Z",
        batchSize: 1,
        streamArn,
      },
    });
  });

  test("goes to the queue that the deployed streams have", () => {
    expect(streamsDeadLetterQueue).toBe(ownQueue);
  });
});
