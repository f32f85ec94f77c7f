/** Rules about what an operator hears of. */
import { readFileSync } from "node:fs";
import { streams } from "../../../functions/triggers.ts";
import { all, type Graph, type Resource, shortName } from "../graph.ts";
import { differences, type Rule, unless } from "./rule.ts";

const operations = new URL("../../../docs/operations.md", import.meta.url);

const alarmsIn = (graph: Graph) => all(graph, "cloudwatch/metricAlarm");

/** The list; each queue and each reader of a stream has one of its own besides. */
const always = [
  "needs-review",
  "duplicate-detected",
  "follow-up-age",
  "breaker-open",
  "errors",
  "crashes",
  "credentials-rejected",
  "server-errors",
  "throttles",
  "flow-failures",
];

/** What nobody has decided five minutes later, only because no more of it came. */
const countsEvents = [
  "needs-review",
  "duplicate-detected",
  "breaker-open",
  "errors",
  "crashes",
  "credentials-rejected",
];

const isTopic = (actions: string[] | undefined) => actions?.[0]?.startsWith("arn:aws:sns:") === true;

function namesOf(graph: Graph): string[] {
  return alarmsIn(graph).map(({ properties }) => shortName(graph, properties.name));
}

function isOurs({ properties }: Resource): boolean {
  return properties.namespace?.startsWith("moneyback/") === true;
}

function filtersOf(metric: string, graph: Graph): Resource[] {
  return all(graph, "cloudwatch/logMetricFilter").filter(({ properties }) => {
    return properties.metricTransformation.name === metric;
  });
}

/** Functions' logs in which a metric is not counted. */
function logsWithout(metric: string, graph: Graph): string[] {
  const logs = all(graph, "cloudwatch/logGroup").map(({ properties }) => properties.name);
  return differences(
    filtersOf(metric, graph).map(({ properties }) => properties.logGroupName),
    logs.filter((name) => name.startsWith("/aws/lambda/")),
  );
}

/** What Lambda itself writes, as text, of invocations that went wrong and of others. */
const platformLines = {
  crashed: [
    "2026-11-20T09:30:55.012Z 4d1c7b0e Task timed out after 55.01 seconds",
    "REPORT RequestId: 4d1c7b0e Duration: 55000.00 ms Memory Size: 256 MB Max Memory Used: 98 MB Status: timeout",
    "REPORT RequestId: 4d1c7b0e Duration: 812.00 ms Memory Size: 256 MB Status: error Error Type: Runtime.Unknown",
    "RequestId: 4d1c7b0e Error: Runtime exited with error: signal: killed Runtime.ExitError",
    'RequestId: 4d1c7b0e ERROR {"errorType":"Runtime.OutOfMemory"}',
    'undefined ERROR Uncaught Exception {"errorType":"Runtime.ImportModuleError","errorMessage":"Cannot find module"}',
    'undefined ERROR Uncaught Exception {"errorType":"Runtime.HandlerNotFound"}',
    'undefined ERROR Uncaught Exception {"errorType":"Runtime.UserCodeSyntaxError"}',
  ],
  healthy: [
    "START RequestId: 4d1c7b0e Version: $LATEST",
    "REPORT RequestId: 4d1c7b0e Duration: 41.20 ms Billed Duration: 42 ms Memory Size: 256 MB Max Memory Used: 98 MB",
    '{"at":"2026-11-20T09:30:00.000Z","level":"warn","event":"task","errorName":"NotSentError"}',
  ],
};

/** As CloudWatch reads `?"one" ?"other"`: a line that holds any of the terms. */
function matchesTerms(pattern: string, line: string): boolean {
  return [...pattern.matchAll(/\?"([^"]+)"/g)].some(([, term = ""]) => line.includes(term));
}

