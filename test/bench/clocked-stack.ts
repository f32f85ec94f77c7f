/** The local stack with a clock around every Lambda, a plain provider, and the reference handlers in the same thread. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { functionNames } from "../../local/function-names.ts";
import { startHttpGateway } from "../../local/http-gateway.ts";
import { type Stack, startStack } from "../../local/stack.ts";
import type { Clocked } from "./lambda-clock.ts";
import { startPlainProvider } from "./plain-provider.ts";

/** What is measured beside us, in the same gateway, thread and emulator. */
export const references = ["bare", "middy", "powertools"] as const;
export type Reference = (typeof references)[number];

export interface ClockedStack {
  readonly stack: Stack;
  /** Where the reference handlers answer: `POST /<name>`. */
  readonly referencesUrl: string;
  /** What the Lambdas' clocks have told since the last call. */
  takeClocked(): readonly Clocked[];
  /** Resolves when the flow of the transaction has ended. */
  ended(transactionId: string): Promise<void>;
  /** Flows that have ended so far. */
  endings(): number;
  stop(): Promise<void>;
}

export async function startClockedStack({
  dynamoDbEndpoint,
}: {
  dynamoDbEndpoint?: string;
} = {}): Promise<ClockedStack> {
  await using starting = new AsyncDisposableStack();
  const folder = await clockedFunctions();
  starting.defer(() => rm(folder, { recursive: true }));
  const provider = await startPlainProvider();
  starting.defer(() => provider.close());

  let lines: Clocked[] = [];
  const flows = new Map<string, PromiseWithResolvers<string>>();
  let endings = 0;
  const flowOf = (id: string) => {
    const flow = flows.get(id) ?? Promise.withResolvers<string>();
    flows.set(id, flow);
    return flow;
  };
  const stack = await startStack({
    port: 0,
    sandboxPort: 0,
    awsPort: 0,
    clock: false,
    dynamoDbEndpoint,
    connections: provider.connections,
    functionsUrl: pathToFileURL(`${folder}/`),
    onLog: (line) => {
      // What goes wrong would look like a slow moment.
      if (line.includes('"level":"error"')) process.stderr.write(`${line.slice(0, 300)}\n`);
      if (line.includes('"event":"clocked"')) lines.push(JSON.parse(line) as Clocked);
      if (!line.includes('"event":"flow"')) return;
      const { name, status } = JSON.parse(line) as { name: string; status: string };
      endings += 1;
      flowOf(name.replace(/-\d+$/, "")).resolve(status);
    },
  });
  starting.defer(() => stack.stop());
  const gateway = await startHttpGateway({
    port: 0,
    host: stack.host,
    routes: references.map((name) => ({ method: "POST", path: `/${name}`, function: name, authorize: false })),
  });
  starting.defer(() => gateway.close());
  const started = starting.move();
  return {
    stack,
    referencesUrl: gateway.url,
    takeClocked: () => {
      const taken = lines;
      lines = [];
      return taken;
    },
    ended: async (id) => {
      const status = await flowOf(id).promise;
      flows.delete(id);
      if (status !== "SUCCEEDED") throw new Error(`the flow of ${id} ended ${status}`);
    },
    endings: () => endings,
    stop: () => started.disposeAsync(),
  };
}

/** A folder of functions, each the product's own or a reference, inside a clock. */
async function clockedFunctions(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "moneyback-bench-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const here = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const write = (name: string, file: string) =>
    writeFile(
      join(folder, `${name}.ts`),
      `import { clocked } from ${here("lambda-clock.ts")};
import { handler as plain } from ${here(file)};
export const handler = clocked(${JSON.stringify(name)}, plain);
`,
    );
  await Promise.all([
    ...functionNames.map((name) => write(name, `../../functions/${name}.ts`)),
    ...references.map((name) => write(name, `reference/${name}.ts`)),
  ]);
  return folder;
}
