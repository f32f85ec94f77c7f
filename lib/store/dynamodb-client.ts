/** The DynamoDB client as the stores use it: bounded time and tries, and one error for "not now". */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { StoreUnavailableError } from "../domain/errors.ts";

/**
 * A client from the SDK's own environment (region, credentials, endpoint). It gives up on a connection after a second and
 * on an answer after three: DynamoDB answers in milliseconds, and a Lambda waiting for a lost packet costs money.
 */
export function dynamoClient(): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 4,
    // Without the flag the SDK only warns, and a lost packet hangs the Lambda.
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  });
}

/** Turns what passes by itself (throttling, timeouts, resets) into StoreUnavailableError; lets everything else through. */
export async function whenAvailable<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (isPassing(error)) throw new StoreUnavailableError("the database is not available", { cause: error });
    throw error;
  }
}

const passingErrors = new Set([
  "ThrottlingException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "InternalServerError",
  "ServiceUnavailable",
  "TransactionInProgressException",
  "TimeoutError",
  // Of a caller's own patience, which is shorter than the client's.
  "AbortError",
]);

const passingCodes = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN"]);

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return passingErrors.has(error.name) || ("code" in error && passingCodes.has(String(error.code)));
}
