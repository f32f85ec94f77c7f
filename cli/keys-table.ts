/** Opens the table of API keys, and says in one sentence what was wrong with it. */
import { DynamoDBClient, ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import type { ApiKeyRegister, ApiKeyStore } from "../lib/store/api-keys.ts";
import { dynamoApiKeyRegister } from "../lib/store/dynamodb-api-key-register.ts";
import { dynamoApiKeys } from "../lib/store/dynamodb-api-keys.ts";
import { CommandError, unreachable, usage } from "./command-error.ts";
import type { Context } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { type Environment, isLoopback } from "./settings.ts";

export interface TableOptions {
  /** Absent: API_KEYS_TABLE. */
  readonly table?: string;
  /** Absent: the SDK's own, of the environment and the region. */
  readonly endpoint?: string;
}

export interface KeysTable {
  readonly keys: ApiKeyStore;
  readonly register: ApiKeyRegister;
}

export async function onKeysTable<T>(
  { table: named, endpoint }: TableOptions,
  { environment }: Context,
  work: (table: KeysTable) => Promise<T>,
): Promise<T> {
  const table = named ?? environment["API_KEYS_TABLE"];
  if (!table) throw usage("Name the table of API keys: --table, or API_KEYS_TABLE.");
  const client = new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    ...(endpoint !== undefined && { endpoint, ...onThisMachine(endpoint, environment) }),
  });
  try {
    return await work({ keys: dynamoApiKeys(client, table), register: dynamoApiKeyRegister(client, table) });
  } catch (error) {
    throw explained(error, table, endpoint);
  } finally {
    client.destroy();
  }
}

/** An emulator takes any region and credentials, but the SDK does not set out without them. */
function onThisMachine(endpoint: string, environment: Environment) {
  const url = URL.parse(endpoint);
  if (!url || !["http:", "https:"].includes(url.protocol)) {
    throw usage(`--endpoint ${endpoint} is no URL: write one such as http://127.0.0.1:8000.`);
  }
  if (!isLoopback(url.hostname)) return {};
  const isNamed = environment["AWS_ACCESS_KEY_ID"] || environment["AWS_PROFILE"];
  return {
    ...(!environment["AWS_REGION"] && { region: "us-east-1" }),
    ...(!isNamed && { credentials: { accessKeyId: "local", secretAccessKey: "local" } }),
  };
}

const unreachableNames = new Set(["TimeoutError", "NetworkingError", "AbortError"]);
const unreachableCodes = new Set(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EPIPE"]);

function explained(error: unknown, table: string, endpoint: string | undefined): unknown {
  if (!(error instanceof Error) || error instanceof CommandError) return error;
  if (error instanceof ResourceNotFoundException) {
    return new CommandError(exitCodes.failure, "no_such_table", `There is no table ${table} there.`);
  }
  const code = "code" in error ? String(error.code) : "";
  if (unreachableNames.has(error.name) || unreachableCodes.has(code)) {
    return unreachable(endpoint ?? "DynamoDB", code || "it does not answer");
  }
  // Missing credentials or region, or AWS's own refusal: its words say what to do.
  return new CommandError(exitCodes.failure, "aws", `${error.name}: ${error.message}`);
}
