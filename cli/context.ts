/** What a command's action works with; time and chance included. */
import type { Api } from "./api.ts";
import type { Ask } from "./confirm.ts";
import type { Environment } from "./settings.ts";
import type { Terminal } from "./terminal.ts";

export interface Context {
  readonly terminal: Terminal;
  readonly environment: Environment;
  /** The service that the environment names. @throws CommandError where the environment makes no sense */
  readonly api: () => Promise<Api>;
  /** The person at the terminal; undefined where nobody sits there. */
  readonly person: () => Promise<Ask | undefined>;
  /** What Ctrl-C says from now on of what was begun. */
  readonly partWith: (text: string) => void;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  /** A name that nobody had before. */
  readonly newId: () => string;
  /** So many random bytes, as letters, digits, - and _. */
  readonly newSecret: (bytes: number) => string;
}

/** Does what a command says, and tells the exit code. */
export type Perform = (context: Context) => Promise<number>;

/** Runs what a command says; its exit code, or its error's, becomes the command line's. */
export type Run = (perform: Perform) => Promise<void>;
