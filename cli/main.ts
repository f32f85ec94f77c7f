/** The command as a process: this process's words, streams, clock and chance, and its exit code. */
import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { commandLineOf } from "./command-line.ts";

const commandLine = commandLineOf({
  words: process.argv.slice(2),
  environment: process.env,
  // Opened only where somebody is asked.
  stdin: () => process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => new Date(),
  sleep: (ms) => sleep(ms),
  newId: () => randomUUID(),
  newSecret: (bytes) => randomBytes(bytes).toString("base64url"),
});

/** Nothing that is done here has to be put right: what was accepted goes on without us. */
process.on("SIGINT", () => process.exit(commandLine.interrupt()));

process.exitCode = await commandLine.run();
