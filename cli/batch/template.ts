/** `batch template`: rows of a kind to begin with, in the form that `batch run` takes. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Kind } from "../../lib/domain/transaction.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { csvOf } from "./csv.ts";
import { nested } from "./item.ts";
import { textOf } from "./text-of-file.ts";

export interface TemplateOptions {
  readonly kind: Kind;
  readonly jsonl?: boolean;
}

export async function showTemplate({ kind, jsonl = false }: TemplateOptions, { terminal }: Context): Promise<number> {
  // They move what the local run's sandbox has, so they are data beside the code.
  const file = fileURLToPath(new URL(`./examples/${kind}.csv`, import.meta.url));
  const text = jsonl ? await asJsonLines(file) : await readFile(file, "utf8");
  terminal.show({ kind, format: jsonl ? "jsonl" : "csv", text }, () => text);
  return exitCodes.done;
}

async function asJsonLines(file: string): Promise<string> {
  const { header, records } = await csvOf(textOf(file));
  const names = header && "cells" in header ? header.cells : [];
  let text = "";
  for await (const record of records) {
    const cells = "cells" in record ? record.cells : [];
    const values = names.map((name, at): [string, string] => [name, cells[at] ?? ""]);
    text += `${JSON.stringify(nested(new Map(values.filter(([, cell]) => cell !== ""))))}\n`;
  }
  return text;
}
