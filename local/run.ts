/** Brings the whole stack up, says what runs where, prints what the Lambdas log, and stops it all on Ctrl-C. */

import { readSettings } from "./settings.ts";
import { type Stack, startStack } from "./stack.ts";
import { welcome } from "./welcome.ts";

/** What a shell expects of a process that Ctrl-C or SIGTERM ended. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** One Ctrl-C under npm arrives twice: from the terminal, and passed on by npm. */
const sameSignalMs = 500;

function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message.replace(/\s*\n\s*/g, " ")}\n`);
  process.exit(1);
}

/** A stack with connections that cannot be called starts all the same; whoever started it should know. */
async function unusableConnections({ apiUrl }: Stack): Promise<string[]> {
  const { connections } = (await (await fetch(`${apiUrl}/v1/health`)).json()) as {
    connections: { id: string; problem?: string }[];
  };
  return connections
    .filter(({ problem }) => problem !== undefined)
    .map(({ id, problem }) => `The connection "${id}" cannot be used: ${problem}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  // Whoever read our output is gone (`npm start | head`): nobody watches any more.
  process.stdout.on("error", () => ask());
  let askedAt: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      // The second time, somebody does not want to wait.
      if (askedAt !== undefined && Date.now() - askedAt > sameSignalMs) process.exit(exitCodes[signal]);
      askedAt ??= Date.now();
      ask();
    });
  }
  const settings = readSettings(process.env);
  const stack: Stack = await startStack({ ...settings, onLog: print });
  print(welcome(stack, settings));
  for (const line of await unusableConnections(stack)) print(line);
  await asked;
  print("Stopping.");
  await stack.stop();
}

try {
  await main();
  process.exit(0);
} catch (error) {
  fail(error);
}
