/** Bundles a function as it is deployed: one minified ES module, the SDK inside, credentials from the environment. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundleAliases } from "../../lib/lambda/bundle-aliases.ts";

const lambdaFolder = new URL("../../lib/lambda/", import.meta.url);

const alias = Object.fromEntries(
  Object.entries(bundleAliases).map(([name, file]) => [name, fileURLToPath(new URL(file, lambdaFolder))]),
);

/** Writes the bundle to `outfile` and gives its size in bytes. */
export async function bundle(entry: string, outfile: string): Promise<number> {
  const { metafile } = await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    alias,
    // Some of the SDK's dependencies are CommonJS and call require.
    banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
    metafile: true,
    logLevel: "error",
  });
  return Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
}
