/** One invocation of a function: who runs, until when, and how it can die. */
import type { Actor } from "./scheduler.ts";

/** What the caller of a function hears that did not answer. */
export class FunctionDiedError extends Error {
  constructor(name: "Lambda.Unknown" | "States.Timeout") {
    super("the function died");
    this.name = name;
  }
}

export interface Invocation extends Actor {
  readonly skewMs: number;
  readonly endsAt: number;
  /** Which transaction the flow called it for. */
  readonly transactionId: string | undefined;
  hasSlept: boolean;
  readonly fail: (error: Error) => void;
}

/** A process that serves one invocation after the other, and what its functions are given. */
export interface Container<Dependencies> {
  current: Invocation;
  readonly dependencies: Dependencies;
}

/** A death that is ordered, not drawn. */
export interface CrashPoint {
  /** Which step, counted from 0. */
  readonly step: number;
  readonly when: "before" | "after";
  readonly what: "process" | "machine";
}

export type Effect = "read" | "write" | "elsewhere";
