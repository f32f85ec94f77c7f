/** The bench's figures as a person reads them. */
import { batchWeightLines, killedBatchLines } from "./batch-report.ts";
import type { Figures } from "./figures.ts";
import type { KindFigures } from "./kind-figures.ts";
import type { Phases } from "./overhead.ts";

export function reportOf(figures: Partial<Figures>): string {
  const { spendback, refund, cashback, batchRow, references, handlers, acceptRate, growth, memory, hotMerchant } =
    figures;
  const kinds = Object.entries({ spendback, refund, cashback }).flatMap(([kind, of]) =>
    of ? [[kind, of] as const] : [],
  );
  return [
    ...(kinds.length > 0 ? kindsTable(kinds) : []),
    ...kinds.flatMap(([kind, of]) => [...costTable(kind, of), ...phaseTable(kind, of.phases)]),
    ...(batchRow ? batchRowTable(batchRow) : []),
    ...(references ? referencesTable(references) : []),
    ...(acceptRate ? acceptTable(acceptRate) : []),
    ...(growth ? growthLines(growth) : []),
    ...(memory ? memoryLines(memory) : []),
    ...(hotMerchant ? hotLines(hotMerchant) : []),
    ...(figures.batchWeights ? batchWeightLines(figures.batchWeights) : []),
    ...(figures.batchKilled ? killedBatchLines(figures.batchKilled) : []),
    ...(handlers ? handlersTable(handlers) : []),
  ]
    .join("\n")
    .trimEnd();
}

type Row = readonly (string | number)[];

/** Columns as wide as their widest cell; numbers to the right. */
function table(title: string, rows: readonly Row[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? "").length))) ?? [];
  const line = (row: Row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return typeof cell === "number" ? String(cell).padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return [title, "", ...rows.map(line), ""];
}

function kindsTable(kinds: readonly (readonly [string, KindFigures])[]): string[] {
  const row = (name: string, of: (figures: KindFigures) => string | number): Row => [
    name,
    ...kinds.map(([, figures]) => of(figures)),
  ];
  const places = [...new Set(kinds.flatMap(([, { unitsByPlace }]) => Object.keys(unitsByPlace)))].sort();
  return table("One transaction, from request to its end (targets: 12 write and 6 read units, $12, 3 bare writes)", [
    ["", ...kinds.map(([kind]) => kind)],
    row("write units / read units", ({ writeUnits, readUnits }) => `${writeUnits} / ${readUnits}`),
    ...places.map((place) =>
      row(`  ${place}`, ({ unitsByPlace }) => {
        const { write, read } = unitsByPlace[place] ?? { write: 0, read: 0 };
        return `${write} / ${read}`;
      }),
    ),
    row("  the very first one", ({ first }) => `${first.writeUnits} / ${first.readUnits}`),
    row("  once more of the same original", ({ again }) => (again ? `${again.writeUnits} / ${again.readUnits}` : "–")),
    row("  the same key again", ({ replay }) => `${replay.writeUnits} / ${replay.readUnits}`),
    row("transitions", ({ transitions }) => `${transitions}`),
    row("bytes of log", ({ logBytes }) => `${logBytes}`),
    row("dollars per million", ({ dollarsPerMillion }) => dollarsPerMillion.toFixed(2)),
    row("our own ms, p50 / p99", ({ overheadMsP50, overheadMsP99 }) => `${overheadMsP50} / ${overheadMsP99}`),
    row("in bare handlers, p50 / p99", (of) => `${of.overheadRatioP50} / ${of.overheadRatioP99}`),
    row("  noise at p50", ({ noise }) => percent(noise)),
    row("accepted, in bare handlers, p50", ({ acceptedRatioP50 }) => `${acceptedRatioP50}`),
  ]);
}

function costTable(kind: string, { cost, pricesOf, dollarsPerMillion }: KindFigures): string[] {
  const title = `Dollars per million ${kind}s (list prices of ${pricesOf}, us-east-1, no free tier)`;
  return table(title, [
    ...cost.map(({ what, dollarsPerMillion: dollars, source }) => [dollars.toFixed(2).padStart(6), what, source]),
    [dollarsPerMillion.toFixed(2).padStart(6), "all but the events out", ""],
  ]);
}

