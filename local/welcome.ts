/** What `npm start` says once everything runs: what is where, and a first call to try. */
import { busName, region } from "./arns.ts";
import { localApiKey, type Stack, type StackOptions } from "./stack.ts";

type Addresses = Pick<
  Stack,
  "apiUrl" | "sandboxUrl" | "awsUrl" | "dynamoDbKind" | "dynamoDbEndpoint" | "connectionIds"
>;

export function welcome(stack: Addresses, { dataDir }: Pick<StackOptions, "dataDir">): string {
  return `Moneyback runs on this machine. Ctrl-C stops all of it.

  API         ${stack.apiUrl}   (API key ${localApiKey}; ${stack.apiUrl}/docs describes every call)
  Sandbox     ${stack.sandboxUrl}
  AWS         ${stack.awsUrl}   (Step Functions, EventBridge, SQS, Secrets Manager; bus ${busName}, ${region}, any credentials)
  DynamoDB    ${stack.dynamoDbEndpoint}   (${stack.dynamoDbKind})
  Data        ${dataDir ?? "gone when it stops; MONEYBACK_DATA_DIR keeps it"}
  Connections ${stack.connectionIds.join(", ")}

Send money back:

  ${firstCall(stack)}
`;
}

/** `ben-alice` is an account that the sandbox has from the start. */
function firstCall({ apiUrl, connectionIds }: Addresses): string {
  const body = {
    connection: connectionIds[0],
    recipient: { id: "ben-alice" },
    amount: { value: 10_000, currency: "USD" },
  };
  return [
    `curl -s ${apiUrl}/v1/spendbacks`,
    `-H 'Authorization: Bearer ${localApiKey}'`,
    "-H 'Idempotency-Key: first-try'",
    "-H 'Prefer: wait=10'",
    "-H 'Content-Type: application/json'",
    `-d '${JSON.stringify(body)}'`,
  ].join(" ");
}
