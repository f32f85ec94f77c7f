/** The thread that runs the Lambda functions, with an environment of its own. Started by `lambda-host.ts`. */
import { flushCompileCache } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { Context } from "aws-lambda";
import { accountId, functionArn, region } from "./arns.ts";
import { keepCompiled } from "./compile-cache.ts";
import type { FunctionErrorPayload } from "./function-error.ts";
import type { HostMessage, InvokeMessage, WorkerMessage, WorkerSettings } from "./lambda-protocol.ts";

type Handler = (event: unknown, context: Context) => unknown;

const { functionsUrl, functions } = workerData as WorkerSettings;

keepCompiled();

const handlers = new Map<string, Promise<Handler>>();

function tell(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

function handlerOf(functionName: string): Promise<Handler> {
  const loading = handlers.get(functionName) ?? load(functionName);
  handlers.set(functionName, loading);
  return loading;
}

async function load(functionName: string): Promise<Handler> {
  const file = new URL(`${functionName}.ts`, functionsUrl);
  const { handler } = (await import(file.href)) as { handler?: unknown };
  if (typeof handler !== "function")
    throw new TypeError(`functions/${functionName}.ts exports no function \`handler\`.`);
  return handler as Handler;
}

async function invoke({ id, functionName, eventText, requestId, deadlineMs }: InvokeMessage): Promise<void> {
  try {
    const handler = await handlerOf(functionName);
    const result = await handler(JSON.parse(eventText), contextOf({ functionName, requestId, deadlineMs }));
    // Lambda answers a handler that returns nothing with JSON null.
    tell({ kind: "result", id, resultText: JSON.stringify(result) ?? "null" });
  } catch (error) {
    tell({ kind: "error", id, error: functionError(error) });
  }
}

/** As Lambda's Node.js runtime reports what a handler threw. */
function functionError(error: unknown): FunctionErrorPayload {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split("\n") ?? [] };
}

function contextOf({
  functionName,
  requestId,
  deadlineMs,
}: Pick<InvokeMessage, "functionName" | "requestId" | "deadlineMs">): Context {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: functionArn(functionName),
    memoryLimitInMB: "512",
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: `${region}/${accountId}/[$LATEST]local`,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
    // The three below are Lambda's callbacks of old, which an async handler never calls.
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}

async function start(): Promise<void> {
  for (const functionName of functions) {
    try {
      await handlerOf(functionName);
    } catch (error) {
      tell({ kind: "broken", functionName, error: functionError(error) });
      return;
    }
  }
  // A thread that is terminated writes nothing.
  flushCompileCache();
  parentPort?.on("message", (message: HostMessage) => {
    if (message.kind === "ping") tell({ kind: "pong" });
    else void invoke(message);
  });
  tell({ kind: "ready" });
}

await start();
