/** Starts a DynamoDB for the local run: dynoxide, or AWS's DynamoDB Local on Java, or takes one that already runs. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Child, startChild } from "./child-process.ts";
import { dynamoDbLocal, dynoxide, type Emulator } from "./dynamodb-emulators.ts";
import { ping } from "./dynamodb-wire.ts";
import { freePort } from "./free-port.ts";

/** Java on a busy machine takes seconds to answer; dynoxide takes 10 ms. */
const startTimeoutMs = 20_000;

/** Between two tries to reach an emulator that is starting. */
const pollMs = 10;

/** How often a port that somebody else took in the meantime is given up for another. */
const portsMax = 3;

export interface DynamoDbOptions {
  /** Keeps the data in this folder; until it stops otherwise. */
  readonly dataDir?: string | undefined;
  /** Insists on one of the two embedded ones. */
  readonly emulator?: "dynoxide" | "java" | undefined;
  /** Uses what already runs there, and starts nothing. */
  readonly endpoint?: string | undefined;
}

export interface DynamoDb {
  readonly endpoint: string;
  /** What it is, as a person would say it. */
  readonly kind: string;
  stop(): Promise<void>;
}

/** Throws one clear line where nothing can be started or nothing answers. */
export async function startDynamoDb({ dataDir, emulator, endpoint }: DynamoDbOptions = {}): Promise<DynamoDb> {
  if (endpoint !== undefined) return external(endpoint);
  const chosen = await choose(emulator);
  if (dataDir !== undefined) await mkdir(dataDir, { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(chosen, await freePort(), dataDir);
    } catch (error) {
      if (attempt === portsMax) throw error;
    }
  }
}

async function external(endpoint: string): Promise<DynamoDb> {
  if (!(await ping(endpoint))) {
    throw new Error(`No DynamoDB answers at DYNAMODB_ENDPOINT=${endpoint}: start it, or unset the variable.`);
  }
  return { endpoint, kind: "already running", stop: async () => {} };
}

async function choose(wanted: DynamoDbOptions["emulator"]): Promise<Emulator> {
  const candidates = { dynoxide, java: dynamoDbLocal };
  const names = wanted === undefined ? (["dynoxide", "java"] as const) : [wanted];
  for (const name of names) {
    const found = await candidates[name]();
    if (found) return found;
  }
  const missing = wanted === "dynoxide" ? "the npm package @dynoxide/linux-x64" : "Java 17 or newer on the PATH";
  throw new Error(
    `No DynamoDB emulator can run here: install ${missing}, or set DYNAMODB_ENDPOINT to a DynamoDB that already runs.`,
  );
}

async function start(emulator: Emulator, port: number, dataDir: string | undefined): Promise<DynamoDb> {
  const { kind, command, prepare } = emulator;
  const scratch = dataDir === undefined && prepare ? await mkdtemp(join(tmpdir(), "moneyback-dynamodb-")) : undefined;
  const folder = dataDir ?? scratch;
  const dataPath = folder && join(folder, "dynamodb");
  const child = startChild(command({ port, ...(dataPath !== undefined && { dataPath }) }));
  const stop = async () => {
    await child.stop();
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  };
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await answered(endpoint, kind, child);
    if (dataPath !== undefined) prepare?.(dataPath);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, kind, stop };
}

async function answered(endpoint: string, kind: string, child: Child): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (!(await ping(endpoint))) {
    const ended = child.ended();
    if (ended !== undefined || Date.now() > deadline) {
      throw new Error(`${kind} did not start: ${ended ?? `no answer within ${startTimeoutMs / 1000} s`}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
