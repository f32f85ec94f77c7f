/** Bundles a function for its deployment, with the esbuild that the bench measures with: SST would bring another. */
import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as esbuild from "esbuild";
import { bundleOptions } from "./bundle-options.ts";

/** Fills `outdir` with the function's bundle, in which `<name>.mjs` exports its handler, and gives it back. `root` is the project's folder. */
export async function bundle(root: string, name: string, outdir: string): Promise<string> {
  // Required at run time, so that the bundler that reads this file does not bundle a bundler.
  const { build } = createRequire(join(root, "package.json"))("esbuild") as typeof esbuild;
  await rm(outdir, { recursive: true, force: true });
  await build(bundleOptions(root, name, outdir));
  return outdir;
}
