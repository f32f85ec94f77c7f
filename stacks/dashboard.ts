/** One page for an operator: calls, flows, what waits, what failed. */
import type { Functions } from "./functions.ts";
import type { LogMetrics } from "./log-metric-filters.ts";
import { physicalName } from "./names.ts";
import type { Queues } from "./queues.ts";

interface Shown {
  readonly api: sst.aws.ApiGatewayV2;
  readonly flow: aws.sfn.StateMachine;
  readonly functions: Functions;
  readonly queues: Queues;
  readonly metrics: LogMetrics;
}

/** A metric as a widget names it: namespace, name, then pairs of dimension and value. */
type Line = readonly [namespace: string, name: string, ...dimensions: string[]];

/** Drawn two in a row, on CloudWatch's grid of 24 columns. */
const size = { width: 12, height: 6 };

export function createDashboard({ api, flow, functions, queues, metrics: { namespace, names } }: Shown): void {
  const queueNames = [...queues.values()].map((queue) => queue.name);
  const functionNames = [...functions.values()].map(({ lambda }) => lambda.name);
  const body = $resolve([
    aws.getRegionOutput().region,
    api.nodes.api.id,
    flow.arn,
    $resolve(queueNames),
    $resolve(functionNames),
  ] as const).apply(([region, apiId, flowArn, waiting, running]) => {
    const widgets: [title: string, stat: string, lines: Line[]][] = [
      ["Calls", "Sum", ["Count", "4xx", "5xx"].map((name) => ["AWS/ApiGateway", name, "ApiId", apiId])],
      ["Latency of calls, p99", "p99", [["AWS/ApiGateway", "Latency", "ApiId", apiId]]],
      [
        "Flows",
        "Sum",
        ["ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut"].map((name) => [
          "AWS/States",
          name,
          "StateMachineArn",
          flowArn,
        ]),
      ],
      ["Oldest due transaction, seconds", "Maximum", [[namespace, names.followUpAge]]],
      [
        "For an operator",
        "Sum",
        Object.values(names)
          .filter((name) => name !== names.followUpAge)
          .map((name) => [namespace, name]),
      ],
      [
        "Dead letters",
        "Maximum",
        waiting.map((name) => ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", name]),
      ],
      ["Errors by function", "Sum", running.map((name) => ["AWS/Lambda", "Errors", "FunctionName", name])],
      ["Duration by function, p99", "p99", running.map((name) => ["AWS/Lambda", "Duration", "FunctionName", name])],
    ];
    return JSON.stringify({
      widgets: widgets.map(([title, stat, metrics], place) => ({
        type: "metric",
        x: (place % 2) * size.width,
        y: Math.floor(place / 2) * size.height,
        ...size,
        properties: { title, stat, metrics, region, period: 300, view: "timeSeries" },
      })),
    });
  });
  new aws.cloudwatch.Dashboard("Dashboard", { dashboardName: physicalName("overview"), dashboardBody: body });
}
