/** API Gateway's events (HTTP API, payload 2.0), made by hand, and the lines that a function logs about them. */
import type { Context } from "aws-lambda";
import { afterEach, beforeEach, vi } from "vitest";
import type { ApiEvent, Caller } from "../../lib/lambda/endpoint.ts";

export interface EventOptions {
  readonly method?: "GET" | "POST";
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly headers?: Record<string, string>;
  readonly query?: Record<string, string>;
  /** As the client wrote it. */
  readonly rawQuery?: string;
  readonly rawPath?: string;
  readonly path?: Record<string, string>;
  /** Null: an authorizer that found no key. Absent: the route asks none. */
  readonly caller?: Caller | null;
}

export const requestId = "Hg7PqhFeoAMEJ1w=";

export const context = { functionName: "moneyback-test", awsRequestId: "lambda-1" } as Context;

export function apiEvent(options: EventOptions = {}): ApiEvent {
  const { method = "POST", body, isBase64Encoded = false, headers = {}, query, path, caller } = options;
  const { rawPath = "/v1/tests", rawQuery = "" } = options;
  return {
    version: "2.0",
    routeKey: `${method} /v1/tests`,
    rawPath,
    rawQueryString: rawQuery,
    headers: { host: "api.example.com", ...headers },
    ...(query && { queryStringParameters: query }),
    ...(path && { pathParameters: path }),
    ...(body !== undefined && { body }),
    isBase64Encoded,
    requestContext: {
      accountId: "123456789012",
      apiId: "api",
      domainName: "api.example.com",
      domainPrefix: "api",
      http: { method, path: "/v1/tests", protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "test" },
      requestId,
      routeKey: `${method} /v1/tests`,
      stage: "$default",
      time: "20/Nov/2026:09:30:00 +0000",
      timeEpoch: 1_795_167_000_000,
      ...(caller !== undefined && { authorizer: { lambda: caller } }),
    },
  } as unknown as ApiEvent;
}

export const caller: Caller = { tenant: "acme", keyId: "key-1", scopes: "transactions:read transactions:write" };

export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

/** The log's lines of the running test. Nothing of them reaches the test's own output. */
export function captureLog(): { lines(): LogLine[]; text(): string } {
  let written = "";
  beforeEach(() => {
    written = "";
    vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
      written += String(chunk);
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  return {
    text: () => written,
    lines: () =>
      written
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as LogLine),
  };
}
