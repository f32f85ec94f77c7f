/** One life of the worker thread that runs the functions: from its start to its exit, with the calls it owes an answer. */
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import type { FunctionErrorPayload } from "./function-error.ts";
import type { HostMessage, InvokeMessage, WorkerMessage, WorkerSettings } from "./lambda-protocol.ts";

/** A thread that is merely busy answers sooner than this. */
const pongMsMax = 2_000;

export interface ThreadOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly onLog: (line: string) => void;
  readonly settings: WorkerSettings;
  readonly onExit: () => void;
}

/** What becomes of one call. */
interface Call {
  readonly done: (resultText: string) => void;
  readonly failed: (error: FunctionErrorPayload) => void;
  readonly died: () => void;
}

export interface LambdaThread {
  /** Answers the call's id. */
  send(message: Omit<InvokeMessage, "kind" | "id">, call: Call): number;
  /** Nobody waits for this call any more. Ends the thread if the call holds it so that it answers nothing. */
  giveUp(id: number): void;
  terminate(): Promise<void>;
}

/** Resolves when every function is loaded; rejects with one line naming the function that cannot be. */
export async function startThread({ env, onLog, settings, onExit }: ThreadOptions): Promise<LambdaThread> {
  const worker = new Worker(new URL("./lambda-worker.ts", import.meta.url), {
    env,
    workerData: settings,
    stdout: true,
    stderr: true,
    // Flags of whoever started this process (a test runner, a debugger) are not the functions' business.
    execArgv: [],
  });
  const calls = new Map<number, Call>();
  const ready = Promise.withResolvers<void>();
  let lastId = 0;
  let stuck: NodeJS.Timeout | undefined;

  for (const stream of [worker.stdout, worker.stderr]) createInterface({ input: stream }).on("line", onLog);

  worker.on("message", (message: WorkerMessage) => {
    switch (message.kind) {
      case "ready":
        return ready.resolve();
      case "pong":
        clearTimeout(stuck);
        stuck = undefined;
        return;
      case "broken":
        return ready.reject(new Error(cannotLoad(message.functionName, message.error)));
      case "result":
        return take(message.id)?.done(message.resultText);
      case "error":
        return take(message.id)?.failed(message.error);
    }
  });
  worker.on("error", (error) => {
    onLog(`The functions' thread died: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  });
  worker.on("exit", () => {
    clearTimeout(stuck);
    onExit();
    ready.reject(new Error("The functions' thread ended before it was ready."));
    for (const call of calls.values()) call.died();
    calls.clear();
  });

  function take(id: number): Call | undefined {
    const call = calls.get(id);
    calls.delete(id);
    return call;
  }

  async function terminate(): Promise<void> {
    await worker.terminate();
  }

  try {
    await ready.promise;
  } catch (error) {
    await terminate();
    throw error;
  }
  return {
    send(message, call) {
      lastId += 1;
      calls.set(lastId, call);
      worker.postMessage({ kind: "invoke", id: lastId, ...message } satisfies HostMessage);
      return lastId;
    },
    giveUp(id) {
      calls.delete(id);
      if (stuck) return;
      worker.postMessage({ kind: "ping" } satisfies HostMessage);
      stuck = setTimeout(() => void terminate(), pongMsMax);
    },
    terminate,
  };
}

function cannotLoad(functionName: string, { errorType, errorMessage }: FunctionErrorPayload): string {
  return `The function ${functionName} cannot be loaded: ${errorType}: ${errorMessage.replace(/\s+/g, " ")}`;
}
