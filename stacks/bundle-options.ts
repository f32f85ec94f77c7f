/** How a function is bundled: minified ES modules, the SDK inside, what is imported on demand in files of its own. Deployed and measured alike. */
import { join } from "node:path";
import type { BuildOptions } from "esbuild";
import { bundleAliases } from "../lib/lambda/bundle-aliases.ts";
import { versionOnly } from "./version-only.ts";

/** `root` is the project's folder, `outdir` one for this function alone. */
export function bundleOptions(root: string, name: string, outdir: string) {
  return {
    absWorkingDir: root,
    entryPoints: [join(root, "functions", `${name}.ts`)],
    outdir,
    bundle: true,
    minify: true,
    splitting: true,
    legalComments: "none",
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    outExtension: { ".js": ".mjs" },
    alias: Object.fromEntries(
      Object.entries(bundleAliases).map(([packageName, file]) => [packageName, join(root, "lib/lambda", file)]),
    ),
    // Some of the SDK's dependencies are CommonJS and call require.
    banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
    plugins: [versionOnly],
    metafile: true,
    logLevel: "error",
  } as const satisfies BuildOptions;
}
