/** Bundles sst.config.ts as SST's command does: its own globals injected, `sst` and `aws` in front of every file of ours. */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { build, type Plugin } from "esbuild";

export interface ConfigBundle {
  readonly root: string;
  /** The project's own, or a copy beside a copy of stacks/. */
  readonly config: string;
  /** Whether the functions are bundled for real; else their folders hold nothing, and the graph is the same. */
  readonly bundles: boolean;
}

/** The file to import, which exports the config and the function that runs it. Any stage can be made of it. */
export async function buildConfig({ root, config, bundles }: ConfigBundle): Promise<string> {
  const platform = path.join(root, ".sst/platform");
  // Beside SST's own modules, so that what is not bundled is found there.
  const outfile = path.join(platform, `moneyback-${randomUUID()}.mjs`);
  await build({
    stdin: {
      contents: `export { run } from ${JSON.stringify(path.join(platform, "src/auto/run.ts"))};
        export { default as config } from ${JSON.stringify(config)};`,
      resolveDir: root,
      loader: "ts",
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "es2023",
    mainFields: ["module", "main"],
    nodePaths: [path.join(platform, "node_modules")],
    inject: [path.join(platform, "src/shim/run.js")],
    define: { $app: "globalThis.$app", $cli: "globalThis.$cli", $dev: "globalThis.$dev" },
    external: ["@pulumi/*", "@pulumiverse/*", "@sst-provider/*", "@aws-sdk/*", "esbuild", "vite"],
    // Named as SST names them: what is bundled has names of its own.
    banner: { js: moduleGlobals },
    plugins: [...(bundles ? [] : [emptyBundles(root)]), globals(platform)],
    logLevel: "error",
  });
  return outfile;
}

const moduleGlobals = `import { createRequire as topLevelCreateRequire } from "node:module";
import { fileURLToPath as topLevelFileUrlToPath } from "node:url";
const require = topLevelCreateRequire(import.meta.url);
const __filename = topLevelFileUrlToPath(import.meta.url);
const __dirname = topLevelFileUrlToPath(new URL(".", import.meta.url));`;

/** What the command of SST puts in front of each file that is not its own. */
function globals(platform: string): Plugin {
  const shim = `import * as aws from "@pulumi/aws"; import * as sst from ${JSON.stringify(path.join(platform, "src/components"))};`;
  return {
    name: "globals",
    setup({ onLoad }) {
      onLoad({ filter: /(?:stacks\/[^/]+|sst\.config)\.ts$/ }, async ({ path: file }) => {
        if (file.startsWith(platform)) return undefined;
        return { contents: `${shim}\n${await readFile(file, "utf8")}`, loader: "ts" };
      });
    },
  };
}

/** A folder without code in the place of each bundle: the graph is the same, and made in a second. */
function emptyBundles(root: string): Plugin {
  const folder = path.join(root, ".sst/bundles/none");
  return {
    name: "empty bundles",
    setup({ onLoad }) {
      onLoad({ filter: /stacks\/bundle\.ts$/ }, async () => {
        await mkdir(folder, { recursive: true });
        await writeFile(path.join(folder, "none.mjs"), "");
        return { contents: `export const bundle = async () => ${JSON.stringify(folder)};`, loader: "ts" };
      });
    },
  };
}
