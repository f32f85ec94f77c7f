/** The environment that the Lambdas see: AWS's own variables, with the SDK's endpoint variables pointing at this machine. */
import { type TableDefinition, tables } from "../lib/store/tables.ts";
import { busName, connectionsSecret, flowArn, region } from "./arns.ts";
import { tableEnvironment } from "./create-tables.ts";

export interface LambdaEnvironmentOptions {
  readonly dynamoDbEndpoint: string;
  readonly awsUrl: string;
  /** Wins over everything here. */
  readonly extra?: Readonly<Record<string, string>> | undefined;
}

const definitions: Readonly<Record<string, TableDefinition>> = tables;

export function lambdaEnvironment({
  dynamoDbEndpoint,
  awsUrl,
  extra = {},
}: LambdaEnvironmentOptions): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDbEndpoint,
    AWS_ENDPOINT_URL_SFN: awsUrl,
    AWS_ENDPOINT_URL_EVENTBRIDGE: awsUrl,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: awsUrl,
    // Whatever the developer's own AWS profile says must not reach the local run.
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    ...tableEnvironment(definitions),
    FLOW_ARN: flowArn,
    EVENT_BUS: busName,
    CONNECTIONS_SECRET: connectionsSecret,
    // Receivers run on this machine, too. Nowhere else is this set.
    WEBHOOK_ALLOW_PRIVATE: "true",
    STAGE: "local",
    // Whoever can reach this machine's bus is its only developer.
    EVENT_SOURCES: JSON.stringify({ "*": ["local"] }),
    ...extra,
  };
}
