/** Turns what a Lambda function returned, or how it failed, into an HTTP response as API Gateway's HTTP APIs do. */
import type { ServerResponse } from "node:http";

export interface GatewayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** Headers that belong to the connection, which is the gateway's own. */
const connectionHeaders = new Set(["connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"]);

/** API Gateway's own answers; the texts are AWS's. */
export const gatewayErrors = {
  badRequest: ownAnswer(400, "Bad Request"),
  forbidden: ownAnswer(403, "Forbidden"),
  tooLarge: ownAnswer(413, "Request Entity Too Large"),
  internal: ownAnswer(500, "Internal Server Error"),
  unavailable: ownAnswer(503, "Service Unavailable"),
} as const;

function ownAnswer(status: number, message: string): GatewayResponse {
  return { status, headers: { "content-type": "application/json" }, body: Buffer.from(JSON.stringify({ message })) };
}

/** A result without `statusCode` is the body of a 200; a malformed one is an internal error. */
export function gatewayResponse(result: unknown): GatewayResponse {
  if (!isObject(result) || !("statusCode" in result)) {
    const text = typeof result === "string" ? result : JSON.stringify(result);
    return { status: 200, headers: { "content-type": "application/json" }, body: Buffer.from(text) };
  }
  const { statusCode, headers = {}, cookies = [], body = "", isBase64Encoded = false } = result;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) return gatewayErrors.internal;
  if (!isObject(headers) || !Array.isArray(cookies) || typeof body !== "string") return gatewayErrors.internal;
  const kept = Object.entries(headers)
    .filter(([name, value]) => value !== undefined && value !== null && !connectionHeaders.has(name.toLowerCase()))
    .map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  const bytes = Buffer.from(body, isBase64Encoded === true ? "base64" : "utf8");
  return {
    status,
    headers: {
      ...(bytes.length > 0 && { "content-type": "text/plain;charset=UTF-8" }),
      ...Object.fromEntries(kept),
      ...(cookies.length > 0 && { "set-cookie": cookies.map(String) }),
    },
    body: bytes,
  };
}

/** Writes the response. A header that HTTP does not allow becomes an internal error, as on AWS. */
export function writeResponse(
  response: ServerResponse,
  { status, headers, body }: GatewayResponse,
  isHead: boolean,
): void {
  try {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  } catch {
    for (const name of Object.keys(headers)) response.removeHeader(name);
    writeResponse(response, gatewayErrors.internal, isHead);
    return;
  }
  response.statusCode = status;
  response.setHeader("content-length", body.length);
  response.end(isHead ? undefined : body);
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
