/** The whole stack on one machine: starts every part in order, wires them, and stops them in reverse. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { eventRules, schedules } from "../functions/triggers.ts";
import { startSandbox } from "../sandbox/server.ts";
import { type AwsEndpoint, startAwsEndpoint } from "./aws-endpoint.ts";
import { eventBridgeOperations } from "./aws-eventbridge.ts";
import { secretsManagerOperations } from "./aws-secrets.ts";
import { sqsOperations } from "./aws-sqs.ts";
import { stepFunctionsOperations } from "./aws-step-functions.ts";
import { busPages } from "./bus-page.ts";
import { type Clock, startClock } from "./clock.ts";
import { connectionIdsOf, localConnections, namesConnections } from "./connections.ts";
import { claimDataDir } from "./data-dir.ts";
import type { DynamoDbOptions } from "./dynamodb.ts";
import { createEventBus, type EventBus } from "./event-bus.ts";
import type { Rule } from "./event-rule.ts";
import { createFlowRunner, type Execution, type FlowRunner } from "./flow-runner.ts";
import { startHttpGateway } from "./http-gateway.ts";
import { lambdaEnvironment } from "./lambda-environment.ts";
import { type InvokeOptions, type LambdaHost, startLambdaHost } from "./lambda-host.ts";
import { explainListenError } from "./listen.ts";
import type { Queue } from "./queue.ts";
import { fileJournal } from "./queue-journal.ts";
import { openQueues } from "./queues.ts";
import { startSeededDynamoDb } from "./seeded-dynamodb.ts";
import type { StreamReader } from "./stream.ts";
import { startStreamTriggers } from "./stream-triggers.ts";

/** The API key of every local run. */
export const localApiKey = "mbk_local";

/** Schedules by the minute come this often, so that a person can watch. */
const watchedScheduleMs = 5_000;

const definitionUrl = new URL("../lib/flow/definition.asl.json", import.meta.url);

export interface StackOptions {
  /** Each port: 0 takes any free one. */
  readonly port?: number;
  readonly sandboxPort?: number;
  readonly awsPort?: number;
  /** Keeps all data in this folder, which is made if need be; until it stops otherwise. */
  readonly dataDir?: string | undefined;
  /** A DynamoDB that already runs; an embedded one otherwise. */
  readonly dynamoDbEndpoint?: string | undefined;
  readonly emulator?: DynamoDbOptions["emulator"];
  /** The connections as JSON text; the sandbox's own otherwise. */
  readonly connections?: string | undefined;
  /** False: the sandbox is not told to send webhooks here. It never is where the connections are not its own. */
  readonly webhooks?: boolean;
  /** False: schedules fire only when told to. */
  readonly clock?: boolean;
  /** Rules of the bus beside the table's. */
  readonly rules?: readonly Rule[];
  /** Added to the Lambdas' environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each line that a Lambda prints, and with what goes wrong around them. */
  readonly onLog?: (line: string) => void;
  /** Where the functions lie, for tests. */
  readonly functionsUrl?: URL;
}

export interface Stack {
  readonly apiUrl: string;
  readonly sandboxUrl: string;
  readonly awsUrl: string;
  readonly dynamoDbEndpoint: string;
  readonly dynamoDbKind: string;
  readonly connectionIds: readonly string[];
  readonly host: LambdaHost;
  readonly flow: FlowRunner;
  readonly bus: EventBus;
  /** By name: what the bus gave up. */
  readonly queues: ReadonlyMap<string, Queue>;
  readonly clock: Clock;
  readonly streams: readonly StreamReader[];
  readonly sandbox: Awaited<ReturnType<typeof startSandbox>>;
  stop(): Promise<void>;
}

