/** What the shell of every endpoint answers by itself: each handler is called with its documented example, and something is wrong with the call. */
import type { Context } from "aws-lambda";
import { vi } from "vitest";
import type { Parameter } from "../../lib/docs/open-api.ts";
import { resolved } from "../../lib/docs/open-api.ts";
import { type ApiEvent, endpointHandler, inputSourceOf } from "../../lib/lambda/endpoint.ts";
import { type RoutedEndpoint, routedEndpoints } from "../../openapi/handlers.ts";
import { apiEvent } from "../lambda/api-event.ts";
import { type Exchange, published } from "./agreement.ts";

interface Wrong {
  readonly what: string;
  readonly of: (one: RoutedEndpoint) => boolean;
  readonly event: (event: ApiEvent) => ApiEvent;
}

const takesBody = ({ route, endpoint }: RoutedEndpoint) => inputSourceOf(endpoint, route.method) !== "parameters";

const withCaller = (event: ApiEvent, lambda: object | null): ApiEvent =>
  ({ ...event, requestContext: { ...event.requestContext, authorizer: { lambda } } }) as ApiEvent;

const wrongs: readonly Wrong[] = [
  { what: "nothing but a bug", of: () => true, event: (event) => event },
  { what: "no key", of: ({ endpoint }) => endpoint.scope !== undefined, event: (event) => withCaller(event, null) },
  {
    what: "a key without the scope",
    of: ({ endpoint }) => endpoint.scope !== undefined,
    event: (event) => withCaller(event, { tenant: "acme", keyId: "key-1", scopes: "" }),
  },
  {
    what: "no Idempotency-Key",
    of: ({ endpoint }) => endpoint.mutates === true,
    event: (event) => ({ ...event, headers: {} }),
  },
  {
    what: "a field that nobody knows",
    of: ({ endpoint }) => endpoint.scope !== undefined,
    event: (event) => ({
      ...event,
      body: JSON.stringify({ ...JSON.parse(event.body ?? "{}"), more: true }),
      queryStringParameters: { ...event.queryStringParameters, more: "true" },
    }),
  },
  {
    what: "a body that is too large",
    of: takesBody,
    // More than what brings rows may have.
    event: (event) => ({ ...event, body: "x".repeat(6_000_000) }),
  },
];

/** Each endpoint's answer to each call that is wrong, as it would leave the gateway. */
export async function shellAnswers(): Promise<readonly (Exchange & { readonly what: string })[]> {
  // The examples are for the local run, whose receiver is on the same machine.
  vi.stubEnv("WEBHOOK_ALLOW_PRIVATE", "true");
  using _local = { [Symbol.dispose]: () => void vi.unstubAllEnvs() };
  const calls = (await routedEndpoints()).flatMap((one) =>
    wrongs.filter(({ of }) => of(one)).map(({ what, event }) => ({ ...one, what, event })),
  );
  return await Promise.all(
    calls.map(async ({ route, endpoint, what, event }) => ({ what, ...(await answer({ route, endpoint }, event)) })),
  );
}

async function answer({ route, endpoint }: RoutedEndpoint, spoil: Wrong["event"]): Promise<Exchange> {
  const run = async (): Promise<never> => {
    throw new Error("a bug");
  };
  const handler = endpointHandler({ ...endpoint, run }, () => ({}));
  const example = exampleEvent({ route, endpoint });
  const { statusCode = 200, headers = {}, body = "" } = await handler(spoil(example), { functionName: "f" } as Context);
  return {
    method: route.method,
    path: route.path.replaceAll(/\{\w+\}/g, "x"),
    status: statusCode,
    headers: new Headers(headers as Record<string, string>),
    body: JSON.parse(body),
  };
}

function exampleEvent({ route, endpoint }: RoutedEndpoint): ApiEvent {
  const operation = published.paths[route.path]?.[route.method.toLowerCase()];
  const parameters = (operation?.parameters ?? []).map((one) => resolved<Parameter>(one, published));
  const given = (place: string): Record<string, string> =>
    Object.fromEntries(
      parameters
        .filter((one) => one.in === place && one.example !== undefined)
        .map(({ name, example = "" }) => [place === "header" ? name.toLowerCase() : name, example]),
    );
  const [example] = Object.values(operation?.requestBody?.content["application/json"]?.examples ?? {});
  const event = apiEvent({
    path: given("path"),
    query: given("query"),
    headers: given("header"),
    ...(example && { body: JSON.stringify(resolved(example, published).value) }),
    caller: { tenant: "acme", keyId: "key-1", scopes: endpoint.scope ?? "" },
  });
  const { http } = event.requestContext;
  return { ...event, requestContext: { ...event.requestContext, http: { ...http, method: route.method } } };
}
