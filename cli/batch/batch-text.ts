/** A batch as people read it: what it is, and how many of its rows came to what. */
import type { Balance } from "../../lib/domain/money.ts";
import type { Status } from "../../lib/domain/transaction.ts";
import { amountText } from "../amounts.ts";
import { tableOf } from "../table.ts";
import { plain, type Terminal } from "../terminal.ts";
import { paintStatus } from "../transaction-text.ts";
import type { Batch } from "./api.ts";

export function batchText(batch: Batch, terminal: Pick<Terminal, "paint">): string {
  const { id, name, status, rows, repeated, runAt, startedAt, endedAt, expectedEndAt, cost } = batch;
  const facts: [name: string, text: string | undefined][] = [
    ["rows", repeated > 0 ? `${rows}, of which ${repeated} were transactions before` : String(rows)],
    ["begins", status === "scheduled" ? runAt : undefined],
    ["started", startedAt],
    ["ended", endedAt],
    ["expected end", endedAt === undefined ? expectedEndAt : undefined],
    ["cost", cost && `${cost.dollars} USD at AWS's list prices`],
  ];
  const shown = facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
  return [
    [id, ...(name === undefined ? [] : [plain(name)]), status].join("  "),
    ...shown.map(([fact, text]) => `  ${terminal.paint("dim", fact.padEnd(13))}  ${plain(text)}`),
    ...countsTable(batch, terminal)
      .split("\n")
      .map((line) => `  ${line}`),
  ].join("\n");
}

function countsTable({ counts, amounts }: Batch, { paint }: Pick<Terminal, "paint">): string {
  const lines = (Object.entries(counts) as [Status, number][]).filter(([, count]) => count > 0);
  const table = tableOf<[Status, number]>([
    { heading: "STATUS", cell: ([status]) => status, paint: (text, [status]) => paintStatus(paint, status, text) },
    { heading: "ROWS", cell: ([, count]) => String(count) },
    { heading: "AMOUNT", cell: ([status]) => amountsText(amounts, status) },
  ]);
  return table.lines(lines);
}

/** `199.90 USD, 5.00 EUR`: two currencies never add. */
export function amountsText<Name extends string>(
  amounts: Readonly<Record<string, Readonly<Partial<Record<Name, number>>>>>,
  of: Name,
): string {
  return Object.entries(amounts)
    .flatMap(([currency, sums]) => {
      const value = sums[of];
      return value === undefined ? [] : [amountText({ value: value as Balance["value"], currency })];
    })
    .join(", ");
}
