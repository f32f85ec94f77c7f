/** What may be thrown because something outside failed. Anything else that a function throws, and no caller may see, is a bug. */
import { StoreUnavailableError } from "../../lib/domain/errors.ts";
import { FunctionDiedError } from "./invocation.ts";

/** The secret cannot be read: what the SDK would throw. */
export class SecretUnreadableError extends Error {
  override readonly name = "SecretUnreadableError";
}

/** The bus does not take what is published, or its answer is lost. */
export class BusUnavailableError extends Error {
  override readonly name = "BusUnavailableError";
}

export function isOutage(error: unknown): boolean {
  return (
    error instanceof FunctionDiedError ||
    error instanceof StoreUnavailableError ||
    error instanceof SecretUnreadableError ||
    error instanceof BusUnavailableError
  );
}

/** For a person who looks for the bug. */
export function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
