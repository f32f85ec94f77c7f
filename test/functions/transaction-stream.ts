/** Records of the transactions' stream, made by hand as DynamoDB writes them. */
import { marshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { Transaction } from "../../lib/domain/transaction.ts";
import { sample } from "../store/sample.ts";
import { standing } from "./stage.ts";

type Image = NonNullable<DynamoDBRecord["dynamodb"]>["NewImage"];

export function record(before: Transaction | undefined, after: Transaction | undefined): DynamoDBRecord {
  const imageOf = (one: Transaction) => marshall(one, { removeUndefinedValues: true }) as NonNullable<Image>;
  return { dynamodb: { ...(before && { OldImage: imageOf(before) }), ...(after && { NewImage: imageOf(after) }) } };
}

/** A spendback that begins, is sent, and succeeds: states, each with one line of the log more. */
export function statesOf(tenant: string, n = 0): readonly [Transaction, Transaction, Transaction] {
  const pending = sample(tenant, n);
  const line = (second: number, status: Transaction["status"]) => ({
    at: `2026-11-20T09:30:0${second}.000Z`,
    status,
    by: "flow",
  });
  const open: Transaction = { ...pending, ...standing.open, log: [...pending.log, line(1, "processing")] };
  const succeeded: Transaction = {
    ...pending,
    ...standing.succeeded,
    log: [...open.log, line(2, "succeeded")],
  };
  return [pending, open, succeeded];
}

/** Its whole life in one batch. */
export function lifeOf(tenant: string, n = 0): DynamoDBStreamEvent {
  const [pending, open, succeeded] = statesOf(tenant, n);
  return { Records: [record(undefined, pending), record(pending, open), record(open, succeeded)] };
}

/** As `aws dynamodbstreams get-records` prints a record, which an operator hands on as it is. */
export function asPrinted(change: DynamoDBRecord, createdAt: string | number): DynamoDBRecord {
  const { OldImage, NewImage } = change.dynamodb ?? {};
  const id = NewImage?.["id"] ?? {};
  const printed = {
    eventID: "7de3041dd709b024af6f29e4fa13d34c",
    eventName: OldImage ? "MODIFY" : "INSERT",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: "us-east-1",
    dynamodb: {
      ApproximateCreationDateTime: createdAt,
      Keys: { id },
      ...(NewImage && { NewImage }),
      ...(OldImage && { OldImage }),
      SequenceNumber: "202328600001712385967261751",
      SizeBytes: 731,
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
  };
  return JSON.parse(JSON.stringify(printed)) as DynamoDBRecord;
}

/** The CLI's second version prints times in ISO 8601, its first one in seconds. */
export const printedTimes = ["2026-11-20T10:30:01+01:00", 1_795_167_001.0];
