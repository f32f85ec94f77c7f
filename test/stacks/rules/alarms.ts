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
  "server-errors",
  "throttles",
  "flow-failures",
];

function namesOf(graph: Graph): string[] {
  return alarmsIn(graph).map(({ properties }) => shortName(graph, properties.name));
}

function isOurs({ properties }: Resource): boolean {
  return properties.namespace?.startsWith("moneyback/") === true;
}

export const alarmRules: Readonly<Record<string, Rule>> = {
  "there is an alarm for each thing that goes wrong": (graph) =>
    differences(namesOf(graph), [
      ...always,
      ...all(graph, "sqs/queue").map(({ properties }) => shortName(graph, properties.name)),
      ...streams.map((stream) => `${stream.function}-age`),
    ]),
  "every alarm pages": (graph) =>
    unless(alarmsIn(graph), ({ properties: { alarmActions, okActions } }) => {
      return [alarmActions, okActions].every((actions) => actions?.[0]?.startsWith("arn:aws:sns:"));
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
  "errors are counted in every function's log": (graph) =>
    differences(
      all(graph, "cloudwatch/logMetricFilter")
        .filter(({ properties }) => properties.metricTransformation.name === "Errors")
        .map(({ properties }) => properties.logGroupName),
      all(graph, "cloudwatch/logGroup")
        .map(({ properties }) => properties.name)
        .filter((name) => name.startsWith("/aws/lambda/")),
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
};
