/** Bundles every function and measures what a cold start must load: bytes, and the time of the import in a fresh process. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bundle } from "./bundle.ts";
import { median, rounded } from "./statistics.ts";

export interface HandlerFigures {
  readonly name: string;
  /** What every cold start loads. */
  readonly bundleBytes: number;
  /** The largest part that is loaded when it is needed: one provider's code. */
  readonly onDemandBytes: number;
  /** Median over the rounds, in milliseconds. */
  readonly importMs: number;
}

type BundledHandler = Omit<HandlerFigures, "importMs"> & { readonly file: string };

const emptySource = "export const handler = async () => {};\n";

const functionsFolder = fileURLToPath(new URL("../../functions/", import.meta.url));

const timer = "const t=performance.now();await import(process.argv[1]);console.log(performance.now()-t)";

/** Rounds are interleaved, so that a slow moment of the machine hits all of them. The first row is an empty handler. */
export async function measureHandlers(rounds: number): Promise<HandlerFigures[]> {
  const folder = await mkdtemp(join(tmpdir(), "moneyback-bundles-"));
  try {
    const files = [await emptyHandler(folder), ...(await bundleAll(folder))];
    const times = new Map(files.map(({ name }) => [name, [] as number[]]));
    for (let round = 0; round < rounds; round++) {
      for (const { name, file } of files) times.get(name)?.push(await importTime(file));
    }
    return files.map(({ name, bundleBytes, onDemandBytes }) => ({
      name,
      bundleBytes,
      onDemandBytes,
      importMs: rounded(median(times.get(name) ?? []), 1),
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The names of all handlers: every file in `functions/` that exports one. The tables beside them do not. */
export async function handlerNames(): Promise<string[]> {
  const names = (await readdir(functionsFolder)).map((file) => file.replace(/\.ts$/, ""));
  return names.filter((name) => !["routes", "tasks", "triggers"].includes(name)).sort();
}

async function bundleAll(folder: string): Promise<BundledHandler[]> {
  const files: BundledHandler[] = [];
  for (const name of await handlerNames()) {
    const { file, bytes, onDemand } = await bundle(name, join(folder, name));
    files.push({ name, file, bundleBytes: bytes, onDemandBytes: Math.max(0, ...Object.values(onDemand)) });
  }
  return files;
}

async function emptyHandler(folder: string): Promise<BundledHandler> {
  const file = join(folder, "empty.mjs");
  await writeFile(file, emptySource);
  return { name: "(empty)", file, bundleBytes: emptySource.length, onDemandBytes: 0 };
}

async function importTime(file: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", timer, file]);
  return Number(stdout);
}
