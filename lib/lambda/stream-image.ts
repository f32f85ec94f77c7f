/** Reads a transaction from an image in a DynamoDB stream. */
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { AttributeValue } from "aws-lambda";
import type { Transaction } from "../domain/transaction.ts";
import { readTransaction } from "../store/stored-transaction.ts";

export type Image = Record<string, AttributeValue> | undefined;

/** The transaction in an image, or undefined where there is none: an item that was not there before, or that only reserves its id. */
export function transactionIn(image: Image): Transaction | undefined {
  const read = image && readTransaction(unmarshall(image as Parameters<typeof unmarshall>[0]));
  return read === "reserved" ? undefined : read;
}
