/** Bundles a function as it is deployed: minified ES modules, the SDK inside, what is imported on demand in files of its own. */
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";
import { bundleAliases } from "../../lib/lambda/bundle-aliases.ts";

const lambdaFolder = new URL("../../lib/lambda/", import.meta.url);

const alias = Object.fromEntries(
  Object.entries(bundleAliases).map(([name, file]) => [name, fileURLToPath(new URL(file, lambdaFolder))]),
);

export interface Bundle {
  /** The file that exports the handler. */
  readonly file: string;
  /** What every cold start loads. */
  readonly bytes: number;
  /** What is loaded when a provider is called, by file: its code. (The HTTP client, too, where that is seldom.) */
  readonly onDemand: Readonly<Record<string, number>>;
}

export async function bundle(entry: string, outdir: string): Promise<Bundle> {
  const { metafile } = await build({
    entryPoints: [entry],
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
    alias,
    // Some of the SDK's dependencies are CommonJS and call require.
    banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
    metafile: true,
    logLevel: "error",
  });
  const name = `${basename(entry, ".ts")}.mjs`;
  const root = Object.keys(metafile.outputs).find((path) => basename(path) === name);
  if (!root) throw new Error(`${entry} was bundled to nothing`);
  const atStart = loadedWith(root, metafile);
  const rest = Object.entries(metafile.outputs).filter(([path]) => !atStart.has(path));
  return {
    file: join(outdir, name),
    bytes: [...atStart].reduce((sum, path) => sum + (metafile.outputs[path]?.bytes ?? 0), 0),
    // The SDK has parts of its own that it loads on demand, in browsers or for streams: never here.
    onDemand: Object.fromEntries(
      rest
        .filter(([, { inputs }]) => Object.keys(inputs).some((source) => /^lib\/providers\/[^/]+\//.test(source)))
        .map(([path, { bytes, inputs }]) => [largestOf(inputs) ?? path, bytes] as const),
    ),
  };
}

/** The file and everything it imports at once. */
function loadedWith(root: string, { outputs }: Metafile): Set<string> {
  const loaded = new Set<string>();
  const queue = [root];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    const imports = outputs[path]?.imports ?? [];
    queue.push(
      ...imports
        .filter(({ kind }) => kind === "import-statement")
        .map((one) => one.path)
        .filter((one) => one in outputs),
    );
  }
  return loaded;
}

function largestOf(inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>): string | undefined {
  return Object.entries(inputs).sort(([, one], [, other]) => other.bytesInOutput - one.bytesInOutput)[0]?.[0];
}
