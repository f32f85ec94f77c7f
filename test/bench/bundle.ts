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
  /** What is loaded when a provider is called, by file: its code. The HTTP client comes with it. */
  readonly onDemand: Readonly<Record<string, number>>;
}

/** One function, exactly as it is deployed. Of a file in `functions/`, by its name without `.ts`. */
export async function bundle(name: string, outdir: string): Promise<Bundle> {
  const { metafile } = await build(bundleOptions(root, name, outdir));
  const output = outputOf(name, metafile);
  const atStart = loadedWith(output, metafile);
  const later = Object.entries(metafile.outputs).filter(([path]) => !atStart.has(path));
  return {
    file: join(outdir, basename(output)),
    bytes: [...atStart].reduce((sum, path) => sum + (metafile.outputs[path]?.bytes ?? 0), 0),
    // The SDK has parts of its own that it loads on demand, in browsers or for streams: never here.
    onDemand: Object.fromEntries(
      later
        .filter(([, { inputs }]) => Object.keys(inputs).some((source) => providerOf(source) !== undefined))
        .map(([path, { bytes, inputs }]) => [largestOf(inputs) ?? path, bytes] as const),
    ),
  };
}

/**
 * What each function loads at most, with its largest provider: everything that it could ever load in one file, less the other
 * providers' own code. All in one go, which reads the SDK once: exact figures take five times as long.
 */
export async function boundsOf(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { metafile } = await build({
    ...bundleOptions(root, "", "never-written"),
    entryPoints: names.map((name) => join(root, "functions", `${name}.ts`)),
    splitting: false,
    write: false,
  });
  return new Map(
    names.map((name) => {
      const { bytes, inputs } = metafile.outputs[outputOf(name, metafile)] ?? { bytes: Number.NaN, inputs: {} };
      const sizes = new Map<string, number>();
      for (const [source, { bytesInOutput }] of Object.entries(inputs)) {
        const provider = providerOf(source);
        if (provider !== undefined) sizes.set(provider, (sizes.get(provider) ?? 0) + bytesInOutput);
      }
      const providers = [...sizes.values()];
      return [name, bytes - providers.reduce((sum, size) => sum + size, 0) + Math.max(0, ...providers)];
    }),
  );
}

/** The provider in whose folder a source lies. */
function providerOf(source: string): string | undefined {
  return /(?:^|\/)lib\/providers\/([^/]+)\//.exec(source)?.[1];
}

function outputOf(name: string, { outputs }: Metafile): string {
  const path = Object.keys(outputs).find((one) => basename(one) === `${name}.mjs`);
  if (path === undefined) throw new Error(`${name} was bundled to nothing`);
  return path;
}

/** The file and everything it imports at once. */
function loadedWith(root: string, { outputs }: Metafile): ReadonlySet<string> {
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
