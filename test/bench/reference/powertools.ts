/** The same protection by Powertools' idempotency utility: a record before the work, and the answer saved into it after. */
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { dynamoClient } from "../../../lib/store/dynamodb-client.ts";

const persistenceStore = new DynamoDBPersistenceLayer({
  tableName: process.env["IDEMPOTENCY_TABLE"] ?? "",
  awsSdkV3Client: dynamoClient(),
});

export const handler = makeIdempotent(
  async (event: APIGatewayProxyEventV2, _context: Context): Promise<APIGatewayProxyStructuredResultV2> => {
    const order = JSON.parse(event.body ?? "{}") as { amount: { value: number } };
    return { statusCode: 202, body: JSON.stringify({ accepted: order.amount.value > 0 }) };
  },
  { persistenceStore, config: new IdempotencyConfig({ eventKeyJmesPath: 'headers."idempotency-key"' }) },
);