/** Throws one clear line; what was started until then has been stopped again. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  await using starting = new AsyncDisposableStack();
  const stack = await start(options, starting);
  // Nothing failed, so leaving this function must not stop the parts.
  const started = starting.move();
  return { ...stack, stop: () => started.disposeAsync() };
}

async function start(options: StackOptions, parts: AsyncDisposableStack): Promise<Omit<Stack, "stop">> {
  const { port = 4000, sandboxPort = 4010, awsPort = 4020, dataDir, onLog = () => {} } = options;
  if (dataDir !== undefined) parts.defer(await claimDataDir(dataDir));
  // Checked before anything is started: the sandbox's own connections do not matter for it.
  localConnections({ sandbox: [], text: options.connections });

  const sandbox = await openSandbox(sandboxPort, dataDir, parts);
  const { emulator, dynamoDbEndpoint } = options;
  const dynamoDb = await startSeededDynamoDb({ dataDir, emulator, endpoint: dynamoDbEndpoint }, localApiKey);
  parts.defer(() => dynamoDb.stop());
  const connections = localConnections({ sandbox: sandbox.connections, text: options.connections });

  // The Lambdas call the AWS endpoint, and what stands behind that endpoint calls the Lambdas.
  const hostReady = Promise.withResolvers<LambdaHost>();
  hostReady.promise.catch(() => {});
  const invoke = async (functionName: string, event: unknown, options?: InvokeOptions) =>
    (await hostReady.promise).invoke(functionName, event, options);
  const definitionText = await readFile(definitionUrl, "utf8");
  const flow = createFlowRunner({ invoke, definitionText, onEnd: (execution) => onLog(flowLine(execution)) });
  const queues = openQueues(dataDir);
  const bus = createEventBus({
    rules: [...eventRules, ...(options.rules ?? [])],
    invoke,
    giveUpTo: (queue, record) => queues.get(queue)?.send(JSON.stringify(record)),
    journal: dataDir === undefined ? undefined : fileJournal(join(dataDir, "bus-deliveries.jsonl")),
  });

  const aws: AwsEndpoint = await startAwsEndpoint({
    port: awsPort,
    operations: {
      ...stepFunctionsOperations(flow),
      ...eventBridgeOperations(bus),
      ...secretsManagerOperations(() => connections),
      ...sqsOperations({ queues, endpointUrl: () => aws.url }),
    },
    pages: busPages(bus),
  });
  parts.defer(() => aws.close());
  const host = await startLambdaHost({
    env: lambdaEnvironment({ dynamoDbEndpoint: dynamoDb.endpoint, awsUrl: aws.url, extra: options.env }),
    onLog,
    ...(options.functionsUrl && { functionsUrl: options.functionsUrl }),
  });
  parts.defer(() => host.stop());
  hostReady.resolve(host);
  parts.defer(() => bus.stop());
  parts.defer(() => flow.stop());

  const gateway = await startHttpGateway({ port, host });
  parts.defer(() => gateway.close());
  if (options.webhooks !== false && !namesConnections(options.connections)) {
    sandbox.sendWebhooks((connectionId) => `${gateway.url}/v1/webhooks/${connectionId}`);
  }
  const readers = await startStreamTriggers({
    endpoint: dynamoDb.endpoint,
    isExternal: dynamoDbEndpoint !== undefined,
    dataDir,
    invoke,
    queues,
    onLog,
    parts,
  });
  const clock = startClock({
    schedules,
    invoke,
    ticking: options.clock !== false,
    everyMs: watchedScheduleMs,
    onError: (name, error) => onLog(`schedule ${name}: ${String(error)}`),
  });
  parts.defer(() => clock.stop());
  return {
    apiUrl: gateway.url,
    sandboxUrl: sandbox.url,
    awsUrl: aws.url,
    dynamoDbEndpoint: dynamoDb.endpoint,
    dynamoDbKind: dynamoDb.kind,
    connectionIds: connectionIdsOf(connections),
    host,
    flow,
    bus,
    queues,
    clock,
    streams: readers,
    sandbox,
  };
}

async function openSandbox(port: number, dataDir: string | undefined, parts: AsyncDisposableStack) {
  const sandbox = await startSandbox({ port, ...(dataDir !== undefined && { dataDir }) }).catch((error: unknown) => {
    throw explainListenError(error, { port, what: "the sandbox", variable: "SANDBOX_PORT" });
  });
  parts.defer(() => sandbox.close());
  return sandbox;
}

/** One line in the form of the Lambdas' own log. */
function flowLine({ name, status, states, error }: Execution): string {
  const level = status === "SUCCEEDED" ? "info" : "warn";
  const errorName = error && { errorName: error.name };
  return JSON.stringify({ at: new Date().toISOString(), level, event: "flow", name, status, states, ...errorName });
}
