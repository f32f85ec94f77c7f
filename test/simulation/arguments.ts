/** Reads what `npm run sim` may be told, and says in one line what is wrong with it. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { Batch } from "./pool.ts";

export const usage = `npm run sim                      10,000 seeded runs of the whole product, from seed 1
npm run sim -- --runs 1000000    as many as you like
npm run sim -- --seed 42         one run, with its trace

  --runs N      how many runs (10000)
  --from N      the first one's seed (1)
  --workers N   threads that share them (one for each core)
  --seed N      that run alone, and as small as it can be made if it fails
  --json        the result as one line of JSON
  --help        this text

Ends with 1 if a run breaks an invariant, with 2 if it was told something that makes no sense.`;

export type Request =
  | { readonly kind: "many"; readonly batch: Batch; readonly isJson: boolean }
  | { readonly kind: "one"; readonly seed: number; readonly isJson: boolean }
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly why: string };

/** Far beyond what anybody runs; the sum of two is still exact. */
const numberMax = 999_999_999_999;

/** Each is a thread of some hundred megabytes. */
const workersMax = 256;

const options = {
  runs: { type: "string" },
  from: { type: "string" },
  workers: { type: "string" },
  seed: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** A number's option: its value where it is not given, and its range. */
const numbers = {
  runs: { usual: 10_000, min: 1, max: numberMax },
  from: { usual: 1, min: 0, max: numberMax },
  workers: { usual: Math.min(availableParallelism(), workersMax), min: 1, max: workersMax },
  seed: { usual: 0, min: 0, max: numberMax },
} as const;

export function readArguments(args: readonly string[]): Request {
  // Not strict: Node's own complaints name what is wrong in several lines, and not what would be right.
  const { values, tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  if (values.help !== undefined) return { kind: "help" };
  for (const token of tokens) {
    if (token.kind === "positional") return wrong(`${JSON.stringify(token.value)} belongs to no option: ${known}`);
    if (token.kind === "option" && !Object.hasOwn(options, token.name)) {
      return wrong(`${JSON.stringify(token.rawName)} is no option: ${known}`);
    }
  }
  if (typeof values.json === "string") return wrong(`--json takes no value, so not ${JSON.stringify(values.json)}`);
  for (const [name, { min, max }] of Object.entries(numbers)) {
    const value = values[name];
    if (value === undefined || isNumber(value, min, max)) continue;
    const given = typeof value === "string" ? JSON.stringify(value) : "nothing";
    return wrong(`--${name} must be a whole number from ${min} to ${max}, not ${given}`);
  }
  if (values.seed !== undefined) {
    const other = (["runs", "from", "workers"] as const).find((name) => values[name] !== undefined);
    if (other) return wrong(`--seed is one run alone, so it does not go with --${other}: leave one of the two out`);
  }
  const numberOf = (name: keyof typeof numbers) => Number(values[name] ?? numbers[name].usual);
  const isJson = values.json === true;
  if (values.seed !== undefined) return { kind: "one", seed: numberOf("seed"), isJson };
  return {
    kind: "many",
    batch: { from: numberOf("from"), runs: numberOf("runs"), workers: numberOf("workers") },
    isJson,
  };
}

const known = `there are ${Object.keys(options)
  .map((name) => `--${name}`)
  .join(", ")}`;

function wrong(why: string): Request {
  return { kind: "wrong", why: `${why}.` };
}

function isNumber(value: string | boolean, min: number, max: number): boolean {
  return typeof value === "string" && /^\d{1,12}$/.test(value) && Number(value) >= min && Number(value) <= max;
}
