/** Files of rows for the tests of batches, in a folder of their own that goes when they are done. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const folder = await mkdtemp(join(tmpdir(), "moneyback-batch-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

let written = 0;

/** A file of its own each time; its name ends as it is told. */
export async function fileOf(content: string | Buffer, ending = ".csv"): Promise<string> {
  const file = join(folder, `file-${written++}${ending}`);
  await writeFile(file, content);
  return file;
}

export const textIn = (file: string): Promise<string> => readFile(file, "utf8");

/** Spendbacks of 1.00 USD and up, one for each key. */
export function spendbacksOf(keys: readonly string[]): string {
  const rows = keys.map((key, at) => `spendback,${key},ipayout,ben-alice,${at + 1}.00 USD\n`);
  return `kind,key,connection,recipient.id,amount\n${rows.join("")}`;
}
