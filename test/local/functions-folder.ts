/** Writes Lambda functions into a folder of their own, so that each test shows the functions that it runs. */
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The folder's URL. Each source is the text of one TypeScript file that exports `handler`. */
export async function functionsFolder(sources: Readonly<Record<string, string>>): Promise<URL> {
  const root = await mkdtemp(join(tmpdir(), "moneyback-functions-"));
  const folder = join(root, "functions");
  await mkdir(folder);
  await writeFile(join(root, "package.json"), JSON.stringify({ type: "module" }));
  for (const [name, source] of Object.entries(sources)) await writeFile(join(folder, `${name}.ts`), source);
  return pathToFileURL(`${folder}/`);
}
