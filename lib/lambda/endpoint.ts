/** The shell of every HTTP function: who calls, what they say, one answer, one log line. */
import middy from "@middy/core";
import type {
  APIGatewayProxyEventV2WithLambdaAuthorizer,
  APIGatewayProxyStructuredResultV2,
  Context,
} from "aws-lambda";
import type * as z from "zod/mini";
import { VisibleError } from "../domain/errors.ts";
import type { Scope } from "../domain/scopes.ts";
import { callCost } from "./call-meter.ts";
import { clock, once } from "./dependencies.ts";
import { idempotencyKeyOf } from "./idempotency-key.ts";
import { check, readBody, readDelivery, readPathAndBody } from "./input.ts";
import { errorFields, log } from "./log.ts";
import { memoryOf, metered } from "./meter.ts";
import { commonHeaders, problemResponse } from "./problem.ts";

/** What the authorizer found out about the key. Absent members: the key was not accepted. */
export interface Caller {
  readonly tenant?: string;
  readonly keyId?: string;
  /** Scopes, separated by spaces. */
  readonly scopes?: string;
  /** What finding that out cost, and for which request: the gateway may give the same answer to later ones. */
  readonly spent?: string;
}

export type ApiEvent = APIGatewayProxyEventV2WithLambdaAuthorizer<Caller | null>;

/** How a request came: what the log of its transaction says. */
export type Door = "api" | "event";

/** Who calls, and what beside the input belongs to the call. */
export interface Call {
  readonly tenant: string;
  readonly keyId: string;
  readonly requestId: string;
  /** Absent: `api`. */
  readonly door?: Door;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Empty on a call that changes nothing. */
  readonly idempotencyKey: string;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON; text is sent as it is, and `headers` then say its content type. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log line. */
  readonly transactionId?: string;
  /** The same for an answer about an accrual. */
  readonly accrualId?: string;
}

export type InputSource = "body" | "parameters" | "path and body" | "delivery";

export interface Endpoint<Input, Dependencies> {
  /** What the key must be allowed. Absent: no key is asked for. */
  readonly scope?: Scope;
  /** The call moves money or changes something: it must carry an Idempotency-Key. */
  readonly mutates?: boolean;
  /**
   * Where the input comes from: usually the body of a POST, and the path and query parameters of a GET. `delivery`: the
   * path's variables, the body's bytes as `body`, and the address that was called as `url`.
   */
  readonly from?: InputSource;
  /** The largest body that is read, where it may be larger than a request to move money is. */
  readonly bodyBytesMax?: number;
  readonly input: z.ZodMiniType<Input>;
  readonly run: (input: Input, dependencies: Dependencies, call: Call) => Promise<Answer>;
}

/** What a handler asks of its callers, kept with it so that the API's description is made from the very thing. */
export type EndpointFacts = Omit<Endpoint<never, never>, "input" | "run"> & { readonly input: z.ZodMiniType };

export type ApiHandler = ((event: ApiEvent, context: Context) => Promise<APIGatewayProxyStructuredResultV2>) & {
  readonly endpoint: EndpointFacts;
};

/** A Lambda handler from an endpoint. `dependencies` is called once per process, at its first call. */
export function endpointHandler<Input, Dependencies>(
  endpoint: Endpoint<Input, Dependencies>,
  dependencies: () => Dependencies,
): ApiHandler {
  const shared = once(dependencies);
  const handler = async (event: ApiEvent, context: Context): Promise<APIGatewayProxyStructuredResultV2> => {
    const call = callOf(event, endpoint);
    const from = inputSourceOf(endpoint, event.requestContext.http.method);
    const given = read(event, from, endpoint.bodyBytesMax);
    const own = callCost(event.requestContext.authorizer?.lambda?.spent, call.requestId);
    const answer = await metered({ now: clock.now, own, memoryMb: memoryOf(context) }, () =>
      endpoint.run(check(endpoint.input, given), shared(), call),
    );
    const { transactionId, accrualId } = answer;
    subjects.set(event, { ...(transactionId && { transactionId }), ...(accrualId && { accrualId }) });
    const isText = typeof answer.body === "string";
    const type = isText ? {} : { "content-type": "application/json" };
    return {
      statusCode: answer.status,
      headers: { ...type, ...commonHeaders(call.requestId), ...answer.headers },
      body: isText ? answer.body : JSON.stringify(answer.body),
    };
  };
  const shell = middy<ApiEvent, APIGatewayProxyStructuredResultV2>().use(answeredAndLogged()).handler(handler);
  return Object.assign(shell, { endpoint }) as unknown as ApiHandler;
}

