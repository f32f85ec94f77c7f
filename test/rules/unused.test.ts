/** Proves that knip.json really finds what nothing uses, in a small project of its own. */
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");

const project: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({ name: "sample", type: "module", dependencies: { ky: "2.1.0" } }),
  "tsconfig.json": JSON.stringify({ compilerOptions: { module: "nodenext", allowImportingTsExtensions: true } }),
  "functions/pay.ts": `import { used } from "../lib/domain/money.ts";\nexport const handler = used;\n`,
  "lib/domain/money.ts": "export const used = 1;\nexport const unusedExport = 2;\nexport interface UnusedType {}\n",
  "lib/domain/orphan.ts": "export const orphan = 1;\n",
  "local/lambda-worker.ts": `console.log("a thread");\n`,
};

let directory = "";
let report = "";

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "moneyback-unused-"));
  await copyFile(path.join(root, "knip.json"), path.join(directory, "knip.json"));
  for (const [file, text] of Object.entries(project)) {
    await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
    await writeFile(path.join(directory, file), text);
  }
  report = await new Promise((resolve, reject) => {
    const knip = path.join(root, "node_modules/.bin/knip");
    execFile(knip, ["--reporter", "compact"], { cwd: directory }, (error, stdout, stderr) =>
      error?.code === 1 ? resolve(stdout) : reject(new Error(`knip found nothing to object to: ${stdout}${stderr}`)),
    );
  });
});

afterAll(() => rm(directory, { recursive: true, force: true }));

test.each(["lib/domain/orphan.ts", "unusedExport", "UnusedType", "ky"])("finds %s", (offence) => {
  expect(report).toContain(offence);
});

test.each(["functions/pay.ts", "handler", "local/lambda-worker.ts"])("lets %s pass", (entry) => {
  expect(report).not.toContain(entry);
});
