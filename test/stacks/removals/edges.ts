/** What is taken from streams, schedules, the bus and the queues. */
import { all } from "../graph.ts";
import { change, named, policy, type Removals, set, without } from "./removal.ts";

const mapping = "lambda/eventSourceMapping";
const config = "lambda/functionEventInvokeConfig";

export const edgeRemovals: Removals = {
  "every stream of the table starts its function": { "a reader": without(mapping, named("RecordWebhooks")) },
  "no stream has more than two readers": {
    "the limit": (graph) => ({ ...graph, resources: [...graph.resources, ...all(graph, mapping)] }),
  },
  "a batch that fails is halved, tried for six hours, and put aside": {
    "the patience": set(mapping, "maximumRetryAttempts", 50),
    "the end of patience": set(mapping, "maximumRecordAgeInSeconds", -1),
    "the dead-letter queue": set(mapping, "destinationConfig"),
    "the halving": set(mapping, "bisectBatchOnFunctionError", false),
  },
  "every schedule of the table runs, in UTC": {
    "a schedule": without("scheduler/schedule", ({ properties }) => properties.name.endsWith("follow-up")),
  },
  "a schedule that cannot start its function is put aside": {
    "the dead-letter queue": set("scheduler/schedule", "target.deadLetterConfig"),
  },
  "every rule of the table listens on the bus": { "a rule": without("cloudwatch/eventRule", named("Requests")) },
  "every rule starts its function, and may": {
    "a target": without("cloudwatch/eventTarget", named("Requests")),
    "the bus's leave": without("lambda/permission", named("RequestsPermission")),
  },
  "an event that the bus cannot hand over is put aside": {
    "the dead-letter queue": set("cloudwatch/eventTarget", "deadLetterConfig"),
  },
  "what nobody waits for is put aside when it fails": {
    "the dead-letter queue": set(config, "destinationConfig"),
  },
  "an event is tried as often as its rule says": {
    "a second try": change(
      config,
      (properties) => {
        properties.maximumRetryAttempts = 0;
      },
      named("AcceptEvent"),
    ),
  },
  "who puts aside may write to the queue": {
    "the leave": policy("publish-events", "sqs:SendMessage", "sqs:GetQueueUrl"),
  },
  "the bus may write to the queues, which nobody reads in clear": { "the policy": without("sqs/queuePolicy") },
  "queues are encrypted and keep what they have for two weeks": {
    encryption: set("sqs/queue", "sqsManagedSseEnabled", false),
    "a week": set("sqs/queue", "messageRetentionSeconds", 604_800),
  },
  "the bus remembers a month of events, to be played again": { "the archive": without("cloudwatch/eventArchive") },
};
