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
