/** Runs one command: reads what was asked for, does it, and gives the exit code that says what came of it. */
import { CommanderError } from "commander";
import { withDecimals } from "./amounts.ts";
import { CommandError } from "./command-error.ts";
import type { Context, Perform } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { programOf } from "./program.ts";
import { type Environment, readSettings } from "./settings.ts";
import { type Stream, type Terminal, terminalOf } from "./terminal.ts";

/** What a process gives its command. A test gives its own, and needs no process. */
export interface World extends Pick<Context, "now" | "sleep" | "newId" | "newSecret"> {
  readonly words: readonly string[];
  readonly environment: Environment;
  readonly stdin: () => NodeJS.ReadStream;
  readonly stdout: Stream;
  readonly stderr: Stream;
}

export interface CommandLine {
  /** Never throws: what went wrong is told, and is in the exit code. */
  run(): Promise<number>;
  /** Ctrl-C: tells what becomes of what was begun, and gives the exit code. */
  interrupt(): number;
}

export function commandLineOf({ words, environment, stdin, stdout, stderr, ...chance }: World): CommandLine {
  /** Asked before anything is parsed: what cannot be parsed must be told as JSON, too. */
  const isJson = words.slice(0, endOfOptions(words)).includes("--json");
  const terminal = terminalOf({ stdout, stderr, isJson, environment });
  let parting = "What was accepted goes on.";
  const context: Context = {
    ...chance,
    terminal,
    environment,
    api: async () => (await import("./api.ts")).apiOf(readSettings(environment)),
    person: async () => (await import("./confirm.ts")).personAt(stdin(), stderr),
    partWith: (text) => {
      parting = text;
    },
  };
  return {
    async run() {
      let exitCode: number = exitCodes.done;
      const perform = async (command: Perform): Promise<void> => {
        exitCode = await command(context);
      };
      // With --json the error that follows says what commander has to say.
      const voice = { out: (text: string) => void stdout.write(text), error: (text: string) => terminal.note(text) };
      try {
        await programOf(perform, voice).parseAsync(words, { from: "user" });
        return exitCode;
      } catch (error) {
        return told(error, terminal);
      }
    },
    interrupt() {
      terminal.note(`Interrupted. ${parting}`, { code: "interrupted", detail: `Interrupted by Ctrl-C. ${parting}` });
      return exitCodes.interrupted;
    },
  };
}

/** Tells what went wrong, unless commander has, and gives the exit code. */
function told(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.done;
    const isHelp = error.code === "commander.help";
    const detail = isHelp ? "Name a command; --help lists them." : error.message.replace(/^error: /, "");
    if (terminal.isJson) terminal.note("", { code: "usage", detail });
    return exitCodes.failure;
  }
  if (error instanceof CommandError) {
    terminal.note(textOf(error, terminal), error.problem);
    return error.exitCode;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.note(`This is a bug in moneyback: ${detail}`, { code: "bug", detail });
  return exitCodes.failure;
}

function textOf({ message, problem }: CommandError, { paint }: Terminal): string {
  const { errors, requestId } = problem;
  const fields = Array.isArray(errors) ? errors.map(({ path, message: what }) => `  ${path}: ${what}`) : [];
  const quoted = typeof requestId === "string" ? [`  request ${requestId}`] : [];
  return withDecimals([`${paint("red", "error:")} ${message}`, ...fields, ...quoted].join("\n"));
}

function endOfOptions(given: readonly string[]): number {
  const at = given.indexOf("--");
  return at < 0 ? given.length : at;
}
