/** Reads a transaction from an image in a DynamoDB stream. */
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { AttributeValue } from "aws-lambda";
import type { Transaction } from "../domain/transaction.ts";
import { parseTransaction } from "../store/stored-transaction.ts";

export type Image = Record<string, AttributeValue> | undefined;

/** The transaction in an image, or undefined where there is none: an item that was not there before. */
export function transactionIn(image: Image): Transaction | undefined {
  return image && parseTransaction(unmarshall(image as Parameters<typeof unmarshall>[0]));
}
