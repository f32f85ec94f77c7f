/** The local AWS endpoint, called by the AWS SDK's own clients. */
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import {
  DescribeExecutionCommand,
  InvalidExecutionInput,
  InvalidName,
  SFNClient,
  StartExecutionCommand,
  StateMachineDoesNotExist,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { busArn, flowArn } from "../../local/arns.ts";
import { type AwsEndpoint, startAwsEndpoint } from "../../local/aws-endpoint.ts";
import { eventBridgeOperations } from "../../local/aws-eventbridge.ts";
import { secretsManagerOperations } from "../../local/aws-secrets.ts";
import { stepFunctionsOperations } from "../../local/aws-step-functions.ts";
import { busPages } from "../../local/bus-page.ts";
import { createEventBus, type EventBus } from "../../local/event-bus.ts";
import { createFlowRunner, type FlowRunner } from "../../local/flow-runner.ts";

let endpoint: AwsEndpoint;
let flow: FlowRunner;
let bus: EventBus;
let secret: string;

beforeEach(async () => {
  flow = createFlowRunner({
    definitionText: JSON.stringify({ StartAt: "Done", States: { Done: { Type: "Succeed" } } }),
    taskFunctions: {},
    invoke: async () => null,
  });
  bus = createEventBus({ invoke: async () => null });
  secret = '[{"id":"one"}]';
  endpoint = await startAwsEndpoint({
    port: 0,
    operations: {
      ...stepFunctionsOperations(flow),
      ...eventBridgeOperations(bus),
      ...secretsManagerOperations(() => secret),
    },
    pages: busPages(bus),
  });
});
afterEach(() => endpoint.close());

const settings = () => ({
  endpoint: endpoint.url,
  region: "us-east-1",
  credentials: { accessKeyId: "any", secretAccessKey: "thing" },
  maxAttempts: 1,
});

describe("Step Functions", () => {
  const start = (input: Partial<ConstructorParameters<typeof StartExecutionCommand>[0]>) =>
    new SFNClient(settings()).send(new StartExecutionCommand({ stateMachineArn: flowArn, ...input }));

  test("starts an execution", async () => {
    const { executionArn, startDate } = await start({ name: "txn_1", input: '{"transactionId":"txn_1"}' });
    expect(executionArn).toContain(":express:moneyback-local-flow:txn_1:");
    expect(Math.abs(Date.now() - (startDate?.getTime() ?? 0))).toBeLessThan(5_000);
    await flow.idle();
    expect(flow.executions()).toMatchObject([{ executionArn, name: "txn_1", status: "SUCCEEDED" }]);
  });

  test("refuses what AWS refuses, with the SDK's own errors", async () => {
    await expect(start({ input: "{" })).rejects.toBeInstanceOf(InvalidExecutionInput);
    await expect(start({ name: "a b" })).rejects.toBeInstanceOf(InvalidName);
    await expect(start({ input: JSON.stringify("x".repeat(262_144)) })).rejects.toMatchObject({
      name: "ValidationException",
    });
    const other = start({ stateMachineArn: `${flowArn}x` });
    await expect(other).rejects.toBeInstanceOf(StateMachineDoesNotExist);
    await expect(other).rejects.toThrow(flowArn);
  });

  test("says what is served when asked for something else", async () => {
    const describing = new SFNClient(settings()).send(new DescribeExecutionCommand({ executionArn: "arn:x" }));
    await expect(describing).rejects.toMatchObject({
      name: "UnknownOperationException",
      message:
        "AWSStepFunctions.DescribeExecution is not served here. Served are AWSStepFunctions.StartExecution, AWSEvents.PutEvents, secretsmanager.GetSecretValue.",
    });
  });
});

describe("EventBridge", () => {
  const entry = { EventBusName: "moneyback", Source: "s", DetailType: "d", Detail: '{"a":1}' };
  const put = (Entries: object[]) => new EventBridgeClient(settings()).send(new PutEventsCommand({ Entries }));

  test("takes events, by the bus's name or its ARN", async () => {
    const Time = new Date("2026-01-02T03:04:05Z");
    const result = await put([
      { ...entry, Time, Resources: ["arn:r"] },
      { ...entry, EventBusName: busArn },
    ]);
    expect(result).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }, {}] });
    expect(bus.recent()).toMatchObject([{ time: "2026-01-02T03:04:05Z", resources: ["arn:r"], detail: { a: 1 } }, {}]);
  });

  test("refuses a wrong entry by itself", async () => {
    expect(await put([{ ...entry, Detail: "{" }, entry])).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: "MalformedDetail" }, { EventId: expect.any(String) }],
    });
  });

  test.each([["other"], [undefined]])("refuses the bus %s, and takes nothing of that call", async (EventBusName) => {
    const refused = put([entry, { ...entry, EventBusName }]);
    await expect(refused).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: expect.stringContaining("moneyback"),
    });
    expect(bus.recent()).toEqual([]);
  });

  test("refuses no entries, eleven entries and too many bytes", async () => {
    const refusal = { name: "ValidationException" };
    await expect(put([])).rejects.toMatchObject(refusal);
    await expect(put(Array.from({ length: 11 }, () => entry))).rejects.toMatchObject(refusal);
    await expect(put([{ ...entry, Detail: JSON.stringify({ a: "x".repeat(262_144) }) }])).rejects.toMatchObject(
      refusal,
    );
  });
});

