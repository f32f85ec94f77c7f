/** `batch run --dry-run`: what would become of each row. Nothing moves, and nothing is stored. */
import type { Kind } from "../../lib/domain/transaction.ts";
import { withDecimals } from "../amounts.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { plain } from "../terminal.ts";
import { postBatch } from "./api.ts";
import { amountsText } from "./batch-text.ts";
import { type FileError, refusedRows, wrongFile } from "./file-errors.ts";
import type { Part } from "./parts.ts";
import { patiently } from "./patience.ts";
import { type Plan, plannedParts } from "./plan.ts";
import type { RowFile } from "./row.ts";

interface Verdict {
  readonly row: number;
  readonly kind: Kind;
  readonly key: string;
  /** `unchecked`: a refund of which nobody knows how much is left. */
  readonly verdict: "accepted" | "repeated" | "refused" | "unchecked";
  readonly code?: string;
  readonly detail?: string;
  /** What the row's key stands for already. */
  readonly transaction?: { readonly id: string; readonly status: string };
}

type Counts = Readonly<Record<Verdict["verdict"], number>>;

/** Minor units, by currency. A verdict of which there is nothing is absent, and so are all of an older service. */
type Amounts = Readonly<Record<string, Readonly<Partial<Record<"total" | Verdict["verdict"], number>>>>>;

interface DryRun {
  readonly rows: number;
  readonly counts: Counts;
  readonly amounts: Amounts;
  readonly items: readonly Verdict[];
}

/** Done where no row is refused: a script that asks wants to hear of the others. */
export async function dryRun(file: RowFile, plan: Plan, context: Context): Promise<number> {
  const { terminal } = context;
  const { total, lines } = await verdictsOn(file, plan, context);
  terminal.show({ dryRun: true, ...total }, () => dryRunText(total, lines));
  if (plan.digests.length > 1 && total.items.some(({ kind }) => kind === "refund")) {
    terminal.note("Refunds of one original add up within each 5,000 rows only.");
  }
  return total.counts.refused > 0 ? exitCodes.failed : exitCodes.done;
}

async function verdictsOn(file: RowFile, plan: Plan, context: Context): Promise<{ total: DryRun; lines: number[] }> {
  let total: DryRun = {
    rows: 0,
    counts: { accepted: 0, repeated: 0, refused: 0, unchecked: 0 },
    amounts: {},
    items: [],
  };
  const lines: number[] = [];
  const errors: FileError[] = [];
  for await (const part of plannedParts(file, plan)) {
    context.terminal.live(`Asking: ${lines.length} of ${plan.rows} rows`);
    lines.push(...part.rows.map(({ line }) => line));
    const answer = await ask(part, context);
    if ("wrong" in answer) errors.push(...answer.wrong);
    else total = sumOf(total, answer.said);
  }
  if (errors.length > 0) throw wrongFile(file.name, errors, exitCodes.refused);
  return { total, lines };
}

async function ask(part: Part, context: Context): Promise<{ said: DryRun } | { wrong: readonly FileError[] }> {
  const key = `cli-dry-run-${context.newId()}`;
  const body = { items: part.items, dryRun: true };
  try {
    return { said: (await patiently(() => postBatch<DryRun>(body, key, context), context)).body };
  } catch (error) {
    const wrong = refusedRows(error, part);
    if (wrong.length === 0) throw error;
    return { wrong };
  }
}

/** Rows are counted over the whole file. */
function sumOf(one: DryRun, other: DryRun): DryRun {
  const { accepted, repeated, refused, unchecked } = one.counts;
  return {
    rows: one.rows + other.rows,
    counts: {
      accepted: accepted + other.counts.accepted,
      repeated: repeated + other.counts.repeated,
      refused: refused + other.counts.refused,
      unchecked: unchecked + other.counts.unchecked,
    },
    amounts: sumOfAmounts(one.amounts, other.amounts),
    items: [...one.items, ...other.items.map((item) => ({ ...item, row: item.row + one.rows }))],
  };
}

function sumOfAmounts(one: Amounts, other: Amounts): Amounts {
  const sums: Record<string, Record<string, number>> = {};
  for (const amounts of [one, other]) {
    for (const [currency, members] of Object.entries(amounts)) {
      const sum = { ...sums[currency] };
      for (const [name, value] of Object.entries(members)) sum[name] = (sum[name] ?? 0) + value;
      sums[currency] = sum;
    }
  }
  return sums;
}

function dryRunText({ rows, counts, amounts, items }: DryRun, lines: readonly number[]): string {
  const told = items.filter(({ verdict }) => verdict === "refused" || verdict === "unchecked");
  const whole = amountsText(amounts, "total");
  const refused = amountsText(amounts, "refused");
  const ofWhich = refused === "" ? "" : `, of which ${refused} would be refused`;
  return [
    ...told.map(({ row, verdict, code, detail }) => {
      const why = [code, detail].filter((text) => text !== undefined).join(": ");
      return plain(`line ${lines[row - 1]}: ${verdict}${why === "" ? "" : `, ${withDecimals(why)}`}`);
    }),
    `${rows} rows${whole === "" ? "" : `, ${whole}`}${ofWhich}: ${counts.accepted} would be accepted, ${counts.refused} refused, ${counts.unchecked} cannot be told; ${counts.repeated} are transactions already.`,
    "Nothing moved.",
  ].join("\n");
}