export const alarmRules: Readonly<Record<string, Rule>> = {
  "there is an alarm for each thing that goes wrong": (graph) =>
    differences(namesOf(graph), [
      ...always,
      ...all(graph, "sqs/queue").map(({ properties }) => shortName(graph, properties.name)),
      ...streams.map((stream) => `${stream.function}-age`),
    ]),
  "every alarm pages": (graph) => unless(alarmsIn(graph), ({ properties }) => isTopic(properties.alarmActions)),
  "an alarm says that it is over, unless it counts events": (graph) =>
    unless(alarmsIn(graph), ({ properties: { name, okActions } }) => {
      const tells = isTopic(okActions);
      return countsEvents.includes(shortName(graph, name)) ? !tells : tells;
    }),
  "alarms and budgets may page": (graph) =>
    all(graph, "sns/topicPolicy").some(({ properties: { policy } }) => {
      return policy.includes("cloudwatch.amazonaws.com") && policy.includes("budgets.amazonaws.com");
    })
      ? []
      : ["the topic takes none of them"],
  "what is alarmed about is counted": (graph) => {
    const counted = all(graph, "cloudwatch/logMetricFilter").map(({ properties: { metricTransformation: to } }) => {
      return `${to.namespace} ${to.name}`;
    });
    return unless(alarmsIn(graph).filter(isOurs), ({ properties }) => {
      return counted.includes(`${properties.namespace} ${properties.metricName}`);
    });
  },
  "lines are counted in logs that exist": (graph) => {
    const groups = all(graph, "cloudwatch/logGroup").map(({ properties }) => properties.name);
    return unless(all(graph, "cloudwatch/logMetricFilter"), ({ properties }) =>
      groups.includes(properties.logGroupName),
    );
  },
  "errors are counted in every function's log": (graph) => logsWithout("Errors", graph),
  "crashes are counted in every function's log, as Lambda words them": (graph) => [
    ...logsWithout("Crashes", graph),
    ...filtersOf("Crashes", graph).flatMap(({ name, properties: { pattern } }) => [
      ...platformLines.crashed.filter((line) => !matchesTerms(pattern, line)).map((line) => `${name}: ${line}`),
      ...platformLines.healthy.filter((line) => matchesTerms(pattern, line)).map((line) => `${name}: ${line}`),
    ]),
  ],
  "refused credentials are counted where the flow logs in": (graph) =>
    differences(
      filtersOf("CredentialsRejected", graph).map(
        ({ properties }) => `${properties.logGroupName} ${properties.pattern}`,
      ),
      [`/aws/lambda/moneyback-${graph.stage}-authenticate { $.errorName = "CredentialsRejectedError" }`],
    ),
  "silence about what is due is an alarm, too": (graph) =>
    unless(
      alarmsIn(graph).filter(({ properties }) => shortName(graph, properties.name) === "follow-up-age"),
      ({ properties }) => properties.treatMissingData === "breaching",
    ),
  "docs/operations.md says of every alarm what to do": (graph) => {
    const headings = [...readFileSync(operations, "utf8").matchAll(/^### (.+)$/gm)].map(([, heading]) => heading ?? "");
    return differences(headings, namesOf(graph));
  },
  "there is a dashboard": (graph) =>
    all(graph, "cloudwatch/dashboard").some(
      ({ properties }) => JSON.parse(properties.dashboardBody).widgets.length >= 6,
    )
      ? []
      : ["there is none"],
  "a budget says when it is nearly spent": (graph) =>
    all(graph, "budgets/budget").some(({ properties }) => {
      return properties.notifications?.every(
        (one: { subscriberSnsTopicArns?: string[] }) => one.subscriberSnsTopicArns?.length === 1,
      );
    })
      ? []
      : ["there is none"],
  "a budget counts this stage of this app, by a tag that all of it has": (graph) =>
    unless(all(graph, "budgets/budget"), ({ properties: { costFilters } }) => {
      const tags = graph.app.providers?.aws.defaultTags.tags ?? {};
      return (
        JSON.stringify(costFilters) ===
          JSON.stringify([{ name: "TagKeyValue", values: [`user:app-stage$moneyback-${graph.stage}`] }]) &&
        tags["app-stage"] === `moneyback-${graph.stage}`
      );
    }),
  "production that pages nobody says so": (graph) => {
    const isSilent = all(graph, "sns/topicSubscription").length === 0;
    const isWarned = graph.printed["warning"]?.includes("MONEYBACK_ALARM_EMAIL") === true;
    return isWarned === (isSilent && graph.stage === "production") ? [] : ["the deployment's last words"];
  },
};
