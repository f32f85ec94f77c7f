/** Makes the graphs that the tests read. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { buildConfig } from "./config-bundle.ts";
import type { Graph } from "./graph.ts";
import { root } from "./platform.ts";

export interface Synthesis {
  /** @throws Error with what the program itself says is wrong, one line each */
  graphOf(stage: string, environment?: Readonly<Record<string, string>>): Promise<Graph>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** `config`: a copy of sst.config.ts beside a copy of stacks/. `bundles`: the functions are bundled for real. */
export async function prepareSynthesis({
  config = path.join(root, "sst.config.ts"),
  bundles = false,
} = {}): Promise<Synthesis> {
  const program = await buildConfig({ root, config, bundles });
  return {
    async graphOf(stage, environment = {}) {
      const folder = await mkdtemp(path.join(tmpdir(), "moneyback-graph-"));
      const out = path.join(folder, "graph.json");
      const synth = path.join(import.meta.dirname, "synth.ts");
      try {
        await promisify(execFile)(process.execPath, [synth, "--stage", stage, "--program", program, "--out", out], {
          cwd: root,
          env: { ...process.env, ...environment },
          timeout: 120_000,
        }).catch((error: { stderr?: string }) => {
          throw new Error(error.stderr?.trim() || String(error));
        });
        return JSON.parse(await readFile(out, "utf8")) as Graph;
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    [Symbol.asyncDispose]: () => rm(program, { force: true }),
  };
}
