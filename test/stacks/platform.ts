/** SST's components as it installs them itself, from the npm registry into .sst: once, and again when its version changes. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

export const root = path.resolve(import.meta.dirname, "../..");

/** Names what was installed to its end; an install that was cut short leaves none. */
const note = path.join(root, ".sst/installed");

/** Bun would come from elsewhere than the registry. */
const environment = { SST_NO_BUN: "1", SST_STAGE: "test", SST_TELEMETRY_DISABLED: "1", SST_SKIP_DEPENDENCY_CHECK: "1" };

export async function installPlatform(): Promise<void> {
  const { version } = JSON.parse(await readFile(path.join(root, "node_modules/sst/package.json"), "utf8"));
  const isThere = existsSync(note) && existsSync(path.join(root, ".sst/platform/node_modules"));
  if (isThere && (await readFile(note, "utf8")) === version) return;
  await promisify(execFile)(path.join(root, "node_modules/.bin/sst"), ["install"], {
    cwd: root,
    env: { ...process.env, ...environment },
  });
  await writeFile(note, version);
}
