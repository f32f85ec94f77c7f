/** The dead-letter queues: what a schedule, a stream or a rule on the bus could not get done ends there, and is kept for two weeks. */
import { eventRules } from "../functions/triggers.ts";
import { ownQueue } from "./function-names.ts";
import { componentName, physicalName } from "./names.ts";

export type Queues = ReadonlyMap<string, aws.sqs.Queue>;

/** By the names that the table of event rules uses. */
export function createQueues(): Queues {
  const names = new Set([ownQueue, ...eventRules.map(({ deadLetterQueue }) => deadLetterQueue)]);
  return new Map([...names].map((name) => [name, createQueue(name)]));
}

function createQueue(name: string): aws.sqs.Queue {
  // The local run has one stage and names them without it.
  const short = name.replace(/^moneyback-/, "");
  const queue = new aws.sqs.Queue(componentName(short), {
    name: physicalName(short),
    messageRetentionSeconds: 14 * 86_400,
    sqsManagedSseEnabled: true,
    visibilityTimeoutSeconds: 60,
    // Somebody who takes messages out and fails gets them back; nothing is parked a second time.
    redriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }),
  });
  const account = aws.getCallerIdentityOutput().accountId;
  new aws.sqs.QueuePolicy(`${componentName(short)}Policy`, {
    queueUrl: queue.url,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          sid: "TheBusMayPutAside",
          actions: ["sqs:SendMessage"],
          resources: [queue.arn],
          principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
          conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [account] }],
        },
        {
          sid: "NothingInClear",
          effect: "Deny",
          actions: ["sqs:SendMessage", "sqs:ReceiveMessage"],
          resources: [queue.arn],
          principals: [{ type: "AWS", identifiers: ["*"] }],
          conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
        },
      ],
    }).json,
  });
  return queue;
}
