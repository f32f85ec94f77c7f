/** What Lambda writes into a queue of a stream's record that it gave up: where the record stands, not what is in it. */
import { randomUUID } from "node:crypto";
import type { DynamoDBRecord } from "aws-lambda";
import { functionArn } from "./arns.ts";

export interface StreamFailure {
  readonly shardId: string;
  readonly record: DynamoDBRecord;
  readonly tries: number;
}

/** As AWS documents it for DynamoDB streams; read from records that Lambda wrote. */
export interface StreamFailureRecord {
  readonly version: "1.0";
  readonly timestamp: string;
  readonly requestContext: {
    readonly requestId: string;
    readonly functionArn: string;
    readonly condition: "RetryAttemptsExhausted";
    readonly approximateInvokeCount: number;
  };
  readonly responseContext: {
    readonly statusCode: 200;
    readonly executedVersion: "$LATEST";
    readonly functionError: "Unhandled";
  };
  readonly DDBStreamBatchInfo: {
    readonly shardId: string;
    readonly startSequenceNumber: string;
    readonly endSequenceNumber: string;
    readonly approximateArrivalOfFirstRecord?: string;
    readonly approximateArrivalOfLastRecord?: string;
    readonly batchSize: 1;
    readonly streamArn: string;
  };
}

export function streamFailureRecord(
  functionName: string,
  { shardId, record: { dynamodb, eventSourceARN = "" }, tries }: StreamFailure,
  at: Date,
): StreamFailureRecord {
  const { SequenceNumber = "", ApproximateCreationDateTime: arrivedSeconds } = dynamodb ?? {};
  const arrival =
    arrivedSeconds === undefined ? undefined : new Date(arrivedSeconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
  return {
    version: "1.0",
    timestamp: at.toISOString(),
    requestContext: {
      requestId: randomUUID(),
      functionArn: functionArn(functionName),
      condition: "RetryAttemptsExhausted",
      approximateInvokeCount: tries,
    },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: SequenceNumber,
      endSequenceNumber: SequenceNumber,
      ...(arrival !== undefined && {
        approximateArrivalOfFirstRecord: arrival,
        approximateArrivalOfLastRecord: arrival,
      }),
      batchSize: 1,
      streamArn: eventSourceARN,
    },
  };
}
