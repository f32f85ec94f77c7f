/** The alarms, each of which pages: to a topic, and from there to whoever subscribes. docs/operations.md says what to do about each. */
import { streams } from "../functions/triggers.ts";
import type { Functions } from "./functions.ts";
import { createLogMetrics, type MetricNames } from "./log-metric-filters.ts";
import { componentName, physicalName } from "./names.ts";
import type { Queues } from "./queues.ts";
import type { Settings } from "./settings.ts";

interface Watched {
  readonly settings: Settings;
  readonly api: sst.aws.ApiGatewayV2;
  readonly flow: aws.sfn.StateMachine;
  readonly functions: Functions;
  readonly queues: Queues;
}

type Text = string | $util.Output<string>;

interface Alarm {
  readonly description: string;
  readonly threshold: number;
  readonly metric?: {
    readonly namespace: string;
    readonly name: string;
    readonly dimensions?: Record<string, Text>;
    readonly statistic: "Sum" | "Maximum";
  };
  readonly queries?: aws.types.input.cloudwatch.MetricAlarmMetricQuery[];
  readonly periodSeconds?: number;
  readonly periods?: number;
  /** Whether silence is bad news. */
  readonly silenceAlarms?: true;
  /** It counts what happened. That nothing more happened in the next minutes ends nothing, so nobody is told that it is over. */
  readonly countsEvents?: true;
}

export function createAlarms({ settings, api, flow, functions, queues }: Watched) {
  const topic = createTopic(settings);
  const metrics = createLogMetrics(functions);
  const alarm = (name: string, definition: Alarm) => createAlarm(name, definition, topic);
  const logged = (name: MetricNames[keyof MetricNames], statistic: "Sum" | "Maximum") => ({
    namespace: metrics.namespace,
    name,
    statistic,
  });
  const { names } = metrics;

  alarm("needs-review", {
    description: "A transaction needs an operator's decision",
    metric: logged(names.needsReview, "Sum"),
    threshold: 1,
    countsEvents: true,
  });
  alarm("duplicate-detected", {
    description: "A provider shows two movements for one transaction",
    metric: logged(names.duplicateDetected, "Sum"),
    threshold: 1,
    countsEvents: true,
  });
  alarm("follow-up-age", {
    description: "Due transactions wait for longer than 15 minutes, or follow-up does not run",
    metric: logged(names.followUpAge, "Maximum"),
    threshold: 900,
    periods: 2,
    silenceAlarms: true,
  });
  alarm("breaker-open", {
    description: "A provider is down: its connection's breaker opened",
    metric: logged(names.breakerOpened, "Sum"),
    threshold: 1,
    countsEvents: true,
  });
  alarm("errors", {
    description: "Functions log errors that nobody foresaw",
    metric: logged(names.errors, "Sum"),
    threshold: 5,
    countsEvents: true,
  });
  alarm("crashes", {
    description: "A function crashed, ran out of time or memory, or cannot be loaded",
    metric: logged(names.crashes, "Sum"),
    threshold: 1,
    countsEvents: true,
  });
  alarm("credentials-rejected", {
    description: "A provider refuses a connection's credentials",
    metric: logged(names.credentialsRejected, "Sum"),
    threshold: 1,
    countsEvents: true,
  });
  for (const [name, queue] of queues) {
    alarm(name.replace(/^moneyback-/, ""), {
      description: "Something was given up and put aside",
      metric: {
        namespace: "AWS/SQS",
        name: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: queue.name },
        statistic: "Maximum",
      },
      threshold: 1,
      periodSeconds: 60,
    });
  }
  alarm("server-errors", {
    description: "More than 1 % of the calls end in a 5xx",
    queries: shareOfServerErrors(api.nodes.api.id),
    threshold: 1,
  });
  alarm("throttles", {
    description: "Lambda turned invocations away",
    metric: { namespace: "AWS/Lambda", name: "Throttles", statistic: "Sum" },
    threshold: 1,
  });
  alarm("flow-failures", {
    description: "Executions of the flow ended without coming to their end",
    queries: sumOfFlow(flow.arn, ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted", "ExecutionThrottled"]),
    threshold: 1,
  });
  for (const { table, function: name } of streams) {
    const fn = functions.get(name);
    if (!fn) throw new Error(`the stream of ${table} needs the function ${name}`);
    alarm(`${name}-age`, {
      description: `The stream of ${table} is not keeping up`,
      metric: {
        namespace: "AWS/Lambda",
        name: "IteratorAge",
        dimensions: { FunctionName: fn.lambda.name },
        statistic: "Maximum",
      },
      threshold: 300_000,
    });
  }
  return { topic, metrics };
}

function createTopic({ alarmEmail }: Settings): aws.sns.Topic {
  const topic = new aws.sns.Topic("Alarms", { name: physicalName("alarms") });
  const account = aws.getCallerIdentityOutput().accountId;
  new aws.sns.TopicPolicy("AlarmsPolicy", {
    arn: topic.arn,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ["sns:Publish"],
          resources: [topic.arn],
          principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] }],
          conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [account] }],
        },
      ],
    }).json,
  });
  if (alarmEmail) {
    new aws.sns.TopicSubscription("AlarmsEmail", { topic: topic.arn, protocol: "email", endpoint: alarmEmail });
  }
  return topic;
}

function createAlarm(name: string, alarm: Alarm, topic: aws.sns.Topic): void {
  const {
    description,
    threshold,
    metric,
    queries,
    periodSeconds = 300,
    periods = 1,
    silenceAlarms,
    countsEvents,
  } = alarm;
  new aws.cloudwatch.MetricAlarm(`${componentName(name)}Alarm`, {
    name: physicalName(name),
    alarmDescription: `${description}. See docs/operations.md#${name}`,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold,
    evaluationPeriods: periods,
    ...(metric && {
      namespace: metric.namespace,
      metricName: metric.name,
      statistic: metric.statistic,
      period: periodSeconds,
      ...(metric.dimensions && { dimensions: metric.dimensions }),
    }),
    ...(queries && { metricQueries: queries }),
    treatMissingData: silenceAlarms ? "breaching" : "notBreaching",
    alarmActions: [topic.arn],
    ...(!countsEvents && { okActions: [topic.arn] }),
  });
}

type Query = aws.types.input.cloudwatch.MetricAlarmMetricQuery;

function shareOfServerErrors(apiId: Text): Query[] {
  const query = (id: string, metricName: string): Query => ({
    id,
    metric: { namespace: "AWS/ApiGateway", metricName, stat: "Sum", period: 300, dimensions: { ApiId: apiId } },
  });
  return [
    query("failed", "5xx"),
    query("all", "Count"),
    // Of very few calls one is a large share: it takes two.
    { id: "share", expression: "IF(failed > 1, 100 * failed / all, 0)", label: "5xx in %", returnData: true },
  ];
}

function sumOfFlow(flowArn: Text, metricNames: readonly string[]): Query[] {
  const queries = metricNames.map((metricName, place) => ({
    id: `m${place}`,
    metric: { namespace: "AWS/States", metricName, stat: "Sum", period: 300, dimensions: { StateMachineArn: flowArn } },
  }));
  const sum = `SUM([${queries.map(({ id }) => `FILL(${id}, 0)`).join(", ")}])`;
  return [...queries, { id: "sum", expression: sum, label: "executions", returnData: true }];
}