/** Where an endpoint's input comes from. */
export function inputSourceOf({ from }: Pick<EndpointFacts, "from">, method: string): InputSource {
  return from ?? (method === "POST" ? "body" : "parameters");
}

/** What an answer was about, for its log line. */
const subjects = new WeakMap<ApiEvent, Pick<Answer, "transactionId" | "accrualId">>();

function callOf(event: ApiEvent, { scope, mutates }: { scope?: Scope; mutates?: boolean }): Call {
  const { requestId } = event.requestContext;
  const caller = event.requestContext.authorizer?.lambda;
  if (scope) {
    if (!caller?.tenant) {
      throw new VisibleError("unauthorized", "A valid API key is required: Authorization: Bearer mbk_…", {
        headers: { "www-authenticate": "Bearer" },
      });
    }
    if (!caller.scopes?.split(" ").includes(scope)) {
      throw new VisibleError("forbidden", `This API key lacks the scope ${scope}.`);
    }
  }
  return {
    tenant: caller?.tenant ?? "",
    keyId: caller?.keyId ?? "",
    requestId,
    headers: event.headers,
    idempotencyKey: mutates ? idempotencyKeyOf(event.headers) : "",
  };
}

function read(event: ApiEvent, from: InputSource, bodyBytesMax: number | undefined): unknown {
  switch (from) {
    case "body":
      return readBody(event, bodyBytesMax);
    case "parameters":
      return { ...event.queryStringParameters, ...event.pathParameters };
    case "path and body":
      return readPathAndBody(event, bodyBytesMax);
    case "delivery":
      return readDelivery(event);
  }
}

/** Turns what was thrown into a problem document, and writes the one log line of the call. */
function answeredAndLogged(): middy.MiddlewareObj<ApiEvent, APIGatewayProxyStructuredResultV2> {
  const startedAt = new WeakMap<ApiEvent, number>();
  return {
    before: ({ event }) => {
      startedAt.set(event, performance.now());
    },
    onError: (request) => {
      request.response = problemResponse(request.error, request.event.requestContext.requestId);
      writeLine(request.event, request.context, request.response, startedAt, request.error);
    },
    after: ({ event, context, response }) => writeLine(event, context, response, startedAt),
  };
}

function writeLine(
  event: ApiEvent,
  context: Context,
  response: APIGatewayProxyStructuredResultV2 | null | undefined,
  startedAt: WeakMap<ApiEvent, number>,
  error?: unknown,
): void {
  const { requestId, routeKey, authorizer } = event.requestContext;
  const unexpected = error !== undefined && error !== null && !(error instanceof VisibleError);
  log(unexpected ? "error" : "info", "request", {
    requestId,
    function: context.functionName,
    route: routeKey,
    ...(response?.statusCode !== undefined && { status: response.statusCode }),
    ...(error instanceof VisibleError && { code: error.code }),
    ...(authorizer?.lambda?.tenant && { tenant: authorizer.lambda.tenant }),
    ...(authorizer?.lambda?.keyId && { keyId: authorizer.lambda.keyId }),
    ...subjects.get(event),
    durationMs: Math.round(performance.now() - (startedAt.get(event) ?? performance.now())),
    ...(unexpected && errorFields(error)),
  });
}
