/** The flow: an Express state machine from the one definition, with a log of its errors that holds no data. */

import { tasks } from "../functions/tasks.ts";
import definition from "../lib/flow/definition.asl.json" with { type: "json" };
import { renderDefinition } from "../lib/flow/render.ts";
import type { Functions } from "./functions.ts";
import { physicalName } from "./names.ts";

/** What delivering logs takes. AWS knows no resource for any of it. */
const logDelivery = [
  "logs:CreateLogDelivery",
  "logs:GetLogDelivery",
  "logs:UpdateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:DescribeResourcePolicies",
  "logs:DescribeLogGroups",
];

export function createFlow(functions: Functions) {
  const arns = Object.fromEntries(
    Object.entries(tasks).map(([name, file]) => {
      const task = functions.get(file);
      if (!task) throw new Error(`the task ${name} has no function ${file}`);
      return [name, task.lambda.arn];
    }),
  );
  const account = aws.getCallerIdentityOutput().accountId;
  const role = new aws.iam.Role("FlowRole", {
    name: physicalName("flow"),
    assumeRolePolicy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ["sts:AssumeRole"],
          principals: [{ type: "Service", identifiers: ["states.amazonaws.com"] }],
          conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [account] }],
        },
      ],
    }).json,
    inlinePolicies: [
      {
        name: "inline",
        policy: aws.iam.getPolicyDocumentOutput({
          statements: [
            { actions: ["lambda:InvokeFunction"], resources: Object.values(arns) },
            { actions: logDelivery, resources: ["*"] },
          ],
        }).json,
      },
    ],
  });
  const logGroup = new aws.cloudwatch.LogGroup("FlowLog", {
    name: `/aws/vendedlogs/states/${physicalName("flow")}`,
    retentionInDays: 30,
  });
  const machine = new aws.sfn.StateMachine("Flow", {
    name: physicalName("flow"),
    type: "EXPRESS",
    roleArn: role.arn,
    definition: $resolve(arns).apply((resolved) => renderDefinition(JSON.stringify(definition), resolved)),
    loggingConfiguration: {
      level: "ERROR",
      includeExecutionData: false,
      logDestination: $interpolate`${logGroup.arn}:*`,
    },
  });
  return { machine, logGroup };
}
