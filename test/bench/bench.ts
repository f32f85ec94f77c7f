/**
 * `npm run bench`: what a transaction consumes and costs, how long we take, and how far it goes. Sections may be named
 * (`npm run bench -- spendback handlers`); `-- --json` gives one JSON object. What is being measured is told on standard error.
 */
import { measureAcceptRate } from "./accept-rate.ts";
import { measureKilledBatch } from "./batch-killed.ts";
import { measureBatchRow } from "./batch-row.ts";
import { measureBatch } from "./batch-sizes.ts";
import { type Counts, countKinds } from "./counted.ts";
import type { Figures } from "./figures.ts";
import { measureGrowth } from "./growth.ts";
import { measureHandlers } from "./handlers.ts";
import { measureHotMerchant } from "./hot-merchant.ts";
import { kindFigures } from "./kind-figures.ts";
import { measureMemory } from "./memory.ts";
import { kinds } from "./orders.ts";
import { measureOverhead, type Overheads } from "./overhead.ts";
import { reportOf } from "./report.ts";

/** Enough for medians that agree between two runs on a quiet machine, in under five minutes together. */
const rounds = { imports: 4, overhead: 120, acceptRate: 3, growth: 80, hotMerchant: 3 } as const;

const sections: Readonly<Record<keyof Figures, () => Promise<Partial<Figures>>>> = {
  spendback: async () => ({ spendback: kindFigures("spendback", await counts(), await overheads()) }),
  refund: async () => ({ refund: kindFigures("refund", await counts(), await overheads()) }),
  cashback: async () => ({ cashback: kindFigures("cashback", await counts(), await overheads()) }),
  batchRow: async () => ({ batchRow: await measureBatchRow(100) }),
  references: async () => ({ references: (await overheads()).references }),
  handlers: async () => ({ handlers: await measureHandlers(rounds.imports) }),
  acceptRate: async () => ({ acceptRate: await measureAcceptRate(rounds.acceptRate) }),
  growth: async () => ({ growth: await measureGrowth(1_000, 100_000, rounds.growth) }),
  memory: async () => ({ memory: await measureMemory(1_000, 100_000) }),
  hotMerchant: async () => ({ hotMerchant: await measureHotMerchant(rounds.hotMerchant, 160) }),
  batchWeights: async () => ({
    batchWeights: [await measureBatch(1_000), await measureBatch(10_000), await measureBatch(100_000)],
  }),
  batchKilled: async () => ({ batchKilled: await measureKilledBatch(10_000) }),
};

/** Takes minutes, so it is made only where it is named: `npm run bench -- batchKilled`. */
const onlyWhenNamed = "batchKilled";

let counting: Promise<Counts> | undefined;
function counts(): Promise<Counts> {
  counting ??= told("units, transitions and calls", countKinds);
  return counting;
}

let timing: Promise<Overheads> | undefined;
function overheads(): Promise<Overheads> {
  timing ??= told(`our own time, ${kinds.length} kinds and the references in turns`, () =>
    measureOverhead(rounds.overhead),
  );
  return timing;
}

const asked = process.argv.slice(2).filter((word) => word !== "--json");
const unknown = asked.filter((word) => !Object.hasOwn(sections, word));
if (unknown.length > 0) {
  process.stderr.write(`There is no section ${unknown.join(", ")}. There are ${Object.keys(sections).join(", ")}.\n`);
  process.exit(2);
}

let figures: Partial<Figures> = {};
for (const [name, measure] of Object.entries(sections)) {
  if (asked.length === 0 ? name === onlyWhenNamed : !asked.includes(name)) continue;
  try {
    figures = { ...figures, ...(await told(name, measure)) };
  } catch (error) {
    // What the others measured is not lost with it.
    process.stderr.write(`${name} failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  }
}
const text = process.argv.includes("--json") ? JSON.stringify(figures) : reportOf(figures);
process.stdout.write(`${text}\n`);

async function told<Result>(what: string, measure: () => Promise<Result>): Promise<Result> {
  const started = performance.now();
  const result = await measure();
  process.stderr.write(`${what}: ${((performance.now() - started) / 1_000).toFixed(1)} s\n`);
  return result;
}
