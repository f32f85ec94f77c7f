/** Builds the event that API Gateway's HTTP APIs send to Lambda (payload format 2.0). */
import type { IncomingMessage } from "node:http";
import type { APIGatewayProxyEventV2, APIGatewayRequestAuthorizerEventV2 } from "aws-lambda";
import { accountId, region } from "./arns.ts";
import type { RouteMatch } from "./gateway-routing.ts";

const apiId = "local";

/**
 * Bodies that arrive as text. AWS documents that binary ones are base64 and not which those are; reported of it are these,
 * and that anything else is base64, a form and a body without a type, too. `+json` and `+xml` are our assumption.
 */
const textual = /^\s*(text\/[^;]*|application\/(json|javascript|xml|[\w.-]+\+(json|xml)))\s*(;|$)/i;

export interface GatewayCall {
  readonly request: IncomingMessage;
  readonly requestId: string;
  readonly match: RouteMatch | undefined;
  readonly at: Date;
}

export function gatewayEvent(call: GatewayCall, body: Buffer): APIGatewayProxyEventV2 {
  const { headers } = call.request;
  const isText = headers["content-encoding"] === undefined && textual.test(headers["content-type"] ?? "");
  return {
    ...sharedParts(call),
    ...(body.length > 0 && { body: body.toString(isText ? "utf8" : "base64") }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** What the authorizer receives: the same without the body. Without an identity source there is nothing under that name. */
export function authorizerEvent(
  call: GatewayCall,
): Omit<APIGatewayRequestAuthorizerEventV2, "identitySource" | "cookies"> {
  const parts = sharedParts(call);
  return {
    ...parts,
    type: "REQUEST",
    routeArn: `arn:aws:execute-api:${region}:${accountId}:${apiId}/$default/${parts.routeKey.replace(" ", "")}`,
  };
}

function sharedParts(call: GatewayCall): Omit<APIGatewayProxyEventV2, "body" | "isBase64Encoded"> {
  const { request, match } = call;
  const [rawPath = "/", rawQueryString = ""] = splitOnce(request.url ?? "/", "?");
  const cookies = (request.headers.cookie ?? "").split(/;\s*/).filter((cookie) => cookie !== "");
  const query = joinDuplicates(new URLSearchParams(rawQueryString));
  return {
    version: "2.0",
    routeKey: routeKeyOf(match),
    rawPath,
    rawQueryString,
    ...(cookies.length > 0 && { cookies }),
    headers: headersOf(call),
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    requestContext: requestContextOf(call, rawPath),
    ...(match?.pathParameters && { pathParameters: match.pathParameters }),
  };
}

function requestContextOf({ request, requestId, match, at }: GatewayCall, path: string) {
  const domainName = request.headers.host ?? "127.0.0.1";
  return {
    accountId,
    apiId,
    domainName,
    domainPrefix: domainName.split(/[.:]/)[0] ?? "",
    http: {
      method: request.method ?? "GET",
      path,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
      userAgent: request.headers["user-agent"] ?? "",
    },
    requestId,
    routeKey: routeKeyOf(match),
    stage: "$default",
    time: commonLogTime(at),
    timeEpoch: at.getTime(),
  };
}

function routeKeyOf(match: RouteMatch | undefined): string {
  return match ? `${match.route.method} ${match.route.path}` : "$default";
}

/** Lower case, duplicates joined with a comma; cookies travel by themselves. */
function headersOf({ request, at, requestId }: GatewayCall): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (values && name !== "cookie") joined[name] = values.join(",");
  }
  const seconds = Math.floor(at.getTime() / 1000).toString(16);
  return {
    ...joined,
    "x-amzn-trace-id": joined["x-amzn-trace-id"] ?? `Root=1-${seconds}-${requestId.replaceAll("-", "").slice(0, 24)}`,
    "x-forwarded-for": [joined["x-forwarded-for"], request.socket.remoteAddress].filter(Boolean).join(", "),
    "x-forwarded-port": String(request.socket.localPort ?? ""),
    // What ends TLS in front of this machine, such as a tunnel, says what it was called with.
    "x-forwarded-proto": joined["x-forwarded-proto"] === "https" ? "https" : "http",
  };
}

function joinDuplicates(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name).join(",")]));
}

/** As web servers log it: `20/Nov/2026:13:05:01 +0000`. */
function commonLogTime(at: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/.exec(at.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