function phaseTable(kind: string, phases: Phases): string[] {
  return table(`Where a ${kind}'s time goes, median ms without the provider's`, [
    ["", "ms", "of it waiting for the tables", "calls of the tables"],
    ...Object.entries(phases).map(([name, { ownMs, tablesMs, tableCalls }]) => [name, ownMs, tablesMs, tableCalls]),
  ]);
}

function batchRowTable(row: Figures["batchRow"]): string[] {
  const { rows, writeUnits, readUnits, transitions, lambdaCalls, cost, dollarsPerMillion, pricesOf } = row;
  return table(`A row of a batch of ${rows} cashbacks: dollars per million rows (list prices of ${pricesOf})`, [
    ...cost.map(({ what, dollarsPerMillion: dollars, source }) => [dollars.toFixed(2).padStart(6), what, source]),
    [dollarsPerMillion.toFixed(2).padStart(6), "all but the events out", ""],
    [
      "",
      `${writeUnits} write and ${readUnits} read units, ${transitions} transitions, ${lambdaCalls} Lambda calls`,
      "",
    ],
  ]);
}

function referencesTable(references: Figures["references"]): string[] {
  return table("What it is compared with, in the same run", [
    ["", "p50 ms", "p99 ms", "ratio"],
    ...Object.entries(references).map(([name, { msP50, msP99, ratioP50 }]) => [name, msP50, msP99, ratioP50]),
  ]);
}

function acceptTable(rates: Figures["acceptRate"]): string[] {
  return table("Spendbacks a second, against the emulator's own conditional writes a second", [
    ["callers", "accepted", "finished", "writes", "accepted / writes", "noise"],
    ...rates.map((of) => [
      of.concurrency,
      of.acceptedPerSecond,
      of.finishedPerSecond,
      of.writesPerSecond,
      of.ratio,
      percent(of.noise),
    ]),
  ]);
}

function growthLines({
  stored: [few, many],
  overheadMsP50: [small, large],
  ratio,
  noise,
  listRatio,
}: Figures["growth"]) {
  return table(`${few} against ${many} stored transactions (target: within 10 %)`, [
    ["our own ms for a spendback, p50", `${small} and ${large}`, `× ${ratio}`, `noise ${percent(noise)}`],
    ["the first page of a list", "", `× ${listRatio}`, ""],
  ]);
}

function memoryLines({
  transactions: [few, many],
  heapMb: [before, after],
  rssMb,
  bytesPerTransaction,
}: Figures["memory"]) {
  return table(`The heap of a process after ${few} and after ${many} transactions`, [
    [`${before} and ${after} MB`, `${bytesPerTransaction} bytes kept a transaction`, `${rssMb} MB held of the machine`],
  ]);
}

function hotLines({
  callers,
  refunds,
  perSecond,
  spreadPerSecond,
  ratio,
  noise,
  lastOverFirst,
  holdUnits,
}: Figures["hotMerchant"]) {
  const holds = Object.entries(holdUnits).map(([place, units]) => `${place}. ${units}`);
  return table(`A hot merchant: ${callers} callers, one tenant, connection and original, ${refunds} refunds`, [
    [
      "refunds a second, one original / each its own",
      `${perSecond} / ${spreadPerSecond}`,
      `× ${ratio}`,
      `noise ${percent(noise)}`,
    ],
    ["last round over first", "", `× ${lastOverFirst}`, ""],
    ["write units of the nth hold", holds.join(", "), "", ""],
  ]);
}

function handlersTable(handlers: Figures["handlers"]): string[] {
  return table("Handlers, bundled and minified (targets: 300 kB, 80 ms; imported by fresh processes, median)", [
    ["", "kB", "with a provider", "import ms"],
    ...handlers.map(({ name, bundleBytes, onDemandBytes, importMs }) => [
      name,
      (bundleBytes / 1_000).toFixed(1).padStart(6),
      onDemandBytes > 0 ? ((bundleBytes + onDemandBytes) / 1_000).toFixed(1).padStart(6) : "",
      importMs,
    ]),
  ]);
}

function percent(share: number): string {
  return `±${Math.round(share * 100)} %`;
}
