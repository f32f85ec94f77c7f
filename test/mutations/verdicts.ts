/** Runs what must notice a mutation, on the product with that mutation, and tells what it said. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod/mini";
import type { InvariantsOf, Mutation, TestOf } from "./mutation.ts";

export interface Verdict {
  readonly mutation: Mutation;
  readonly isCaught: boolean;
  /** The invariant and its seed, or the test; otherwise why nothing was noticed. */
  readonly by: string;
}

/** Seeds that the simulation may try, block by block, before a mutation counts as unnoticed. */
const blockSize = 20;
const blocksMax = 150;

const root = fileURLToPath(new URL("../../", import.meta.url));

/** As many at a time as there are cores; `onVerdict` hears each in the list's order. */
export async function verdictsOn(
  chosen: readonly Mutation[],
  onVerdict: (verdict: Verdict) => void = () => {},
): Promise<readonly Verdict[]> {
  const pending = chosen.map((mutation) => ({ mutation, verdict: Promise.withResolvers<Verdict>() }));
  const queue = [...pending];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) next.verdict.resolve(await verdictOn(next.mutation));
  };
  const working = Promise.all(Array.from({ length: availableParallelism() }, work));
  const all: Verdict[] = [];
  for (const { verdict } of pending) {
    const one = await Promise.race([verdict.promise, working.then(() => verdict.promise)]);
    onVerdict(one);
    all.push(one);
  }
  return all;
}

async function verdictOn(mutation: Mutation): Promise<Verdict> {
  const { caughtBy } = mutation;
  return {
    mutation,
    ...("test" in caughtBy ? await byTest(mutation, caughtBy) : await bySimulation(mutation, caughtBy)),
  };
}

const Tally = z.object({ violations: z.array(z.object({ seed: z.int(), invariant: z.string() })) });

/** The simulation, with the line changed as it is loaded. */
async function bySimulation(
  mutation: Mutation,
  { invariants, near = 1 }: InvariantsOf,
): Promise<Omit<Verdict, "mutation">> {
  for (let block = 0; block < blocksMax; block++) {
    const output = await run(mutation, [
      ...["--import", `${root}test/mutations/mutate.ts`, `${root}test/simulation/sim.ts`],
      ...["--from", `${near + block * blockSize}`, "--runs", `${blockSize}`, "--workers", "1", "--json"],
    ]);
    const { data: tally } = Tally.safeParse(parse(lastLine(output)));
    if (!tally) return { isCaught: false, by: `the simulation broke: ${lastLine(output)}` };
    const meant = tally.violations.find(({ invariant }) => invariants.includes(invariant));
    if (meant) return { isCaught: true, by: `${meant.invariant}, seed ${meant.seed}` };
    const [other] = tally.violations;
    if (other) return { isCaught: false, by: `${other.invariant}, seed ${other.seed}: another than was meant` };
  }
  return { isCaught: false, by: `nothing in ${blocksMax * blockSize} runs` };
}

const Report = z.object({
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })) })),
});

/** One test of a file. A file that does not load has noticed nothing: a test must have run, and failed. */
async function byTest(mutation: Mutation, { test, named }: TestOf): Promise<Omit<Verdict, "mutation">> {
  const folder = await mkdtemp(join(tmpdir(), "moneyback-mutation-"));
  try {
    const reportFile = join(folder, "report.json");
    const args = [
      ...[`${root}node_modules/vitest/vitest.mjs`, "run", test, "--config", "test/mutations/vitest.config.ts"],
      // The others of the file would only take time.
      ...["--testNamePattern", RegExp.escape(named)],
    ];
    const output = await run(mutation, args, { MUTATION_REPORT: reportFile });
    const { data: report } = Report.safeParse(parse(await readFile(reportFile, "utf8").catch(() => "")));
    if (!report) return { isCaught: false, by: `${test} broke: ${lastLine(output)}` };
    const failed = report.testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === "failed");
    const meant = failed.find(({ fullName }) => fullName.includes(named));
    return meant
      ? { isCaught: true, by: `test: ${meant.fullName.trim()}` }
      : { isCaught: false, by: `${failed.length} tests of ${test} failed, none named "${named}"` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All that a program prints. */
async function run(
  mutation: Mutation,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    // Each loads the same but for one line: compiled once for all.
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: `${root}node_modules/.cache/mutations`,
      MUTATION: mutation.name,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  await new Promise((resolve) => child.on("close", resolve));
  return output;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function lastLine(output: string): string {
  return output.trimEnd().split("\n").at(-1) ?? "it said nothing";
}
