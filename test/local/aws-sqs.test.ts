/** SQS on the local AWS endpoint, in the JSON that the SDK and the AWS CLI speak. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AwsEndpoint, startAwsEndpoint } from "../../local/aws-endpoint.ts";
import { sqsOperations } from "../../local/aws-sqs.ts";
import { createQueue, type Queue } from "../../local/queue.ts";

let endpoint: AwsEndpoint;
let queue: Queue;
let QueueUrl: string;

beforeEach(async () => {
  queue = createQueue();
  const queues = new Map([["letters", queue]]);
  endpoint = await startAwsEndpoint({
    port: 0,
    operations: sqsOperations({ queues, endpointUrl: () => endpoint.url }),
  });
  QueueUrl = `${endpoint.url}/000000000000/letters`;
});
afterEach(() => endpoint.close());

/** The SDK sends to the queue's own URL, the CLI to the endpoint's. */
async function call(operation: string, input: object, url = QueueUrl) {
  const headers = { "x-amz-target": `AmazonSQS.${operation}`, "content-type": "application/x-amz-json-1.0" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(input) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

describe("a queue", () => {
  test("is found by its name", async () => {
    const { body } = await call("GetQueueUrl", { QueueName: "letters" }, endpoint.url);
    expect(body).toEqual({ QueueUrl });
  });

  test.each([
    ["GetQueueUrl", { QueueName: "other" }],
    ["ReceiveMessage", { QueueUrl: "http://127.0.0.1/000000000000/other" }],
  ])("of another name is not there: %s says which is", async (operation, input) => {
    const { status, body } = await call(operation, input);
    expect(status).toBe(400);
    expect(body).toEqual({
      __type: "com.amazonaws.sqs#QueueDoesNotExist",
      message: "The specified queue does not exist. There is letters.",
    });
  });
});

describe("a message", () => {
  test("is sent, received with its digest, hidden meanwhile, and deleted", async () => {
    const sent = await call("SendMessage", { QueueUrl, MessageBody: "größe" });
    expect(sent.body).toEqual({ MessageId: expect.any(String), MD5OfMessageBody: md5("größe") });
    const { body } = await call("ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 10 });
    expect(body).toEqual({
      Messages: [
        {
          MessageId: sent.body["MessageId"],
          ReceiptHandle: expect.any(String),
          Body: "größe",
          MD5OfBody: md5("größe"),
          Attributes: { ApproximateReceiveCount: "1", SentTimestamp: expect.stringMatching(/^\d{13}$/) },
        },
      ],
    });
    expect((await call("ReceiveMessage", { QueueUrl })).body).toEqual({});
    const [{ ReceiptHandle }] = body["Messages"] as [{ ReceiptHandle: string }];
    for (let time = 0; time < 2; time += 1) {
      expect(await call("DeleteMessage", { QueueUrl, ReceiptHandle })).toEqual({ status: 200, body: {} });
    }
    expect(queue.depth()).toBe(0);
  });

  test("that comes while somebody waits is received at once", async () => {
    const waiting = call("ReceiveMessage", { QueueUrl, WaitTimeSeconds: 20 });
    await call("SendMessage", { QueueUrl, MessageBody: "one" });
    expect((await waiting).body).toMatchObject({ Messages: [{ Body: "one" }] });
  });
});

test.each([
  ["ReceiveMessage", { MaxNumberOfMessages: 11 }],
  ["ReceiveMessage", { MaxNumberOfMessages: 0 }],
  ["ReceiveMessage", { VisibilityTimeout: -1 }],
  ["ReceiveMessage", { WaitTimeSeconds: "1" }],
  ["SendMessage", { MessageBody: "" }],
  ["SendMessage", { MessageBody: "x".repeat(1_048_577) }],
])("%s with %o is refused", async (operation, input) => {
  const { status, body } = await call(operation, { QueueUrl, ...input });
  expect([status, body["__type"]]).toEqual([400, "InvalidParameterValue"]);
});
