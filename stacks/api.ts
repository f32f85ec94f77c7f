/** The HTTP API: each route of the table to its function, at a pace that protects the account. */
import { authorizerFunction, fallbackFunction, routes } from "../functions/routes.ts";
import type { DeployedFunction, Functions } from "./functions.ts";
import { physicalName } from "./names.ts";
import type { Settings } from "./settings.ts";

/** Far above what a tenant sends, far below what a flood costs: 1,000 requests a second are $1 in 17 minutes. */
const throttling = { throttlingRateLimit: 1_000, throttlingBurstLimit: 2_000 };

/** What is known of a call before a function has it. No address and no agent: these are somebody's. */
const accessLog = {
  requestTime: "$context.requestTime",
  requestId: "$context.requestId",
  routeKey: "$context.routeKey",
  status: "$context.status",
  responseLatency: "$context.responseLatency",
  integrationLatency: "$context.integrationLatency",
  integrationStatus: "$context.integrationStatus",
  integrationError: "$context.integrationErrorMessage",
  authorizerLatency: "$context.authorizer.latency",
  authorizerError: "$context.authorizer.error",
  error: "$context.error.message",
};

export function createApi(settings: Settings, functions: Functions) {
  const functionOf = (name: string): DeployedFunction => {
    const found = functions.get(name);
    if (!found) throw new Error(`the API needs the function ${name}, which is not deployed`);
    return found;
  };
  const api = new sst.aws.ApiGatewayV2("Api", {
    cors: settings.corsOrigins.length > 0 && {
      allowOrigins: [...settings.corsOrigins],
      allowMethods: [...new Set(routes.map(({ method }) => method))],
      allowHeaders: ["authorization", "content-type", "idempotency-key", "prefer"],
      exposeHeaders: ["location", "retry-after", "idempotent-replayed", "preference-applied"],
      maxAge: "1 hour",
    },
    ...(settings.domain && { domain: settings.domain }),
    accessLog: { retention: "1 month" },
    transform: {
      api: { name: physicalName("api"), disableExecuteApiEndpoint: settings.domain !== undefined },
      stage: (args) => {
        args.defaultRouteSettings = { ...throttling, detailedMetricsEnabled: false };
        args.accessLogSettings = $output(args.accessLogSettings).apply((log) => ({
          destinationArn: log?.destinationArn ?? "",
          format: JSON.stringify(accessLog),
        }));
      },
    },
  });
  // Asked for every call, also without a header, so that a 401 is a problem document, too; it remembers keys itself.
  const authorizer = api.addAuthorizer({
    name: "Key",
    lambda: {
      function: functionOf(authorizerFunction).lambda.arn,
      identitySources: [],
      ttl: "0 seconds",
      payload: "2.0",
      response: "simple",
    },
  });
  for (const { method, path, function: name, authorize } of routes) {
    api.route(`${method} ${path}`, functionOf(name).lambda.arn, authorize ? { auth: { lambda: authorizer.id } } : {});
  }
  api.route("$default", functionOf(fallbackFunction).lambda.arn);
  return api;
}
