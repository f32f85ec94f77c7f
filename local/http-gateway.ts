/** The HTTP API on this machine: answers as API Gateway's HTTP APIs do, from the same table of routes. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { authorizerFunction, routes as deployedRoutes, fallbackFunction, type Route } from "../functions/routes.ts";
import { FunctionError, requestTooLarge, timedOut } from "./function-error.ts";
import { authorize } from "./gateway-authorizer.ts";
import { type GatewayCall, gatewayEvent } from "./gateway-event.ts";
import { type GatewayResponse, gatewayErrors, gatewayResponse, writeResponse } from "./gateway-response.ts";
import { matchRoute, type RouteMatch } from "./gateway-routing.ts";
import type { LambdaHost } from "./lambda-host.ts";
import { close, listen } from "./listen.ts";

/** API Gateway's limit for a request's body. */
const bodyBytesMax = 10 * 1024 * 1024;

/** API Gateway's limit for the request line and all headers. */
const headerBytesMax = 10_240;

/** API Gateway gives up on an integration a moment before Lambda's own 30 s. */
const integrationTimeoutMs = 29_000;

export interface HttpGatewayOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: Pick<LambdaHost, "invoke">;
  readonly routes?: readonly Route[];
  readonly timeoutMs?: number;
}

export interface HttpGateway {
  readonly url: string;
  close(): Promise<void>;
}

export async function startHttpGateway({
  port,
  host,
  routes = deployedRoutes,
  timeoutMs = integrationTimeoutMs,
}: HttpGatewayOptions): Promise<HttpGateway> {
  async function answer(request: IncomingMessage, requestId: string, body: Buffer): Promise<GatewayResponse> {
    let match: RouteMatch | undefined;
    try {
      match = matchRoute(routes, request.method ?? "GET", (request.url ?? "/").split("?", 1)[0] ?? "/");
    } catch {
      return gatewayErrors.badRequest;
    }
    const call: GatewayCall = { request, requestId, match, at: new Date() };
    const verdict = match?.route.authorize ? await authorize(host, authorizerFunction, call) : undefined;
    if (verdict && !verdict.isAuthorized) return verdict.refusal;
    const event = gatewayEvent(call, body);
    const context = verdict ? { authorizer: { lambda: verdict.context } } : {};
    const result = await host.invoke(
      match?.route.function ?? fallbackFunction,
      { ...event, requestContext: { ...event.requestContext, ...context } },
      { timeoutMs },
    );
    return gatewayResponse(result);
  }

  const server = createServer({ maxHeaderSize: headerBytesMax }, (request, response) => {
    const requestId = randomUUID();
    response.setHeader("apigw-requestid", requestId);
    // A client that hangs up is no fault of anyone here.
    response.on("error", () => {});
    void readBody(request)
      .then((body) => (body === "too large" ? gatewayErrors.tooLarge : answer(request, requestId, body)))
      .catch(failure)
      .then((answered) => writeResponse(response, answered, request.method === "HEAD"));
  });
  const url = await listen({ server, port, what: "the API", variable: "PORT" });
  return { url, close: () => close(server) };
}

function failure(error: unknown): GatewayResponse {
  if (error instanceof FunctionError && error.errorType === timedOut) return gatewayErrors.unavailable;
  if (error instanceof FunctionError && error.errorType === requestTooLarge) return gatewayErrors.tooLarge;
  return gatewayErrors.internal;
}

/** Reads a body that is too large to its end, without keeping it, so that the client gets to read the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | "too large"> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) chunks.length = 0;
    else chunks.push(chunk);
  }
  return bytes > bodyBytesMax ? "too large" : Buffer.concat(chunks);
}
