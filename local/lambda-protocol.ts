/** The messages between the Lambda host and its worker thread. Events and results cross as JSON text, as they do on AWS. */
import type { FunctionErrorPayload } from "./function-error.ts";

/** What the worker is born with. */
export interface WorkerSettings {
  /** The folder of the functions, as a file URL ending in a slash. */
  readonly functionsUrl: string;
  /** Functions that are loaded before the worker says that it is ready. */
  readonly functions: readonly string[];
}

export interface InvokeMessage {
  readonly kind: "invoke";
  readonly id: number;
  readonly functionName: string;
  readonly eventText: string;
  readonly requestId: string;
  /** When the function's time is over, in epoch milliseconds. */
  readonly deadlineMs: number;
}

/** A thread that does not answer `ping` is stuck in a function that never lets go. */
export type HostMessage = InvokeMessage | { readonly kind: "ping" };

export type WorkerMessage =
  | { readonly kind: "pong" }
  | { readonly kind: "ready" }
  | { readonly kind: "broken"; readonly functionName: string; readonly error: FunctionErrorPayload }
  | { readonly kind: "result"; readonly id: number; readonly resultText: string }
  | { readonly kind: "error"; readonly id: number; readonly error: FunctionErrorPayload };
