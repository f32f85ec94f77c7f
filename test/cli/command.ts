/** Runs the command: within this process, or as a shell does where the process itself is the point. */
import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { commandLineOf, type World } from "../../cli/command-line.ts";

const script = fileURLToPath(new URL("../../cli/moneyback.js", import.meta.url));

/** Where compiled code is kept between the processes of one test file, so that they start fast. */
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

type Environment = Readonly<Record<string, string>>;

/** A process of its own, with nothing of this one's environment but the path: a test may send it a signal. */
export function start(args: readonly string[], env: Environment = {}, node: readonly string[] = []) {
  const child = spawn(process.execPath, [...node, script, ...args], {
    env: { PATH: process.env["PATH"], HOME: home, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { out: "", error: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.error += text));
  const ended = async (): Promise<Ended> => {
    const [code] = (await once(child, "close")) as [number | null];
    return endedWith(code, output);
  };
  return { child, output, ended: ended() };
}

/** What a test may give its command: a terminal, who types at it, a clock. */
export type Around = Partial<World> & { readonly isTTY?: boolean; readonly columns?: number };

/** Runs the command to its end within this process. */
export function moneyback(args: readonly string[], env: Environment = {}, around: Around = {}): Promise<Ended> {
  return commandOf(args, env, around).ended();
}

/** The same, not begun yet: a test may look at what it wrote, and interrupt it. */
export function commandOf(
  args: readonly string[],
  env: Environment = {},
  { isTTY = false, columns = 80, ...world }: Around = {},
) {
  const output = { out: "", error: "" };
  const stream = (part: keyof typeof output) => {
    const write = (chunk: Buffer, _encoding: string, done: () => void): void => {
      output[part] += String(chunk);
      done();
    };
    return Object.assign(new Writable({ write }), { isTTY, columns });
  };
  const commandLine = commandLineOf({
    words: args,
    environment: env,
    stdin: () => typed(""),
    stdout: stream("out"),
    stderr: stream("error"),
    now: () => new Date(),
    sleep: (ms) => sleep(ms),
    newId: () => randomUUID(),
    newSecret: (bytes) => randomBytes(bytes).toString("base64url"),
    ...world,
  });
  return {
    output,
    interrupt: () => commandLine.interrupt(),
    ended: async (): Promise<Ended> => endedWith(await commandLine.run(), output),
  };
}

/** What a person at a terminal types. */
export function typed(text: string): NodeJS.ReadStream {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  stdin.end(text);
  return stdin as unknown as NodeJS.ReadStream;
}

function endedWith(code: number | null, { out, error }: Pick<Ended, "out" | "error">): Ended {
  return {
    code,
    out,
    error,
    json: () => JSON.parse(out),
    problem: () => JSON.parse(error.trimEnd().split("\n").at(-1) ?? ""),
  };
}
