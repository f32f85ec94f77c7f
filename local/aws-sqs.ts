/** SQS on the local AWS endpoint: the queues there are, read and written as on AWS. */
import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { accountId } from "./arns.ts";
import { AwsError, type AwsOperations, requiredText } from "./aws-operations.ts";
import type { Queue } from "./queue.ts";

/** What a new queue has on AWS. */
const usualHiddenSeconds = 30;

/** SQS's limits. */
const receiveMax = 10;
const hiddenSecondsMax = 43_200;
const waitSecondsMax = 20;
const bodyBytesMax = 1_048_576;

/** How often a receiver that waits looks again. */
const lookMs = 50;

export interface SqsOptions {
  /** By name. */
  readonly queues: ReadonlyMap<string, Queue>;
  /** The endpoint's own address, which is known once it runs. */
  readonly endpointUrl: () => string;
}

export function sqsOperations({ queues, endpointUrl }: SqsOptions): AwsOperations {
  function queueNamed(name: string): Queue {
    const queue = queues.get(name);
    if (queue) return queue;
    const message = `The specified queue does not exist. There is ${[...queues.keys()].join(", ") || "none"}.`;
    throw new AwsError("com.amazonaws.sqs#QueueDoesNotExist", message);
  }

  /** Only the last part of the URL counts: a client may have come by another name of this machine. */
  const queueOf = (input: Record<string, unknown>) =>
    queueNamed(requiredText(input, "QueueUrl").split("/").at(-1) ?? "");

  return {
    "AmazonSQS.GetQueueUrl": (input) => {
      const name = requiredText(input, "QueueName");
      queueNamed(name);
      return { QueueUrl: `${endpointUrl()}/${accountId}/${name}` };
    },

    "AmazonSQS.SendMessage": (input) => {
      const body = requiredText(input, "MessageBody");
      const bytes = Buffer.byteLength(body);
      if (bytes < 1 || bytes > bodyBytesMax) {
        throw new AwsError(
          "InvalidParameterValue",
          `One or more parameters are invalid: MessageBody has ${bytes} bytes.`,
        );
      }
      const { id } = queueOf(input).send(body);
      return { MessageId: id, MD5OfMessageBody: md5(body) };
    },

    "AmazonSQS.ReceiveMessage": async (input) => {
      const queue = queueOf(input);
      const count = wholeNumber(input, "MaxNumberOfMessages", { usual: 1, min: 1, max: receiveMax });
      const hiddenSeconds = wholeNumber(input, "VisibilityTimeout", {
        usual: usualHiddenSeconds,
        min: 0,
        max: hiddenSecondsMax,
      });
      const waitSeconds = wholeNumber(input, "WaitTimeSeconds", { usual: 0, min: 0, max: waitSecondsMax });
      const until = performance.now() + waitSeconds * 1000;
      let received = queue.receive({ count, hiddenMs: hiddenSeconds * 1000 });
      while (received.length === 0 && performance.now() < until) {
        await setTimeout(lookMs);
        received = queue.receive({ count, hiddenMs: hiddenSeconds * 1000 });
      }
      // As on AWS, where there is nothing the member is not there.
      if (received.length === 0) return {};
      return {
        Messages: received.map(({ id, body, receipt, receiveCount, sentAtMs }) => ({
          MessageId: id,
          ReceiptHandle: receipt,
          Body: body,
          MD5OfBody: md5(body),
          Attributes: { ApproximateReceiveCount: String(receiveCount), SentTimestamp: String(sentAtMs) },
        })),
      };
    },

    "AmazonSQS.DeleteMessage": (input) => {
      // Deleting again what is gone is no error.
      queueOf(input).delete(requiredText(input, "ReceiptHandle"));
      return {};
    },
  };
}

interface Range {
  readonly usual: number;
  readonly min: number;
  readonly max: number;
}

function wholeNumber(input: Record<string, unknown>, name: string, { usual, min, max }: Range): number {
  const value = input[name] ?? usual;
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  const message = `Value ${JSON.stringify(value)} for parameter ${name} is invalid. Reason: Must be between ${min} and ${max}, if provided.`;
  throw new AwsError("InvalidParameterValue", message);
}

/** The SDK checks it. */
function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
