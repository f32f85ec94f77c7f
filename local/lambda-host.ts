/** Runs the Lambda functions: one worker thread, an environment of its own, and Lambda's way of timing out, failing and dying. */
import { randomUUID } from "node:crypto";
import { exited, FunctionError, requestTooLarge, timedOut } from "./function-error.ts";
import { functionNames } from "./function-names.ts";
import type { WorkerSettings } from "./lambda-protocol.ts";
import { type LambdaThread, startThread } from "./lambda-thread.ts";

/** Lambda's limit for an event and for a result of a synchronous invocation. */
const payloadBytesMax = 6 * 1024 * 1024;

const defaultTimeoutMs = 30_000;

export interface LambdaHostOptions {
  /** The whole environment of the functions: nothing of this process's environment reaches them. */
  readonly env: Readonly<Record<string, string>>;
  /** Called with each line that a function prints. */
  readonly onLog: (line: string) => void;
  readonly functionsUrl?: URL;
  /** The functions to load at the start, so that a broken one shows at once. */
  readonly functions?: readonly string[];
}

export interface InvokeOptions {
  readonly timeoutMs?: number;
  readonly requestId?: string;
}

export interface LambdaHost {
  /** The function's result as JSON would carry it. Rejects with a `FunctionError` when it throws, is too slow or dies. */
  invoke(functionName: string, event: unknown, options?: InvokeOptions): Promise<unknown>;
  /** How often each function has been invoked. */
  invocations(): Record<string, number>;
  /** Ends the thread as a crash does: what is under way fails with `Runtime.ExitError`; the next invocation starts a fresh one. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** Rejects where a function cannot be loaded. */
export async function startLambdaHost({
  env,
  onLog,
  functionsUrl = new URL("../functions/", import.meta.url),
  functions = functionNames,
}: LambdaHostOptions): Promise<LambdaHost> {
  const settings: WorkerSettings = { functionsUrl: functionsUrl.href, functions };
  const counts = new Map<string, number>();
  let stopped = false;
  let thread: Promise<LambdaThread> | undefined;

  function forgetThread(): void {
    thread = undefined;
  }

  function aliveThread(): Promise<LambdaThread> {
    thread ??= startThread({ env, onLog, settings, onExit: forgetThread });
    return thread;
  }

  async function terminate(): Promise<void> {
    // A thread that is only just starting is waited for; one that failed to start has ended already.
    const alive = await thread?.catch(() => undefined);
    await alive?.terminate();
  }

  await aliveThread();

  return {
    async invoke(functionName, event, { timeoutMs = defaultTimeoutMs, requestId = randomUUID() } = {}) {
      if (stopped) throw died(functionName, requestId, "the local run has stopped");
      counts.set(functionName, (counts.get(functionName) ?? 0) + 1);
      const eventText = JSON.stringify(event ?? null);
      assertFits(functionName, eventText, {
        errorType: requestTooLarge,
        errorMessage: `Request must be smaller than ${payloadBytesMax} bytes for the InvokeFunction operation`,
      });
      const alive = await aliveThread().catch((error: unknown) => {
        forgetThread();
        throw died(functionName, requestId, String(error));
      });
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const id = alive.send(
        { functionName, eventText, requestId, deadlineMs: Date.now() + timeoutMs },
        {
          done: resolve,
          failed: (error) => reject(new FunctionError(functionName, error)),
          died: () => reject(died(functionName, requestId, "Runtime exited without providing a reason")),
        },
      );
      // Lambda freezes what has run out of time. A thread cannot freeze one call, so its result is dropped when it comes.
      const timer = setTimeout(() => {
        alive.giveUp(id);
        const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
        reject(new FunctionError(functionName, { errorType: timedOut, errorMessage }));
      }, timeoutMs);
      try {
        const resultText = await promise;
        assertFits(functionName, resultText, {
          errorType: "Function.ResponseSizeTooLarge",
          errorMessage: `Response payload size exceeded maximum allowed payload size (${payloadBytesMax} bytes).`,
        });
        return JSON.parse(resultText) as unknown;
      } finally {
        clearTimeout(timer);
      }
    },

    invocations: () => Object.fromEntries(counts),

    crash: terminate,

    async stop() {
      stopped = true;
      await terminate();
    },
  };
}

function died(functionName: string, requestId: string, reason: string): FunctionError {
  return new FunctionError(functionName, {
    errorType: exited,
    errorMessage: `RequestId: ${requestId} Error: ${reason}`,
  });
}

function assertFits(functionName: string, text: string, error: { errorType: string; errorMessage: string }): void {
  // Four bytes is the most that UTF-8 needs, so counting bytes is only needed near the limit.
  if (text.length * 4 <= payloadBytesMax) return;
  if (Buffer.byteLength(text) > payloadBytesMax) throw new FunctionError(functionName, error);
}
