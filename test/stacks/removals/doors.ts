/** What is taken from the HTTP API and the flow. */
import type { Resource } from "../graph.ts";
import { change, named, type Removals, set, without } from "./removal.ts";

const isRoute =
  (key: string) =>
  ({ properties }: Resource) =>
    properties.routeKey === key;

export const doorRemovals: Removals = {
  "every route leads to its function, past the authorizer where it must": {
    "a route": without("apigatewayv2/route", isRoute("GET /v1/balances")),
    "the authorizer of a route": change(
      "apigatewayv2/route",
      (properties) => {
        properties.authorizationType = "NONE";
      },
      isRoute("POST /v1/refunds"),
    ),
  },
  "the gateway may invoke what it leads to": {
    "its leave": without("lambda/permission", ({ properties }) => properties.function.endsWith("create-refund")),
  },
  "the authorizer is asked for every call, with simple answers": {
    freshness: set("apigatewayv2/authorizer", "authorizerResultTtlInSeconds", 3_600),
  },
  "the API has a pace": { "its pace": set("apigatewayv2/stage", "defaultRouteSettings") },
  "no web page may call unless it is named": {
    distance: set("apigatewayv2/api", "corsConfiguration", { allowOrigins: ["*"] }),
  },
  "calls are logged, callers are not": {
    "the access log": set("apigatewayv2/stage", "accessLogSettings"),
    "the callers' privacy": change("apigatewayv2/stage", ({ accessLogSettings: log }) => {
      log.format = log.format.replace("$context.routeKey", "$context.identity.sourceIp");
    }),
  },
  "the flow in the graph is the local one": {
    "a figure of it": change("sfn/stateMachine", (properties) => {
      properties.definition = properties.definition.replace('"MaxAttempts":4', '"MaxAttempts":5');
    }),
  },
  "the flow logs its errors, and no data": {
    "its log": set("sfn/stateMachine", "loggingConfiguration"),
    "its discretion": set("sfn/stateMachine", "loggingConfiguration.includeExecutionData", true),
  },
  "the flow may invoke its tasks, and nothing else": {
    "a task in its policy": change(
      "iam/role",
      ({ inlinePolicies: [inline] }) => {
        inline.policy = inline.policy.replace("look-up", "create-refund");
      },
      named("FlowRole"),
    ),
  },
};
