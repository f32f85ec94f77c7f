/** Rules about the Lambdas: that they are all there, their limits, and what their roles and environments hold. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { authorizerFunction, fallbackFunction, routes } from "../../../functions/routes.ts";
import { tasks } from "../../../functions/tasks.ts";
import { eventRules, schedules, streams } from "../../../functions/triggers.ts";
import definition from "../../../lib/flow/definition.asl.json" with { type: "json" };
import { tables } from "../../../lib/store/tables.ts";
import { all, functionsOf, type Graph, grantsOf, type Resource, roleOf, statementsOf } from "../graph.ts";
import { differences, type Rule } from "./rule.ts";

const folder = new URL("../../../functions/", import.meta.url);
const deploying = new URL("../../../docs/deploy.md", import.meta.url);
const tablesOfFunctions = ["routes.ts", "tasks.ts", "triggers.ts"];

/** An HTTP API waits 30 s for a function, and a call may wait 25 s for its outcome. */
const endpointSeconds = { min: 26, max: 29 };

/** Who may be asked to wait for the outcome (`Prefer: wait`). */
const waiting = ["create-spendback", "create-refund", "create-cashback"];

/** What a function is told: names, never a credential. */
const told = [
  ...Object.values(tables).map(({ environment }) => environment),
  "FLOW_ARN",
  "EVENT_BUS",
  "CONNECTIONS_SECRET",
  "EVENT_SOURCES",
];

const lambdas = (graph: Graph) => [...functionsOf(graph)];

function complaints(graph: Graph, holds: (name: string, properties: Resource["properties"]) => boolean): string[] {
  return lambdas(graph).flatMap(([name, { properties }]) => (holds(name, properties) ? [] : [name]));
}

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
}

/** What the flow waits for a task. */
function taskSecondsMax(name: string): number | undefined {
  const task = Object.entries(tasks).find(([, file]) => file === name)?.[0];
  const states = Object.values<State>(definition.States);
  return states.find(({ Resource }) => Resource === `\${${task}FunctionArn}`)?.TimeoutSeconds;
}

/** What those may write who only tell. */
const readersMayWrite: Readonly<Record<string, readonly string[]>> = {
  // A balance is asked of a provider through the gate, which notes how the provider is doing.
  "get-balance": ["dynamodb:UpdateItem table/Connections"],
  // How far a month is counted, so that nobody counts it again.
  "get-usage": ["dynamodb:PutItem table/Usage"],
};

