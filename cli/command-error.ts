/** What ends a command early: its exit code, a sentence for people, and the members that `--json` shows. */
import { exitCodes } from "./exit-codes.ts";

export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: number;
  /** As a problem document has it: `code` and `detail`, and whatever else is known. */
  readonly problem: Readonly<Record<string, unknown>> & { readonly code: string };

  constructor(exitCode: number, code: string, detail: string, members: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.exitCode = exitCode;
    this.problem = { ...members, code, detail };
  }

  /** The same, with one more thing to know. */
  with(members: Readonly<Record<string, unknown>>, advice = ""): CommandError {
    const { code } = this.problem;
    return new CommandError(this.exitCode, code, this.message + advice, { ...this.problem, ...members });
  }

  /** The same, with another exit code. */
  as(exitCode: number): CommandError {
    return new CommandError(exitCode, this.problem.code, this.message, this.problem);
  }
}

/** Something on the command line, or in the environment, that cannot be meant. */
export function usage(detail: string): CommandError {
  return new CommandError(exitCodes.failure, "usage", detail);
}

/** Nobody answered at `what`. */
export function unreachable(what: string, why: string): CommandError {
  return new CommandError(exitCodes.unreachable, "unreachable", `${what} cannot be reached: ${why}.`);
}
