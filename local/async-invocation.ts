/** Invokes a function as Lambda does for an event: again when it fails, and with a record for a queue when that is of no use. */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { functionArn } from "./arns.ts";
import { FunctionError } from "./function-error.ts";

/** Waits before the second and the third try. Lambda waits one and two minutes; a person watching does not. */
const retryDelaysMs = [100, 400];

/** What Lambda itself does where nothing is configured. */
const usualRetryAttempts = retryDelaysMs.length;

export interface AsyncTarget {
  readonly function: string;
  /** How often a failed invocation is made again; at most twice, as on AWS. */
  readonly retryAttempts?: number;
}

/** What Lambda sends to the destination of a function's failures, as far as it means something here. */
export interface FailureRecord {
  readonly version: "1.0";
  readonly timestamp: string;
  readonly requestContext: {
    readonly requestId: string;
    readonly functionArn: string;
    readonly condition: "RetriesExhausted";
    readonly approximateInvokeCount: number;
  };
  /** The event, whole. */
  readonly requestPayload: unknown;
  readonly responseContext: {
    readonly statusCode: 200;
    readonly executedVersion: "$LATEST";
    readonly functionError: "Unhandled";
  };
  readonly responsePayload: { readonly errorType: string; readonly errorMessage: string };
}

export interface Failure {
  readonly error: unknown;
  readonly record: FailureRecord;
}

export interface AsyncInvocation {
  readonly target: AsyncTarget;
  readonly event: unknown;
  readonly invoke: (functionName: string, event: unknown, options: { readonly requestId: string }) => Promise<unknown>;
  /** Ends the waiting: what failed until then has failed. */
  readonly giveUp: AbortSignal;
  readonly now: () => Date;
}

/** Undefined once the function has taken the event. All tries carry one request id, as on AWS. */
export async function invokeAsync({
  target,
  event,
  invoke,
  giveUp,
  now,
}: AsyncInvocation): Promise<Failure | undefined> {
  const requestId = randomUUID();
  const delaysMs = retryDelaysMs.slice(0, target.retryAttempts ?? usualRetryAttempts);
  for (let tries = 1; ; tries += 1) {
    try {
      await invoke(target.function, event, { requestId });
      return undefined;
    } catch (error) {
      const delayMs = delaysMs[tries - 1];
      if (delayMs === undefined || giveUp.aborted) {
        return { error, record: recordOf({ target, event, error, requestId, tries, at: now() }) };
      }
      await setTimeout(delayMs, undefined, { signal: giveUp }).catch(() => undefined);
    }
  }
}

interface FailedInvocation {
  readonly target: AsyncTarget;
  readonly event: unknown;
  readonly error: unknown;
  readonly requestId: string;
  readonly tries: number;
  readonly at: Date;
}

function recordOf({ target, event, error, requestId, tries, at }: FailedInvocation): FailureRecord {
  const { errorType, errorMessage } =
    error instanceof FunctionError ? error : { errorType: "Error", errorMessage: String(error) };
  return {
    version: "1.0",
    timestamp: at.toISOString(),
    requestContext: {
      requestId,
      functionArn: `${functionArn(target.function)}:$LATEST`,
      condition: "RetriesExhausted",
      approximateInvokeCount: tries,
    },
    requestPayload: event,
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    responsePayload: { errorType, errorMessage },
  };
}
