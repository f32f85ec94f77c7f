/**
 * Makes the resource graph of one stage, without an AWS account: runs sst.config.ts with SST's own components, while Pulumi's mocks stand
 * where its engine would be. In a process of its own, because a program that fails leaves a hundred unhandled rejections behind.
 *
 *   node test/stacks/synth.ts --stage production --program <what config-bundle.ts made> --out graph.json
 */
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import { recordedResources } from "./pulumi-mocks.ts";
import { startSstServer } from "./sst-server.ts";

// Pulumi writes down for each of its many promises where it was made, which takes a third of the time; here nobody reads it.
Error.stackTraceLimit = 0;

const root = path.resolve(import.meta.dirname, "../..");
const platform = path.join(root, ".sst/platform");

const { values } = parseArgs({
  options: { stage: { type: "string" }, program: { type: "string" }, out: { type: "string" } },
});
const { stage, program: file, out } = values;
if (!stage || !file || !out) throw new Error("--stage, --program and --out are required");

interface Program {
  readonly config: {
    app(input: { stage: string }): Record<string, unknown>;
    run(): Promise<Record<string, unknown> | undefined>;
  };
  readonly run: (program: () => Promise<unknown>) => Promise<unknown>;
}

const problems = new Set<string>();
process.on("unhandledRejection", (reason) => {
  problems.add(reason instanceof Error ? (reason.message.split("\n")[0] ?? "") : String(reason));
});

const pulumi = createRequire(path.join(platform, "package.json"))("@pulumi/pulumi");
const resources = recordedResources();
await pulumi.runtime.setMocks(resources.mocks, "moneyback", stage, false, "organization");

const server = await startSstServer();
process.env["SST_SERVER"] = server.url;
const work = path.join(root, ".sst");
const cli = { command: "deploy", paths: { home: work, root, work, platform }, state: { version: {} } };
// What a config does not say of its removal SST takes for "retain".
const app: Record<string, unknown> = { name: "moneyback", stage, removal: "retain" };
Object.assign(globalThis, { $cli: cli, $app: app, $dev: false });

let printed = {};
const program = (await import(file)) as Program;
Object.assign(app, program.config.app({ stage }));
try {
  const stackOutputs = pulumi.runtime.runInPulumiStack(() => {
    pulumi.runtime.registerStackTransformation(resources.noteOptions);
    return program.run(() => program.config.run());
  });
  await resources.settled(() => pulumi.runtime.waitForRPCs());
  // Where something failed the outputs may never come.
  if (problems.size === 0) printed = textsIn(await stackOutputs);
} catch (error) {
  problems.add(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
}
server.close();
if (problems.size > 0) {
  process.stderr.write(`${[...problems].join("\n")}\n`);
  process.exit(1);
}
await writeFile(out, JSON.stringify({ stage, app, printed, resources: resources.all() }, null, 1));
process.exit(0);

function textsIn(outputs: Record<string, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).filter(([, output]) => typeof output === "string"));
}
