/** `npm run sim`: many seeded runs of the whole product against everything that can go wrong; or one, with its trace. */
import { type Request, readArguments, usage } from "./arguments.ts";
import { type Batch, simulateMany } from "./pool.ts";
import { failureOf, reportOf } from "./report.ts";
import { shrink } from "./shrink.ts";
import { simulate } from "./simulate.ts";

process.exitCode = await answer(readArguments(process.argv.slice(2)));

async function answer(request: Request): Promise<number> {
  switch (request.kind) {
    case "many":
      return many(request.batch, request.isJson);
    case "one":
      return one(request.seed, request.isJson);
    case "help":
      console.log(usage);
      return 0;
    case "wrong":
      console.error(request.why);
      return 2;
  }
}

/** Runs them all; the first that fails is shown as small as it could be made. */
async function many(batch: Batch, isJson: boolean): Promise<number> {
  const started = performance.now();
  const tally = await simulateMany(batch);
  const seconds = (performance.now() - started) / 1000;
  console.log(isJson ? JSON.stringify({ ...tally, seconds }) : reportOf(tally, seconds));
  const [first] = tally.violations;
  if (!first) return 0;
  if (!isJson) console.log(`\n${failureOf(await shrink(await simulate(first.seed)))}`);
  return 1;
}

async function one(seed: number, isJson: boolean): Promise<number> {
  const run = await simulate(seed, { isTraced: true });
  const { violation, counts, trace } = run;
  if (isJson) console.log(JSON.stringify({ seed, violation, counts, hash: trace?.hash(), lines: trace?.lines }));
  else console.log(`${failureOf(run)}\ntrace ${trace?.hash()}`);
  if (!violation) return 0;
  if (!isJson) console.log(`\nAs small as it could be made:\n${failureOf(await shrink(run))}`);
  return 1;
}
