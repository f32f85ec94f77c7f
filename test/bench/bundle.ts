/** Bundles a function as it is deployed: minified ES modules, the SDK inside, what is imported on demand in files of its own. */
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type ImportKind, type Metafile } from "esbuild";
import { bundleAliases } from "../../lib/lambda/bundle-aliases.ts";

const lambdaFolder = new URL("../../lib/lambda/", import.meta.url);

const alias = Object.fromEntries(
  Object.entries(bundleAliases).map(([name, file]) => [name, fileURLToPath(new URL(file, lambdaFolder))]),
);

const settings = {
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
} as const satisfies BuildOptions;

export interface Bundle {
  /** The file that exports the handler. */
  readonly file: string;
  /** What every cold start loads. */
  readonly bytes: number;
  /** What is loaded when a provider is called, by file: its code. (The HTTP client, too, where that is seldom.) */
  readonly onDemand: Readonly<Record<string, number>>;
}

/** One function, as exactly as it is deployed: with nothing of the others. */
export async function bundle(entry: string, outdir: string): Promise<Bundle> {
  const { metafile } = await build({ ...settings, entryPoints: [entry], outdir });
  const { root, atStart } = loadedBy(entry, metafile);
  return {
    file: join(outdir, basename(root)),
    bytes: bytesOf(atStart, metafile),
    onDemand: onDemandIn(metafile, atStart),
  };
}

/**
 * What each function loads at most, in one bundling of all of them: what two share is in a file of its own there, with what
 * either of them needs of it. The exact figure is smaller and takes thirty times as long.
 */
export async function boundsOf(entries: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { metafile } = await build({ ...settings, entryPoints: [...entries], outdir: "never-written", write: false });
  return new Map(
    entries.map((entry) => {
      const { root, atStart } = loadedBy(entry, metafile);
      const later = loadedWith(root, metafile, ["import-statement", "dynamic-import"]);
      const onDemand = Object.values(onDemandIn(metafile, atStart, later));
      return [entry, bytesOf(atStart, metafile) + Math.max(0, ...onDemand)];
    }),
  );
}

function loadedBy(entry: string, metafile: Metafile): { readonly root: string; readonly atStart: ReadonlySet<string> } {
  const name = `${basename(entry, ".ts")}.mjs`;
  const root = Object.keys(metafile.outputs).find((path) => basename(path) === name);
  if (!root) throw new Error(`${entry} was bundled to nothing`);
  return { root, atStart: loadedWith(root, metafile, ["import-statement"]) };
}

function bytesOf(paths: ReadonlySet<string>, { outputs }: Metafile): number {
  return [...paths].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);
}

/** The SDK has parts of its own that it loads on demand, in browsers or for streams: never here. */
function onDemandIn(
  { outputs }: Metafile,
  atStart: ReadonlySet<string>,
  among?: ReadonlySet<string>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(outputs)
      .filter(([path]) => !atStart.has(path) && (among?.has(path) ?? true))
      .filter(([, { inputs }]) => Object.keys(inputs).some((source) => /^lib\/providers\/[^/]+\//.test(source)))
      .map(([path, { bytes, inputs }]) => [largestOf(inputs) ?? path, bytes] as const),
  );
}

/** The file and everything it imports in these ways. */
function loadedWith(root: string, { outputs }: Metafile, kinds: readonly ImportKind[]): ReadonlySet<string> {
  const loaded = new Set<string>();
  const queue = [root];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    const imports = outputs[path]?.imports ?? [];
    queue.push(
      ...imports
        .filter(({ kind }) => kinds.includes(kind))
        .map((one) => one.path)
        .filter((one) => one in outputs),
    );
  }
  return loaded;
}

function largestOf(inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>): string | undefined {
  return Object.entries(inputs).sort(([, one], [, other]) => other.bytesInOutput - one.bytesInOutput)[0]?.[0];
}
