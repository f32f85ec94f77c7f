/** Rules about what starts functions without anybody waiting: streams, schedules, the bus; and where what fails is kept. */
import { eventRules, schedules, streams } from "../../../functions/triggers.ts";
import { all, functionsOf, type Graph, grantsOf, type Resource, shortName } from "../graph.ts";
import { differences, type Rule, unless } from "./rule.ts";

const mayPutAside = "sqs:SendMessage";

const isQueue = (arn: string | undefined) => arn?.startsWith("arn:aws:sqs:") === true;

function functionIn(graph: Graph, arnOrName: string): string {
  return shortName(graph, arnOrName.split(":").at(-1) ?? "");
}

function schedulesIn(graph: Graph): Resource[] {
  return all(graph, "scheduler/schedule");
}

const asynchronous = new Set([...schedules, ...eventRules].map((trigger) => trigger.function));

export const edgeRules: Readonly<Record<string, Rule>> = {
  "every stream of the table starts its function": (graph) =>
    differences(
      all(graph, "lambda/eventSourceMapping").map(({ properties }) => {
        const table = /table\/([^/]+)\/stream/.exec(properties.eventSourceArn)?.[1] ?? "";
        return `${shortName(graph, table)} to ${functionIn(graph, properties.functionName)}`;
      }),
      streams.map((stream) => `${stream.table} to ${stream.function}`),
    ),
  "no stream has more than two readers": (graph) => {
    const sources = all(graph, "lambda/eventSourceMapping").map(({ properties }) => properties.eventSourceArn);
    return sources.filter((source) => sources.filter((other) => other === source).length > 2);
  },
  "a batch that fails is halved, tried for six hours, and put aside": (graph) =>
    unless(all(graph, "lambda/eventSourceMapping"), ({ properties }) => {
      const isBounded = properties.maximumRetryAttempts === -1 && properties.maximumRecordAgeInSeconds === 21_600;
      return (
        isBounded &&
        properties.bisectBatchOnFunctionError &&
        isQueue(properties.destinationConfig?.onFailure?.destinationArn)
      );
    }),
  "every schedule of the table runs, in UTC": (graph) =>
    differences(
      schedulesIn(graph).map(({ properties: { scheduleExpression, scheduleExpressionTimezone, state, target } }) => {
        return `${scheduleExpression} ${scheduleExpressionTimezone} ${state} ${functionIn(graph, target.arn)}`;
      }),
      schedules.map((schedule) => `${schedule.expression} UTC ENABLED ${schedule.function}`),
    ),
  "a schedule that cannot start its function is put aside": (graph) =>
    unless(schedulesIn(graph), ({ properties }) => isQueue(properties.target.deadLetterConfig?.arn)),
  "every rule of the table listens on the bus": (graph) =>
    differences(
      all(graph, "cloudwatch/eventRule").map(
        ({ properties }) => `${shortName(graph, properties.name)} ${properties.eventPattern}`,
      ),
      eventRules.map(({ name, pattern }) => `${name} ${JSON.stringify(pattern)}`),
    ),
  "every rule starts its function, and may": (graph) => {
    const targets = all(graph, "cloudwatch/eventTarget").map(({ properties }) => {
      return `${shortName(graph, properties.rule)} to ${functionIn(graph, properties.arn)}`;
    });
    const invoked = all(graph, "lambda/permission")
      .filter(({ properties }) => properties.principal === "events.amazonaws.com" && properties.sourceArn)
      .map(({ properties }) => functionIn(graph, properties.function));
    return [
      ...differences(
        targets,
        eventRules.map((rule) => `${rule.name} to ${rule.function}`),
      ),
      ...differences(
        invoked,
        eventRules.map((rule) => rule.function),
      ),
    ];
  },
  "an event that the bus cannot hand over is put aside": (graph) =>
    unless(all(graph, "cloudwatch/eventTarget"), ({ properties }) => {
      const { retryPolicy, deadLetterConfig } = properties;
      return retryPolicy?.maximumEventAgeInSeconds > 0 && isQueue(deadLetterConfig?.arn);
    }),
  "what nobody waits for is put aside when it fails": (graph) => {
    const configs = all(graph, "lambda/functionEventInvokeConfig").filter(({ properties }) => {
      return isQueue(properties.destinationConfig?.onFailure?.destination);
    });
    return differences(
      configs.map(({ properties }) => functionIn(graph, properties.functionName)),
      asynchronous,
    );
  },
  "an event is tried as often as its rule says": (graph) =>
    eventRules
      .filter(({ function: name, retryAttempts, ageSecondsMax }) => {
        const config = all(graph, "lambda/functionEventInvokeConfig").find(({ properties }) => {
          return functionIn(graph, properties.functionName) === name;
        });
        const { maximumRetryAttempts, maximumEventAgeInSeconds } = config?.properties ?? {};
        return maximumRetryAttempts !== retryAttempts || maximumEventAgeInSeconds !== ageSecondsMax;
      })
      .map(({ name }) => name),
  "who puts aside may write to the queue": (graph) => {
    const sends = [...functionsOf(graph)].filter(([, lambda]) => {
      return grantsOf(graph, lambda).some((grant) => grant.startsWith(`${mayPutAside} `));
    });
    return differences(
      sends.map(([name]) => name),
      [...asynchronous, ...streams.map((stream) => stream.function)],
    );
  },
  "the bus may write to the queues, which nobody reads in clear": (graph) => {
    const policies = all(graph, "sqs/queuePolicy").filter(({ properties }) => {
      const statements: { sid: string; actions: string[] }[] = JSON.parse(properties.policy).Statement;
      const sids = statements.map(({ sid }) => sid);
      return sids.includes("TheBusMayPutAside") && sids.includes("NothingInClear");
    });
    return policies.length === all(graph, "sqs/queue").length ? [] : ["a queue has no such policy"];
  },
  "queues are encrypted and keep what they have for two weeks": (graph) => {
    const queues = all(graph, "sqs/queue");
    if (queues.length === 0) return ["there is no queue"];
    return unless(queues, ({ properties }) => {
      return properties.sqsManagedSseEnabled === true && properties.messageRetentionSeconds === 1_209_600;
    });
  },
  "the bus remembers a month of events, to be played again": (graph) => {
    const archives = all(graph, "cloudwatch/eventArchive");
    return archives.length === 1
      ? unless(archives, ({ properties }) => properties.retentionDays === 30)
      : ["there is not one archive"];
  },
};
