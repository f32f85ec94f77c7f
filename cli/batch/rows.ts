/** Opens a file of rows by the form that its name says. */
import { extname } from "node:path";
import { usage } from "../command-error.ts";
import { csvPass } from "./csv-rows.ts";
import { jsonLinesPass } from "./json-rows.ts";
import type { RowFile, RowWishes } from "./row.ts";

/** @throws CommandError where the name says no form that is read */
export function rowFileOf(name: string, wishes: RowWishes): RowFile {
  const extension = extname(name).toLowerCase();
  if ([".csv", ".tsv", ".txt"].includes(extension)) return { name, pass: () => csvPass(name, wishes) };
  if ([".jsonl", ".ndjson"].includes(extension)) return { name, pass: () => jsonLinesPass(name, wishes) };
  throw usage(`${name} is neither .csv nor .jsonl. moneyback batch template writes either, to begin with.`);
}
