/** Rules about the HTTP API and the flow. */
import { authorizerFunction, fallbackFunction, routes } from "../../../functions/routes.ts";
import { tasks } from "../../../functions/tasks.ts";
import definition from "../../../lib/flow/definition.asl.json" with { type: "json" };
import { all, type Graph, shortName, statementsOf } from "../graph.ts";
import { account, region } from "../pulumi-mocks.ts";
import { differences, type Rule, unless } from "./rule.ts";

function arnOf({ stage }: Graph, name: string): string {
  return `arn:aws:lambda:${region}:${account}:function:moneyback-${stage}-${name}`;
}

/** What an access log may say: nothing of who called. */
const logged =
  /^\$context\.(?:requestTime|requestId|routeKey|status|responseLatency|error\.message)$|^\$context\.(?:integration|authorizer)/;

export const doorRules: Readonly<Record<string, Rule>> = {
  "every route leads to its function, past the authorizer where it must": (graph) => {
    const integrations = new Map(
      all(graph, "apigatewayv2/integration").map(({ name, properties }) => [`${name}-id`, properties]),
    );
    const found = all(graph, "apigatewayv2/route").map(({ properties }) => {
      const integration = integrations.get(properties.target.replace("integrations/", ""));
      const isAsked = properties.authorizationType === "CUSTOM" && properties.authorizerId !== undefined;
      return `${properties.routeKey} ${integration?.integrationUri} ${isAsked}`;
    });
    return differences(found, [
      ...routes.map(
        ({ method, path, function: name, authorize }) => `${method} ${path} ${arnOf(graph, name)} ${authorize}`,
      ),
      `$default ${arnOf(graph, fallbackFunction)} false`,
    ]);
  },
  "the gateway may invoke what it leads to": (graph) => {
    const allowed = all(graph, "lambda/permission")
      .filter(({ properties }) => properties.principal === "apigateway.amazonaws.com" && properties.sourceArn)
      .map(({ properties }) => shortName(graph, properties.function.split(":").at(-1)));
    return differences(allowed, [authorizerFunction, fallbackFunction, ...routes.map((route) => route.function)]);
  },
  "the authorizer is asked for every call, with simple answers": (graph) => {
    const authorizers = all(graph, "apigatewayv2/authorizer");
    if (authorizers.length !== 1) return ["there is not one authorizer"];
    return unless(authorizers, ({ properties }) => {
      const { authorizerPayloadFormatVersion, authorizerResultTtlInSeconds, enableSimpleResponses, identitySources } =
        properties;
      const isSimple = authorizerPayloadFormatVersion === "2.0" && enableSimpleResponses === true;
      return isSimple && authorizerResultTtlInSeconds === 0 && identitySources.length === 0;
    });
  },
  "the API has a pace": (graph) =>
    unless(all(graph, "apigatewayv2/stage"), ({ properties: { defaultRouteSettings } }) => {
      return defaultRouteSettings?.throttlingRateLimit > 0 && defaultRouteSettings.throttlingBurstLimit > 0;
    }),
  "no web page may call unless it is named": (graph) =>
    unless(
      all(graph, "apigatewayv2/api"),
      ({ properties }) => !JSON.stringify(properties.corsConfiguration ?? {}).includes("*"),
    ),
  "calls are logged, callers are not": (graph) =>
    unless(all(graph, "apigatewayv2/stage"), ({ properties: { accessLogSettings } }) => {
      const values = Object.values<string>(JSON.parse(accessLogSettings?.format ?? "{}"));
      return (
        values.length > 5 &&
        accessLogSettings.destinationArn.includes(":logs:") &&
        values.every((one) => logged.test(one))
      );
    }),
  "the flow in the graph is the local one": (graph) =>
    unless(all(graph, "sfn/stateMachine"), ({ properties }) => {
      const arns = Object.entries(tasks).map(([task, name]) => [`\${${task}FunctionArn}`, arnOf(graph, name)] as const);
      const expected = arns.reduce(
        (text, [placeholder, arn]) => text.replaceAll(placeholder, arn),
        JSON.stringify(definition),
      );
      return (
        properties.type === "EXPRESS" && properties.definition === expected && !properties.definition.includes("${")
      );
    }),
  "the flow logs its errors, and no data": (graph) =>
    unless(all(graph, "sfn/stateMachine"), ({ properties: { loggingConfiguration } }) => {
      const { level, includeExecutionData, logDestination } = loggingConfiguration ?? {};
      return level === "ERROR" && includeExecutionData === false && logDestination?.includes(":logs:");
    }),
  "the flow may invoke its tasks, and nothing else": (graph) => {
    const role = all(graph, "iam/role").find(({ name }) => name === "FlowRole");
    const statements = statementsOf(role).filter(
      ({ actions }) => !actions.every((action) => action.startsWith("logs:")),
    );
    const grants = statements.flatMap(({ actions, resources }) =>
      resources.map((resource) => `${actions} ${resource}`),
    );
    return differences(
      grants,
      Object.values(tasks).map((name) => `lambda:InvokeFunction ${arnOf(graph, name)}`),
    );
  },
};
