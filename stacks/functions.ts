/** Every Lambda of the tables: its bundle, limits, environment, log and policy. */
import { join } from "node:path";
import { tables as definitions, type TableName } from "../lib/store/tables.ts";
import { bundle } from "./bundle.ts";
import { otherFunctions, taskFunctions } from "./function-names.ts";
import { limitsOf } from "./limits.ts";
import { componentName, physicalName } from "./names.ts";
import { type Permissions, permissions } from "./permissions.ts";
import type { Queues } from "./queues.ts";
import type { Secret } from "./secret.ts";
import type { Settings } from "./settings.ts";
import { statementsOf } from "./statements.ts";
import type { Tables } from "./tables.ts";

export interface DeployedFunction {
  readonly lambda: sst.aws.Function;
  readonly logGroup: aws.cloudwatch.LogGroup;
}

/** By file in `functions/`. */
export type Functions = ReadonlyMap<string, DeployedFunction>;

interface Parts {
  readonly settings: Settings;
  readonly tables: Tables;
  readonly secret: Secret;
  readonly queues: Queues;
  readonly bus: sst.aws.Bus;
}

/** Who may act by event is nobody else's business. */
const asksForSources = "accept-event";

type FlowArn = $util.Output<string> | undefined;

/** The flow's tasks at once; the others when the flow is there that they may start. */
export function createFunctions(parts: Parts) {
  const make = (names: ReadonlySet<string>, flowArn: FlowArn): Functions =>
    new Map([...names].map((name) => [name, createFunction(name, parts, flowArn)]));
  return {
    tasks: make(taskFunctions, undefined),
    others: (flowArn: FlowArn) => make(otherFunctions, flowArn),
  };
}

function createFunction(name: string, parts: Parts, flowArn: FlowArn): DeployedFunction {
  const allowed = permissions[name];
  if (!allowed) throw new Error(`stacks/permissions.ts does not say what the function ${name} may do`);
  const { timeoutSeconds, memoryMb, reserved } = limitsOf(name);
  const { settings, tables, secret, queues, bus } = parts;
  const logGroup = new aws.cloudwatch.LogGroup(`${componentName(name)}Log`, {
    name: `/aws/lambda/${physicalName(name)}`,
    retentionInDays: 30,
  });
  const lambda = new sst.aws.Function(componentName(name), {
    name: physicalName(name),
    handler: `${name}.handler`,
    bundle: bundle($cli.paths.root, name, join($cli.paths.work, "bundles", $app.stage, name)),
    runtime: "nodejs24.x",
    architecture: "arm64",
    timeout: `${timeoutSeconds} seconds`,
    memory: `${memoryMb} MB`,
    ...(reserved !== undefined && settings.reservesConcurrency && { concurrency: { reserved } }),
    logging: { logGroup: logGroup.name, format: "text" },
    permissions: statementsOf(name, allowed, {
      tables,
      secretArn: secret.arn,
      busArn: bus.arn,
      queues,
      flowArn,
      logGroupArn: logGroup.arn,
    }),
    transform: {
      role: {
        // AWS's own policy for logs is for every log group of the account; the statements above are for this one.
        managedPolicyArns: [],
        // SST lets the whole account assume it, which `sst dev` needs.
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
      },
      function: (args) => {
        args.environment = { variables: environmentOf(name, allowed, parts, flowArn) };
      },
    },
  });
  return { lambda, logGroup };
}

/** Names of things, never a credential. SST's own variables are left out: nothing is linked. */
function environmentOf(name: string, allowed: Permissions, { settings, tables, secret, bus }: Parts, flowArn: FlowArn) {
  return {
    ...Object.fromEntries(
      Object.entries(definitions).map(([table, { environment }]) => [environment, tables[table as TableName].name]),
    ),
    ...(allowed.startsFlow && flowArn && { FLOW_ARN: flowArn }),
    ...(allowed.publishes && { EVENT_BUS: bus.name }),
    ...(allowed.readsConnections && { CONNECTIONS_SECRET: secret.name }),
    ...(name === asksForSources && settings.eventSources && { EVENT_SOURCES: settings.eventSources }),
  };
}
