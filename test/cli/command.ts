/** Runs the command as a shell does: a process of its own, with nothing of this one's environment but the path. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

const script = fileURLToPath(new URL("../../cli/moneyback.js", import.meta.url));

/** Where compiled code is kept between the runs of one test file, so that they start fast. */
const home = await mkdtemp(join(tmpdir(), "moneyback-cli-"));
afterAll(() => rm(home, { recursive: true, force: true }));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
  /** What stdout holds, which must be one JSON value and nothing else. */
  json<T = Record<string, unknown>>(): T;
  /** The last line of stderr, which must be JSON. */
  problem(): Record<string, unknown>;
}

/** The running command: a test may look at what it wrote, and send it a signal. */
export function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  node: readonly string[] = [],
) {
  const child = spawn(process.execPath, [...node, script, ...args], {
    env: { PATH: process.env["PATH"], HOME: home, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { out: "", error: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.error += text));
  const ended = async (): Promise<Ended> => {
    const [code] = (await once(child, "close")) as [number | null];
    return {
      code,
      ...output,
      json: () => JSON.parse(output.out),
      problem: () => JSON.parse(output.error.trimEnd().split("\n").at(-1) ?? ""),
    };
  };
  return { child, output, ended: ended() };
}

/** Runs the command to its end. */
export function moneyback(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return start(args, env).ended;
}
