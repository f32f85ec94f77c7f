/** `npm run bench`: what one spendback consumes and costs, and what each handler weighs. `-- --json` for a machine. */
import { measureHandlers } from "./handlers.ts";
import { costOf, movingCost } from "./prices.ts";
import { type Consumption, countSpendback, movingUnits, total } from "./spendback.ts";

/** Fresh processes per handler. More would make the medians steadier and the bench longer. */
const importRounds = 9;

const counts = await countSpendback();
const lines = costOf(counts.later);
const handlers = await measureHandlers(importRounds);

if (process.argv.includes("--json")) {
  const { write, read } = total(movingUnits(counts.later));
  const spendback = {
    writeUnits: write,
    readUnits: read,
    unitsByTable: counts.later.units,
    transitions: counts.later.transitions,
    lambdaCalls: counts.later.lambdaCalls,
    logBytes: counts.later.logBytes,
    dollarsPerMillion: movingCost(lines),
    cost: lines,
    first: unitsOf(counts.first),
    replay: unitsOf(counts.replay),
  };
  process.stdout.write(`${JSON.stringify({ spendback, handlers })}\n`);
} else {
  process.stdout.write(`${report()}\n`);
}

function report(): string {
  return [
    "DynamoDB units of one spendback, from request to succeeded (at most 12 write and 6 read)",
    "",
    ...unitTable(),
    "",
    `Step Functions transitions  ${counts.later.transitions}`,
    `Lambda calls                ${named(counts.later.lambdaCalls)}`,
    `Log                         ${counts.later.logBytes} bytes`,
    "",
    "Dollars per million spendbacks (list price, us-east-1, no free tier, session cached)",
    "",
    ...lines.map((line) => `${line.dollarsPerMillion.toFixed(2).padStart(7)}  ${line.what.padEnd(58)}  ${line.source}`),
    `${movingCost(lines).toFixed(2).padStart(7)}  all but the events out`,
    "",
    `Handlers, bundled and minified (targets: 300 kB, 80 ms; import is the median of ${importRounds} fresh processes)`,
    "",
    ...handlers.map(
      ({ name, bundleBytes, onDemandBytes, importMs }) =>
        `${name.padEnd(20)} ${(bundleBytes / 1000).toFixed(1).padStart(7)} kB ${importMs.toFixed(1).padStart(7)} ms` +
        (onDemandBytes > 0 ? `   + at most ${(onDemandBytes / 1000).toFixed(1)} kB for the provider it calls` : ""),
    ),
  ].join("\n");
}

function unitsOf(consumption: Consumption): { writeUnits: number; readUnits: number } {
  const { write, read } = total(movingUnits(consumption));
  return { writeUnits: write, readUnits: read };
}

function unitTable(): string[] {
  const columns = { "first (logs in)": counts.first, later: counts.later, "replayed key": counts.replay };
  const places = [...new Set(Object.values(columns).flatMap(({ units }) => Object.keys(units)))].sort();
  const cells = (of: (consumption: Consumption) => { write: number; read: number } | undefined) =>
    Object.values(columns)
      .map((consumption) => {
        const { write, read } = of(consumption) ?? { write: 0, read: 0 };
        return `${write} w ${read} r`.padEnd(18);
      })
      .join("");
  return [
    `${"".padEnd(24)}${Object.keys(columns)
      .map((name) => name.padEnd(18))
      .join("")}`,
    ...places.map((place) => place.padEnd(24) + cells(({ units }) => units[place])),
    "all but the events out".padEnd(24) + cells((consumption) => total(movingUnits(consumption))),
  ].map((line) => line.trimEnd());
}

function named(calls: Readonly<Record<string, number>>): string {
  return Object.entries(calls)
    .map(([name, count]) => (count === 1 ? name : `${count} ${name}`))
    .join(", ");
}