describe("the page of the bus", () => {
  const entry = (Source: string, DetailType: string, n: number) => ({
    Source,
    DetailType,
    Detail: JSON.stringify({ n }),
  });
  const page = async (query = "") => {
    const response = await fetch(`${endpoint.url}/_bus/events${query}`);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
    return ((await response.json()) as { events: { detail: { n: number } }[] }).events;
  };

  test("shows whole events, newest last", async () => {
    expect(await page()).toEqual([]);
    bus.put([entry("shop", "refund.requested", 1)]);
    bus.put([entry("moneyback", "moneyback.transaction.pending", 2)]);
    expect(await page()).toEqual(bus.recent());
    expect(await page()).toMatchObject([
      { source: "shop", "detail-type": "refund.requested", id: expect.any(String), detail: { n: 1 } },
      { source: "moneyback", detail: { n: 2 } },
    ]);
  });

  test.each([
    ["?source=moneyback", [2, 3]],
    ["?detail-type=b", [1, 3]],
    ["?detail-type=b&source=moneyback", [3]],
    ["?detail-type=a&detail-type=b", [1, 2, 3]],
    ["?source=a+b%26c", [4]],
    ["?source=nobody", []],
    ["?source=", []],
    ["?n=1", [1, 2, 3, 4]],
  ])("%s leaves what has exactly that", async (query, numbers) => {
    bus.put([entry("shop", "b", 1), entry("moneyback", "a", 2), entry("moneyback", "b", 3), entry("a b&c", "d", 4)]);
    expect((await page(query)).map(({ detail: { n } }) => n)).toEqual(numbers);
  });

  test("is for reading: a POST to it is an unknown operation, as another path is", async () => {
    const posted = await fetch(`${endpoint.url}/_bus/events`, { method: "POST", body: "{}" });
    const other = await fetch(`${endpoint.url}/_bus/toString`);
    expect([posted.status, other.status]).toEqual([400, 400]);
  });
});

describe("Secrets Manager", () => {
  const get = (SecretId: string) => new SecretsManagerClient(settings()).send(new GetSecretValueCommand({ SecretId }));

  test("serves the connections, by name and by ARN", async () => {
    const byName = await get("moneyback/connections");
    expect(byName).toMatchObject({
      Name: "moneyback/connections",
      SecretString: secret,
      VersionStages: ["AWSCURRENT"],
    });
    expect(await get(byName.ARN ?? "")).toMatchObject({ SecretString: secret, VersionId: byName.VersionId });
  });

  test("serves a changed text under another version", async () => {
    const before = await get("moneyback/connections");
    secret = "[]";
    const after = await get("moneyback/connections");
    expect(after.SecretString).toBe("[]");
    expect(after.VersionId).not.toBe(before.VersionId);
  });

  test("knows no other secret", async () => {
    await expect(get("moneyback/other")).rejects.toBeInstanceOf(ResourceNotFoundException);
  });
});

describe("the endpoint", () => {
  test.each([
    ["no JSON", "{", "SerializationException"],
    ["no object", "[]", "SerializationException"],
    ["a field of another type", '{"SecretId":1}', "SerializationException"],
    ["a field missing", "{}", "ValidationException"],
  ])("refuses a body with %s", async (_, body, type) => {
    const headers = { "x-amz-target": "secretsmanager.GetSecretValue", "content-type": "application/x-amz-json-1.1" };
    const response = await fetch(endpoint.url, { method: "POST", headers, body });
    expect([response.status, await response.json()]).toMatchObject([400, { __type: type }]);
    expect(response.headers.get("content-type")).toBe("application/x-amz-json-1.1");
  });

  test.each([
    ["GET", undefined],
    ["POST", "toString"],
  ])("answers a stray %s with what is served", async (method, target) => {
    const response = await fetch(endpoint.url, { method, ...(target && { headers: { "x-amz-target": target } }) });
    expect([response.status, await response.json()]).toMatchObject([400, { __type: "UnknownOperationException" }]);
  });

  test("names AWS_PORT when its port is taken", async () => {
    const port = Number(new URL(endpoint.url).port);
    await expect(startAwsEndpoint({ port, operations: {} })).rejects.toThrow(/^Port \d+ is in use.*AWS_PORT/);
  });
});
