#!/usr/bin/env node
/** The command `moneyback`: runs the command line on this Node, or on the Node 24 that the package brings where this one is older. */
import { spawn } from "node:child_process";
import * as module from "node:module";
import { constants, homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The first that runs TypeScript as it stands, without a word about it. */
const nodeMajorMin = 24;

if (Number.parseInt(process.versions.node, 10) >= nodeMajorMin) {
  // Halves the time to start. In the user's own folder: whoever may write to it decides what runs here.
  module.enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "moneyback"));
  await import("./main.ts");
} else {
  runOn(ownNode());
}

function ownNode() {
  try {
    return module.createRequire(import.meta.url).resolve("node/bin/node");
  } catch {
    process.stderr.write(`moneyback needs Node ${nodeMajorMin}, and this is ${process.versions.node}.\n`);
    process.exit(1);
  }
}

function runOn(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
  // A Ctrl-C reaches both of us; what was sent to us alone is passed on. The child decides how it ends.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`${node} does not run: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}