export const functionRules: Readonly<Record<string, Rule>> = {
  "every function that a table names is deployed, and no other": (graph) =>
    differences(functionsOf(graph).keys(), [
      authorizerFunction,
      fallbackFunction,
      ...Object.values(tasks),
      ...[...routes, ...schedules, ...streams, ...eventRules].map((one) => one.function),
    ]),
  "every handler's file is a route, a task or a trigger": (graph) =>
    differences(
      functionsOf(graph).keys(),
      readdirSync(folder)
        .filter((file) => !tablesOfFunctions.includes(file))
        .map((file) => file.replace(/\.ts$/, "")),
    ),
  "every function's handler is its file's": (graph) =>
    lambdas(graph).flatMap(([name, { properties }]) =>
      properties.handler === `${name}.handler` && existsSync(new URL(`${name}.ts`, folder)) ? [] : [name],
    ),
  "functions run on arm64 and the current Node": (graph) =>
    complaints(graph, (_name, { architectures, runtime }) => {
      return JSON.stringify(architectures) === '["arm64"]' && runtime === "nodejs24.x";
    }),
  "endpoints answer before the gateway gives up": (graph) =>
    routes
      .filter((route) => {
        const { timeout } = functionsOf(graph).get(route.function)?.properties ?? {};
        const mayWait = waiting.includes(route.function);
        return !(timeout <= endpointSeconds.max && (!mayWait || timeout >= endpointSeconds.min));
      })
      .map((route) => route.function),
  "tasks end themselves before the flow gives up": (graph) =>
    Object.values(tasks).filter((name) => {
      const waited = taskSecondsMax(name);
      return waited === undefined || !(functionsOf(graph).get(name)?.properties.timeout < waited);
    }),
  "whoever needs no key cannot take all of the account's concurrency": (graph) =>
    [fallbackFunction, ...routes.filter(({ authorize }) => !authorize).map((route) => route.function)].filter(
      (name) => {
        return !(functionsOf(graph).get(name)?.properties.reservedConcurrentExecutions > 0);
      },
    ),
  "whoever waits for an outcome cannot take all of the account's concurrency": (graph) =>
    waiting.filter((name) => {
      const reserved = functionsOf(graph).get(name)?.properties.reservedConcurrentExecutions;
      return !(reserved >= 50 && reserved <= 100);
    }),
  "the reserved concurrency leaves an account of 1,000 most of it": (graph) => {
    const reserved = lambdas(graph).map(([, { properties }]) => properties.reservedConcurrentExecutions ?? 0);
    const sum = reserved.reduce((one, other) => one + other, 0);
    return sum <= 400 ? [] : [`${sum} are reserved`];
  },
  "only Lambda assumes a function's role": (graph) =>
    lambdas(graph).flatMap(([name, lambda]) => {
      const { assumeRolePolicy } = roleOf(graph, lambda)?.properties ?? {};
      const trusted = assumeRolePolicy?.Statement?.map((statement: { Principal: unknown }) => statement.Principal);
      return JSON.stringify(trusted) === '[{"Service":"lambda.amazonaws.com"}]' ? [] : [name];
    }),
  "no function has a policy that is not its own": (graph) =>
    lambdas(graph).flatMap(([name, lambda]) => {
      const { managedPolicyArns = [] } = roleOf(graph, lambda)?.properties ?? {};
      return managedPolicyArns.length === 0 ? [] : [name];
    }),
  "no function may do anything to everything": (graph) =>
    lambdas(graph).flatMap(([name, lambda]) =>
      statementsOf(roleOf(graph, lambda)).some(({ actions, resources }) => {
        const isWide = actions.some((action) => action.includes("*"));
        // A log group's streams are named behind its colon.
        return isWide || resources.some((resource) => resource.replace(/^(arn:aws:logs:.*):\*$/, "$1").includes("*"));
      })
        ? [name]
        : [],
    ),
  "the authorizer reads keys and nothing else": (graph) => {
    const authorizer = functionsOf(graph).get(authorizerFunction);
    const grants = authorizer ? grantsOf(graph, authorizer).filter((grant) => !grant.startsWith("logs:")) : [];
    return differences(grants, ["dynamodb:GetItem table/ApiKeys"]);
  },
  "what reads cannot write": (graph) =>
    lambdas(graph).flatMap(([name, lambda]) => {
      const writes = grantsOf(graph, lambda).filter((grant) => /^dynamodb:(?:Put|Update|Delete)/.test(grant));
      const allowed: readonly string[] = readersMayWrite[name] ?? [];
      const isReader = name.startsWith("get-") || name.startsWith("list-");
      return isReader ? writes.filter((grant) => !allowed.includes(grant)).map((grant) => `${name}: ${grant}`) : [];
    }),
  "only authenticate writes sessions": (graph) => {
    const writes = /^dynamodb:(?:Put|Update|Delete)\w* table\/Sessions$/;
    const writers = lambdas(graph).filter(([, lambda]) => grantsOf(graph, lambda).some((grant) => writes.test(grant)));
    return differences(
      writers.map(([name]) => name),
      ["authenticate"],
    );
  },
  "docs/deploy.md says of each who reads the credentials": (graph) => {
    const section = /^### Who reads it$(.*?)^## /ms.exec(readFileSync(deploying, "utf8"))?.[1] ?? "";
    const firstCells = [...section.matchAll(/^\| (`[^|]*) \|/gm)].map(([, cell = ""]) => cell);
    const readers = lambdas(graph).filter(([, lambda]) => {
      return grantsOf(graph, lambda).some((grant) => grant.startsWith("secretsmanager:GetSecretValue "));
    });
    return [
      ...differences(
        firstCells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name)),
        readers.map(([name]) => name),
      ),
      ...(section.includes(`${readers.length} of ${lambdas(graph).length} do`) ? [] : ["their number"]),
    ];
  },
  "functions are told names, and no credential": (graph) =>
    lambdas(graph).flatMap(([name, { properties }]) =>
      Object.keys(properties.environment.variables)
        .filter((variable) => !told.includes(variable))
        .map((variable) => `${name}: ${variable}`),
    ),
  "functions are told what they are allowed": (graph) =>
    lambdas(graph).flatMap(([name, lambda]) => {
      const { variables } = lambda.properties.environment;
      const grants = grantsOf(graph, lambda).map((grant) => grant.split(" ")[0]);
      const isSame = (action: string, variable: string) => grants.includes(action) === variable in variables;
      const holds =
        isSame("states:StartExecution", "FLOW_ARN") &&
        isSame("events:PutEvents", "EVENT_BUS") &&
        isSame("secretsmanager:GetSecretValue", "CONNECTIONS_SECRET") &&
        Object.values(tables).every(({ environment }) => environment in variables);
      return holds ? [] : [name];
    }),
  "logs are kept for a month, each function's in its own group": (graph) => [
    ...all(graph, "cloudwatch/logGroup").flatMap(({ name, properties }) =>
      properties.retentionInDays === 30 ? [] : [name],
    ),
    ...complaints(graph, (name, { loggingConfig }) => {
      return loggingConfig?.logGroup === `/aws/lambda/moneyback-${graph.stage}-${name}`;
    }),
  ],
};
