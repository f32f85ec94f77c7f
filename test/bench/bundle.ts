/** Bundles a function as it is deployed: minified ES modules, the SDK inside, what is imported on demand in files of its own. */
import { basename, join, resolve } from "node:path";
import { build, type Metafile } from "esbuild";
import { bundleOptions } from "../../stacks/bundle-options.ts";

const root = resolve(import.meta.dirname, "../..");

export interface Bundle {
  /** The file that exports the handler. */
  readonly file: string;
  /** What every cold start loads. */
  readonly bytes: number;
  /** What is loaded when a provider is called, by file: its code. (The HTTP client, too, where that is seldom.) */
  readonly onDemand: Readonly<Record<string, number>>;
}

/** Of a file in `functions/`, by its name without `.ts`. */
export async function bundle(name: string, outdir: string): Promise<Bundle> {
  const { metafile } = await build(bundleOptions(root, name, outdir));
  const output = Object.keys(metafile.outputs).find((path) => basename(path) === `${name}.mjs`);
  if (!output) throw new Error(`${name} was bundled to nothing`);
  const atStart = loadedWith(output, metafile);
  const rest = Object.entries(metafile.outputs).filter(([path]) => !atStart.has(path));
  return {
    file: join(outdir, `${name}.mjs`),
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
