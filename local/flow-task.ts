/** A Task state's outcome as Step Functions sees it: a Lambda error becomes an error that Retry and Catch match by name. */
import { FunctionError } from "./function-error.ts";

/** Step Functions' limit for the data between two states. */
const stateDataBytesMax = 262_144;

/** Retry and Catch compare `name`; Catch hands `message` on as `Cause`. */
export class TaskError extends Error {
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;

  constructor(name: string, cause: string, { terminal = false } = {}) {
    super(cause);
    this.name = name;
    this.isRetryable = !terminal;
    this.isCatchable = !terminal;
  }
}

/** The function's result, or a `TaskError` whose cause is the JSON text that Step Functions makes of a Lambda error. */
export async function taskResult(invocation: Promise<unknown>): Promise<unknown> {
  let result: unknown;
  try {
    result = await invocation;
  } catch (error) {
    if (error instanceof FunctionError) throw new TaskError(error.errorType, JSON.stringify(error.payload));
    throw new TaskError("Lambda.Unknown", String(error));
  }
  if (Buffer.byteLength(JSON.stringify(result) ?? "") > stateDataBytesMax) {
    // On AWS no Retry and no Catch matches this one, not even States.ALL.
    throw new TaskError("States.DataLimitExceeded", "The task returned a result with a size exceeding the limit.", {
      terminal: true,
    });
  }
  return result ?? null;
}
