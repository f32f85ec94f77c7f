/** Facts about publishing events: every change of status, once per delivery, with nothing that names who pays. */
import { marshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { describe, expect, test } from "vitest";
import { run } from "../../functions/publish-events.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import type { BusEvent } from "../../lib/lambda/event-bridge.ts";
import { captureLog } from "../lambda/api-event.ts";
import { sample } from "../store/sample.ts";
import { standing } from "./stage.ts";
import { asPrinted, printedTimes } from "./transaction-stream.ts";

const log = captureLog();

type Image = NonNullable<DynamoDBRecord["dynamodb"]>["NewImage"];

/** As DynamoDB stores it: with the attributes of the indexes. */
function image(transaction: Transaction | undefined): Image {
  if (!transaction) return undefined;
  const keys = { tenantShard: "acme#1", listedAt: "x", ...(transaction.nextActionAt && { dueShard: "due#1" }) };
  return marshall({ ...transaction, ...keys }) as Image;
}

function record(before: Transaction | undefined, after: Transaction | undefined): DynamoDBRecord {
  const [OldImage, NewImage] = [image(before), image(after)];
  return { dynamodb: { ...(OldImage && { OldImage }), ...(NewImage && { NewImage }) } };
}

async function published(
  ...records: DynamoDBRecord[]
): Promise<{ events: BusEvent[]; batches: number; count: number }> {
  const batches: (readonly BusEvent[])[] = [];
  const events = {
    publish: async (batch: readonly BusEvent[]) => {
      batches.push(batch);
    },
  };
  const { published: count } = await run({ Records: records } as DynamoDBStreamEvent, { events });
  return { events: batches.flat(), batches: batches.length, count };
}

const pending = sample("acme", 1, {
  recipient: { id: "secret-id-4711", ref: "secret-ref-4711", email: "secret-4711@example.com" },
  description: "October",
  metadata: { order: "17" },
});
const open: Transaction = {
  ...pending,
  ...standing.open,
  log: [...pending.log, { at: "2026-11-20T09:30:01.000Z", status: "processing", by: "flow" }],
};
const noted: Transaction = {
  ...open,
  log: [...open.log, { at: "2026-11-20T09:30:02.000Z", status: "processing", by: "flow", detail: "unknown: x" }],
};
const succeeded: Transaction = {
  ...noted,
  status: "succeeded",
  log: [...noted.log, { at: "2026-11-20T09:30:03.000Z", status: "succeeded", by: "flow", detail: "Settled" }],
};

describe("a change of status", () => {
  test("is an event: that it began, that it is processed, that it is over; in their order", async () => {
    const { events, count } = await published(
      record(undefined, pending),
      record(pending, open),
      record(noted, succeeded),
    );
    expect(events.map(({ type }) => type)).toEqual([
      "moneyback.transaction.pending",
      "moneyback.transaction.processing",
      "moneyback.transaction.succeeded",
    ]);
    expect(count).toBe(3);
  });

  test("tells the tenant and the transaction as the API shows it, without who pays, what it is for, or its log", async () => {
    const { events } = await published(record(noted, succeeded));
    expect(events).toEqual([
      {
        type: "moneyback.transaction.succeeded",
        at: "2026-11-20T09:30:03.000Z",
        detail: {
          version: 1,
          id: `${pending.id}.4`,
          tenant: "acme",
          transaction: {
            id: pending.id,
            kind: "spendback",
            status: "succeeded",
            connection: "ipayout",
            provider: "ipayout",
            amount: { value: 1999, currency: "USD" },
            metadata: { order: "17" },
            attempts: 1,
            createdAt: "2026-11-20T09:30:00.000Z",
            updatedAt: "2026-11-20T09:30:03.000Z",
          },
        },
      },
    ]);
    expect(JSON.stringify(events)).not.toContain("4711");
  });

  test("to an operator because money may have moved twice is an event of its own beside it, once", async () => {
    const reviewed: Transaction = {
      ...noted,
      status: "needs_review",
      alarm: "duplicate_detected",
      log: [
        ...noted.log,
        { at: "2026-11-20T09:30:03.000Z", status: "needs_review", by: "flow", detail: "2 movements" },
      ],
    };
    const resolved: Transaction = {
      ...reviewed,
      status: "succeeded",
      log: [...reviewed.log, { at: "2026-11-20T10:00:00.000Z", status: "succeeded", by: "key:key_1" }],
    };
    const { events } = await published(record(noted, reviewed), record(reviewed, resolved));
    expect(events.map(({ type, detail }) => [type, (detail as { id: string }).id])).toEqual([
      ["moneyback.transaction.needs_review", `${pending.id}.4`],
      ["moneyback.transaction.duplicate_detected", `${pending.id}.4.duplicate_detected`],
      ["moneyback.transaction.succeeded", `${pending.id}.5`],
    ]);
    expect(events[1]?.detail).toMatchObject({ transaction: { id: pending.id, status: "needs_review" } });
  });

  test("delivered again is the same event, by its id", async () => {
    const one = await published(record(noted, succeeded));
    const other = await published(record(noted, succeeded));
    expect(other.events).toEqual(one.events);
  });
});

describe("a record that was put aside", () => {
  test.each(printedTimes)(
    "is told as it would have been when the CLI read it again (with the time %s)",
    async (time) => {
      const records = [record(undefined, pending), record(noted, succeeded)];
      const { events } = await published(...records.map((one) => asPrinted(one, time)));
      expect(events).toEqual((await published(...records)).events);
      expect(events.map(({ type, detail }) => [type, (detail as { id: string }).id])).toEqual([
        ["moneyback.transaction.pending", `${pending.id}.1`],
        ["moneyback.transaction.succeeded", `${pending.id}.4`],
      ]);
    },
  );
});

describe("no event", () => {
  test.each([
    ["news that changes no state", open, noted],
    ["a postponed action", open, { ...open, nextActionAt: "2026-11-20T10:00:00.000Z" }],
    ["a write that changed nothing", open, open],
    ["a removal", succeeded, undefined],
    ["a record without images", undefined, undefined],
  ])("comes of %s", async (_name, before, after) => {
    expect(await published(record(before, after))).toMatchObject({ events: [], count: 0 });
  });
});

describe("a failure", () => {
  test("of the bus is thrown on, so that the whole batch comes again", async () => {
    const events = {
      publish: async () => {
        throw new Error("the bus refused 1 of 2 events");
      },
    };
    const batch = { Records: [record(undefined, pending), record(noted, succeeded)] } as DynamoDBStreamEvent;
    await expect(run(batch, { events })).rejects.toThrow("the bus refused 1 of 2 events");
  });

  test("to read an image publishes nothing of the batch and says which transaction", async () => {
    const broken = record(undefined, { ...pending, status: "paid" as never });
    await expect(published(record(noted, succeeded), broken)).rejects.toThrow(pending.id);
  });
});

describe("an operator", () => {
  const review: Transaction = {
    ...noted,
    status: "needs_review",
    log: [...noted.log, { at: "2026-11-23T09:30:03.000Z", status: "needs_review", by: "flow", detail: "no last word" }],
  };

  test("is told by a line of the log that metrics count, of what needs review and of duplicates", async () => {
    await published(
      record(pending, open),
      record(noted, review),
      record(noted, { ...review, alarm: "duplicate_detected" }),
    );
    expect(log.lines().map(({ event, transactionId, tenant }) => ({ event, transactionId, tenant }))).toEqual(
      ["needs review", "needs review", "duplicate detected"].map((event) => ({
        event,
        transactionId: pending.id,
        tenant: "acme",
      })),
    );
  });

  test("is told also where the bus takes nothing", async () => {
    const events = { publish: () => Promise.reject(new Error("the bus is away")) };
    await expect(run({ Records: [record(noted, review)] } as DynamoDBStreamEvent, { events })).rejects.toThrow("away");
    expect(log.lines().map(({ event }) => event)).toEqual(["needs review"]);
  });
});
