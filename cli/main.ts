/** Runs the command line: reads what was asked for, does it, and ends with the exit code that says what came of it. */
import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { CommanderError } from "commander";
import { CommandError } from "./command-error.ts";
import type { Context, Perform } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { programOf } from "./program.ts";
import { readSettings } from "./settings.ts";
import { terminalOf } from "./terminal.ts";

const words = process.argv.slice(2);
/** Asked before anything is parsed: what cannot be parsed must be told as JSON, too. */
const isJson = words.slice(0, endOfOptions(words)).includes("--json");
const terminal = terminalOf({ stdout: process.stdout, stderr: process.stderr, isJson, environment: process.env });

const context: Context = {
  terminal,
  environment: process.env,
  api: async () => (await import("./api.ts")).apiOf(readSettings(process.env)),
  now: () => new Date(),
  sleep: (ms) => sleep(ms),
  newId: () => randomUUID(),
  newSecret: (bytes) => randomBytes(bytes).toString("base64url"),
};

/** Nothing that is done here has to be put right: what was accepted goes on without us. */
process.on("SIGINT", () => {
  terminal.note("Interrupted. What was accepted goes on.", { code: "interrupted", detail: "Interrupted by Ctrl-C." });
  process.exit(exitCodes.interrupted);
});

const program = programOf(run, {
  out: (text) => void process.stdout.write(text),
  // With --json the error that follows says it.
  error: (text) => terminal.note(text),
});
try {
  await program.parseAsync(words, { from: "user" });
} catch (error) {
  process.exitCode = told(error);
}

async function run(perform: Perform): Promise<void> {
  process.exitCode = await perform(context);
}

/** Tells what went wrong, unless commander has, and gives the exit code. */
function told(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.done;
    const isHelp = error.code === "commander.help";
    const detail = isHelp ? "Name a command; --help lists them." : error.message.replace(/^error: /, "");
    if (isJson) terminal.note("", { code: "usage", detail });
    return exitCodes.failure;
  }
  if (error instanceof CommandError) {
    terminal.note(textOf(error), error.problem);
    return error.exitCode;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.note(`This is a bug in moneyback: ${detail}`, { code: "bug", detail });
  return exitCodes.failure;
}

function textOf({ message, problem }: CommandError): string {
  const { errors, requestId } = problem;
  const fields = Array.isArray(errors) ? errors.map(({ path, message: what }) => `  ${path}: ${what}`) : [];
  const quoted = typeof requestId === "string" ? [`  request ${requestId}`] : [];
  return [`${terminal.paint("red", "error:")} ${message}`, ...fields, ...quoted].join("\n");
}

function endOfOptions(given: readonly string[]): number {
  const at = given.indexOf("--");
  return at < 0 ? given.length : at;
}
