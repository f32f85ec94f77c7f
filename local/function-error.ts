/** What a failed invocation looks like from outside: AWS Lambda's function error. */

/** The payload that Lambda answers with when a function fails. */
export interface FunctionErrorPayload {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[] | undefined;
}

/** A function failed, timed out or died. `errorType` is the thrown error's name, or one of Lambda's own. */
export class FunctionError extends Error {
  override readonly name = "FunctionError";
  readonly functionName: string;
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[] | undefined;

  constructor(functionName: string, { errorType, errorMessage, trace }: FunctionErrorPayload) {
    super(`${functionName} failed with ${errorType}: ${errorMessage}`);
    this.functionName = functionName;
    this.errorType = errorType;
    this.errorMessage = errorMessage;
    this.trace = trace;
  }

  get payload(): FunctionErrorPayload {
    const { errorType, errorMessage, trace } = this;
    return { errorType, errorMessage, ...(trace && { trace }) };
  }
}

/** Lambda's name for a function that ran longer than it may. */
export const timedOut = "Sandbox.Timedout";

/** Lambda's name for a function whose process died. */
export const exited = "Runtime.ExitError";

/** Lambda's name for an event above 6 MB. */
export const requestTooLarge = "RequestTooLargeException";
