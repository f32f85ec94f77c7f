/** The least that a safe handler does: one conditional write, with nothing around it. What our overhead is compared with. */
import { ConditionalCheckFailedException, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { dynamoClient } from "../../../lib/store/dynamodb-client.ts";

const client = dynamoClient();

export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const order = JSON.parse(event.body ?? "{}") as { amount: { value: number } };
  try {
    await client.send(
      new PutItemCommand({
        TableName: process.env["IDEMPOTENCY_TABLE"],
        Item: { id: { S: event.headers["idempotency-key"] ?? "" }, amount: { N: String(order.amount.value) } },
        ConditionExpression: "attribute_not_exists(id)",
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
  return { statusCode: 202, body: JSON.stringify({ accepted: true }) };
}
