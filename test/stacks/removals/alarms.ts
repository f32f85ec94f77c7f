/** What is taken from what an operator hears of. */
import { change, named, type Removals, set, without } from "./removal.ts";

const alarm = "cloudwatch/metricAlarm";
const filter = "cloudwatch/logMetricFilter";

export const alarmRemovals: Removals = {
  "there is an alarm for each thing that goes wrong": { "an alarm": without(alarm, named("NeedsReview")) },
  "every alarm pages": { "an action": set(alarm, "alarmActions", []) },
  "an alarm says that it is over, unless it counts events": {
    "the end of one": change(
      alarm,
      (properties) => {
        properties.okActions = [];
      },
      named("FollowUpAge"),
    ),
    "the silence of one": change(
      alarm,
      (properties) => {
        properties.okActions = properties.alarmActions;
      },
      named("NeedsReview"),
    ),
  },
  "alarms and budgets may page": { "the topic's policy": without("sns/topicPolicy") },
  "what is alarmed about is counted": { "what an alarm counts": without(filter, named("NeedsReview")) },
  "lines are counted in logs that exist": { "a log": without("cloudwatch/logGroup", named("PublishEvents")) },
  "errors are counted in every function's log": { "a function": without(filter, named("ErrorsInLookUp")) },
  "crashes are counted in every function's log, as Lambda words them": {
    "a function": without(filter, named("CrashesInLookUp")),
    "a word of Lambda's": change(
      filter,
      (properties) => {
        properties.pattern = properties.pattern.replace('?"Status: error" ', "");
      },
      named("CrashesIn"),
    ),
    "the text": change(
      filter,
      (properties) => {
        properties.pattern = '{ $.level = "error" }';
      },
      named("CrashesIn"),
    ),
  },
  "refused credentials are counted where the flow logs in": {
    "its log": without(filter, named("CredentialsRejected")),
  },
  "silence about what is due is an alarm, too": {
    "its silence": change(
      alarm,
      (properties) => {
        properties.treatMissingData = "notBreaching";
      },
      named("FollowUpAge"),
    ),
  },
  "docs/operations.md says of every alarm what to do": {
    "its page": change(
      alarm,
      (properties) => {
        properties.name = "moneyback-production-nobody-wrote-of-it";
      },
      named("Throttles"),
    ),
  },
  "there is a dashboard": { "the dashboard": without("cloudwatch/dashboard") },
  "a budget says when it is nearly spent": { "the budget": without("budgets/budget") },
  "a budget counts this stage of this app, by a tag that all of it has": {
    "the app in its filter": set("budgets/budget", "costFilters", [
      { name: "TagKeyValue", values: ["user:stage$production"] },
    ]),
    "the tag": (graph) => ({ ...graph, app: { ...graph.app, providers: { aws: { defaultTags: { tags: {} } } } } }),
  },
  "production that pages nobody says so": { "its word": (graph) => ({ ...graph, printed: {} }) },
};
