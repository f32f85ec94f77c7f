/**
 * Proves that biome.json really refuses what the design's arrows forbid: every edge below is one import, linted with
 * the project's own configuration in a tree of its own. A rule that never fires would otherwise go unseen.
 */
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const zod = `import * as z from "zod/mini"`;

/** What a file of each room may import: a bare specifier stands for `import "…"`, a statement for itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  "lib/domain/a.ts": ["./money.ts", "node:crypto", zod],
  "lib/docs/a.ts": ["./html.ts", "node:crypto"],
  "lib/flow/a.ts": ["./definition.asl.json", "./render.ts", "../domain/money.ts"],
  "lib/store/a.ts": [
    "./port.ts",
    "../domain/money.ts",
    "node:crypto",
    "@aws-sdk/client-dynamodb",
    "@aws-sdk/util-dynamodb",
    zod,
  ],
  "lib/providers/a.ts": ["./port.ts", "./http.ts", "../domain/outcome.ts", "node:crypto", zod],
  "lib/providers/http.ts": ["ky", "./port.ts", "../domain/outcome.ts", "node:timers/promises", zod],
  "lib/providers/registry.ts": ["./port.ts", "./ipayout/client.ts", "./nexio/client.ts", "../domain/outcome.ts"],
  "lib/providers/ipayout/a.ts": ["./wire.ts", "../port.ts", "../http.ts", "../../domain/money.ts", "node:crypto", zod],
  "lib/lambda/a.ts": [
    "./log.ts",
    "../domain/errors.ts",
    "../providers/port.ts",
    "../providers/registry.ts",
    "../providers/http.ts",
    "../store/dynamodb.ts",
    "../flow/definition.asl.json",
    "@aws-sdk/client-sfn",
    "@middy/core",
    `import type { Context } from "aws-lambda"`,
    zod,
  ],
  "functions/a.ts": [
    "../lib/domain/money.ts",
    "../lib/lambda/endpoint.ts",
    "../lib/providers/registry.ts",
    "../lib/store/port.ts",
    "../lib/docs/page.ts",
    "../docs/openapi.json",
    "./routes.ts",
    "./tasks.ts",
    "./triggers.ts",
    "node:crypto",
    zod,
  ],
  "cli/a.ts": [
    "./table.ts",
    "../package.json",
    "../lib/domain/money.ts",
    "../lib/store/dynamodb-api-keys.ts",
    "@aws-sdk/client-dynamodb",
    "commander",
    "node:timers/promises",
    `void import("./keys.ts")`,
    `void import("./batch/run.ts")`,
  ],
  "cli/batch/a.ts": ["./rows.ts", "../table.ts", "../../lib/domain/money.ts", "csv-parse", "node:fs"],
  "openapi/a.ts": [
    "./document.ts",
    "./operations/service.ts",
    "../functions/routes.ts",
    "../lib/domain/errors.ts",
    "../lib/lambda/endpoint.ts",
    "node:fs/promises",
    zod,
  ],
  "openapi/operations/a.ts": ["../operation.ts", "../examples/answers.ts", "../../lib/lambda/shown-transaction.ts"],
  "local/a.ts": [
    "./gateway.ts",
    "../functions/routes.ts",
    "../functions/triggers.ts",
    "../lib/store/tables.ts",
    "../lib/flow/definition.asl.json",
    "../lib/providers/registry.ts",
    "../sandbox/server.ts",
    "@aws-sdk/client-dynamodb",
    "croner",
    "node:http",
  ],
  "sandbox/a.ts": ["./server.ts", "./ipayout/transfers.ts", "node:http"],
  "sandbox/ipayout/a.ts": ["./transfers.ts", "../ledger.ts", "node:http"],
  "stacks/a.ts": [
    "./api.ts",
    "../functions/routes.ts",
    "../lib/store/tables.ts",
    "../lib/lambda/bundle-aliases.ts",
    "../lib/lambda/event-sources.ts",
    "../lib/providers/registry.ts",
    "../lib/flow/definition.asl.json",
  ],
  "test/a.ts": ["./support/stack.ts", "../lib/providers/ipayout/client.ts", "../local/start.ts", "ky"],
};

/** What it may not import, in the forms in which somebody would write it. */
const forbidden: Readonly<Record<string, readonly string[]>> = {
  "lib/domain/a.ts": [
    "../providers/port.ts",
    "../providers/ipayout/wire.ts",
    "../store/port.ts",
    "../flow/render.ts",
    "../lambda/log.ts",
    "../../functions/routes.ts",
    "../../lib/store/port.ts",
    "../../local/start.ts",
    "../../sandbox/server.ts",
    "../../stacks/api.ts",
    "../../test/a.ts",
    "./../store/port.ts",
    "/anywhere/lib/store/port.ts",
    "@aws-sdk/client-dynamodb",
    "ky",
    "@middy/core",
    "zod",
    "node:http",
    "fs",
    `import type { Store } from "../store/port.ts"`,
    `export { store } from "../store/port.ts"`,
    `export * from "../store/port.ts"`,
    `void import("../store/port.ts")`,
    `import store = require("../store/port.ts")`,
    `import { z } from "zod/mini"`,
    `import { z as schema } from "zod/mini"`,
    `import z from "zod/mini"`,
    `import { z } from "zod"`,
    `import * as z from "zod"`,
    `import * as z from "zod/v4"`,
  ],
  "lib/docs/a.ts": ["../domain/errors.ts", "../lambda/page.ts", "../../docs/openapi.json", "node:fs", "zod/mini"],
  "lib/flow/a.ts": ["../store/port.ts", "../providers/port.ts", "../lambda/log.ts", "@aws-sdk/client-sfn", "ky"],
  "lib/store/a.ts": [
    "../providers/port.ts",
    "../providers/nexio/client.ts",
    "../lambda/log.ts",
    "../flow/render.ts",
    "../../functions/triggers.ts",
    "../../local/start.ts",
    "../../sandbox/server.ts",
    "../../test/a.ts",
    "@aws-sdk/client-sfn",
    "@aws-sdk/client-secrets-manager",
    "@aws-sdk/client-dynamodb/dist-cjs/index.js",
    "@middy/core",
    "ky",
    `import { z } from "zod/mini"`,
    `import * as z from "zod"`,
  ],
  "lib/providers/a.ts": [
    "ky",
    "./ipayout/client.ts",
    "../store/port.ts",
    "../lambda/log.ts",
    "../../functions/routes.ts",
    "../../sandbox/server.ts",
    "@aws-sdk/client-secrets-manager",
    `import { z } from "zod/mini"`,
  ],
  "lib/providers/http.ts": ["./ipayout/client.ts", "../store/port.ts", "@aws-sdk/client-dynamodb", `import "zod"`],
  "lib/providers/registry.ts": ["ky", "../store/port.ts", "../lambda/log.ts", "@aws-sdk/client-dynamodb", "zod"],
  "lib/providers/ipayout/a.ts": [
    "ky",
    "../nexio/client.ts",
    "../nexio/mapping.ts",
    "../../providers/nexio/client.ts",
    "../registry.ts",
    "../../store/port.ts",
    "../../lambda/log.ts",
    "../../../functions/routes.ts",
    "../../../local/start.ts",
    "../../../sandbox/ipayout.ts",
    "@aws-sdk/client-dynamodb",
    "node:https",
    `import { z } from "zod/mini"`,
    `import * as z from "zod"`,
  ],
  "lib/providers/paysafe/a.ts": ["../sipay/wire.ts", "ky"],
  "lib/lambda/a.ts": [
    "../providers/ipayout/client.ts",
    "../../functions/routes.ts",
    "../../local/start.ts",
    "../../sandbox/server.ts",
    "../../test/a.ts",
    "ky",
    "zod",
    `import { z } from "zod/mini"`,
  ],
  "lib/newcomer/a.ts": ["../domain/money.ts", "node:fs", "ky"],
  "lib/a.ts": ["./domain/money.ts"],
  "functions/a.ts": [
    "@aws-sdk/client-dynamodb",
    "@aws-sdk/client-sfn",
    "@middy/core",
    "ky",
    "zod",
    "../lib/providers/ipayout/client.ts",
    "./create-spendback.ts",
    "../functions/create-spendback.ts",
    "../local/start.ts",
    "../sandbox/server.ts",
    "../stacks/api.ts",
    "../test/a.ts",
    `import { z } from "zod/mini"`,
  ],
  "functions/nested/a.ts": ["../routes.ts", "../../lib/domain/money.ts"],
  "cli/a.ts": [
    "../lib/lambda/endpoint.ts",
    "../lib/providers/registry.ts",
    "../lib/providers/ipayout/client.ts",
    "../lib/flow/render.ts",
    "../functions/routes.ts",
    "../functions/create-spendback.ts",
    "../local/stack.ts",
    "../sandbox/server.ts",
    "../stacks/api.ts",
    "../test/a.ts",
    "@aws-sdk/client-sfn",
    "@middy/core",
    "ky",
    "zod",
    `void import("../lib/lambda/log.ts")`,
  ],
  "cli/batch/a.ts": [
    "../../lib/store/port.ts",
    "../../lib/lambda/endpoint.ts",
    "../../functions/routes.ts",
    "../../local/stack.ts",
    "../../sandbox/server.ts",
    "../../test/a.ts",
    "../../package.json",
    "@aws-sdk/client-dynamodb",
    "commander",
    "ky",
    "zod",
  ],
  "openapi/a.ts": [
    "../functions/create-spendback.ts",
    "../lib/providers/registry.ts",
    "../lib/store/port.ts",
    "../lib/docs/page.ts",
    "../local/stack.ts",
    "../sandbox/server.ts",
    "../test/a.ts",
    "zod",
    `import { z } from "zod/mini"`,
  ],
  "openapi/operations/a.ts": [
    "../../functions/create-spendback.ts",
    "../../lib/store/port.ts",
    "../../sandbox/server.ts",
  ],
  "local/a.ts": [
    "../test/a.ts",
    "../stacks/api.ts",
    "../functions/create-spendback.ts",
    "../lib/providers/ipayout/client.ts",
    "../sandbox/ipayout.ts",
    "ky",
  ],
  "sandbox/a.ts": [
    "../lib/domain/money.ts",
    "../lib/providers/ipayout/wire.ts",
    "../functions/routes.ts",
    "../local/start.ts",
    "../test/a.ts",
    "ky",
  ],
  "sandbox/ipayout/a.ts": [
    "../nexio/transfers.ts",
    "../../lib/domain/money.ts",
    "../../lib/providers/ipayout/wire.ts",
    "../../functions/routes.ts",
    "../../local/start.ts",
    "../../test/a.ts",
    "ky",
  ],
  "stacks/a.ts": [
    "../lib/lambda/log",
    "../functions/create-spendback",
    "../local/start",
    "../test/a",
    "../sandbox/server",
  ],
  "sst.config.ts": ["./test/a.ts"],
};

/** One file that breaks the rule and one that shows the right way. */
const proofs: readonly { readonly rule: string; readonly at: string; readonly bad: string; readonly good: string }[] = [
  {
    rule: "lint/nursery/noFloatingPromises",
    at: "lib/store/promise.ts",
    bad: `async function pay(): Promise<void> {}\nexport function run(): void {\n  pay();\n}\n`,
    good: `async function pay(): Promise<void> {}\nexport async function run(): Promise<void> {\n  await pay();\n}\n`,
  },
  {
    rule: "lint/nursery/noMisusedPromises",
    at: "lib/store/condition.ts",
    bad: `async function paid(): Promise<boolean> {\n  return true;\n}\nexport function run(): number {\n  if (paid()) return 1;\n  return 0;\n}\n`,
    good: `async function paid(): Promise<boolean> {\n  return true;\n}\nexport async function run(): Promise<number> {\n  if (await paid()) return 1;\n  return 0;\n}\n`,
  },
  {
    rule: "lint/nursery/useExhaustiveSwitchCases",
    at: "lib/domain/switch.ts",
    bad: `export function word(kind: "refund" | "cashback"): string {\n  switch (kind) {\n    case "refund":\n      return "r";\n  }\n  return "";\n}\n`,
    good: `export function word(kind: "refund" | "cashback"): string {\n  switch (kind) {\n    case "refund":\n      return "r";\n    case "cashback":\n      return "c";\n  }\n}\n`,
  },
  {
    rule: "lint/suspicious/noImportCycles",
    at: "lib/domain/cycle.ts",
    bad: `import type { Partner } from "./cycle-bad-partner.ts";\nexport interface Cycle {\n  readonly partner: Partner;\n}\n`,
    good: `import type { Partner } from "./cycle-good-partner.ts";\nexport interface Cycle {\n  readonly partner: Partner;\n}\n`,
  },
  {
    rule: "lint/style/noDefaultExport",
    at: "lib/domain/default.ts",
    bad: "export default function pay(): void {}\n",
    good: "export function pay(): void {}\n",
  },
  {
    rule: "lint/performance/noBarrelFile",
    at: "lib/domain/barrel.ts",
    bad: `export { pay } from "./default-good.ts";\n`,
    good: `import { pay } from "./default-good.ts";\nexport const payLater = pay;\n`,
  },
  {
    rule: "lint/correctness/useImportExtensions",
    at: "lib/domain/extension.ts",
    bad: `import { pay } from "./default-good";\nexport const payLater = pay;\n`,
    good: `import { pay } from "./default-good.ts";\nexport const payLater = pay;\n`,
  },
  {
    rule: "lint/style/useImportType",
    at: "lib/domain/type.ts",
    bad: `import { Partner } from "./cycle-good-partner.ts";\nexport type Mine = Partner;\n`,
    good: `import type { Partner } from "./cycle-good-partner.ts";\nexport type Mine = Partner;\n`,
  },
  {
    rule: "lint/style/noCommonJs",
    at: "lib/domain/require.ts",
    bad: `export const store: unknown = require("../store/port.ts");\n`,
    good: "export const store: unknown = undefined;\n",
  },
  {
    rule: "lint/style/noRestrictedGlobals",
    at: "lib/providers/nexio/call.ts",
    bad: `export const call = (): Promise<Response> => fetch("https://example.com");\n`,
    good: `import { send } from "../http.ts";\nexport const call = (): unknown => send("https://example.com");\n`,
  },
  {
    rule: "lint/style/noProcessEnv",
    at: "lib/store/environment.ts",
    bad: `export const table = process.env["TRANSACTIONS_TABLE"];\n`,
    good: "export const named = (table: string): string => table;\n",
  },
  {
    rule: "lint/style/noParameterProperties",
    at: "lib/domain/property.ts",
    bad: "export class Pay {\n  constructor(readonly amount: number) {}\n}\n",
    good: "export class Pay {\n  readonly amount: number;\n  constructor(amount: number) {\n    this.amount = amount;\n  }\n}\n",
  },
  {
    rule: "lint/suspicious/noExplicitAny",
    at: "functions/any.ts",
    bad: "export const body: any = 1;\n",
    good: "export const body: unknown = 1;\n",
  },
  {
    rule: "lint/suspicious/noConsole",
    at: "functions/console.ts",
    bad: `console.log("paid");\nexport const done = true;\n`,
    good: "export const done = true;\n",
  },
  {
    rule: "lint/suspicious/noFocusedTests",
    at: "test/focused.ts",
    bad: `import { test } from "vitest";\ntest.${"only"}("pays", () => {});\n`,
    good: `import { test } from "vitest";\ntest("pays", () => {});\n`,
  },
  {
    rule: "lint/suspicious/noSkippedTests",
    at: "test/skipped.ts",
    bad: `import { test } from "vitest";\ntest.${"skip"}("pays", () => {});\n`,
    good: `import { test } from "vitest";\ntest("pays", () => {});\ntest.skipIf(process.platform === "win32")("pays", () => {});\n`,
  },
];

/** Files beside the proofs, and exceptions that the configuration makes. */
const companions: Readonly<Record<string, string>> = {
  "lib/domain/cycle-bad-partner.ts": `import type { Cycle } from "./cycle-bad.ts";\nexport interface Partner {\n  readonly cycle?: Cycle;\n}\n`,
  "lib/domain/cycle-good-partner.ts": "export interface Partner {\n  readonly id: string;\n}\n",
  "lib/lambda/log.ts": `console.log("{}");\nexport const done = true;\n`,
  "vitest.config.ts": "export default {};\n",
};

interface Diagnostic {
  readonly category: string;
  readonly message: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

const restricted = "lint/style/noRestrictedImports";
const suffixed = (file: string, suffix: string): string => file.replace(/\.ts$/, `-${suffix}.ts`);
const statementOf = (edge: string): string => (edge.includes(" ") ? `${edge};` : `import "${edge}";`);

/** Allowed and forbidden edges of a file lie on lines of one file, since some rules hang on the file's exact name. */
const edgesOf = (file: string): readonly string[] => [...(allowed[file] ?? []), ...(forbidden[file] ?? [])];
const edgeFiles = [...new Set([...Object.keys(allowed), ...Object.keys(forbidden)])];

let directory = "";
let diagnostics: readonly Diagnostic[] = [];

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "moneyback-rules-"));
  await copyFile(path.join(root, "biome.json"), path.join(directory, "biome.json"));
  const files: Record<string, string> = { ".gitignore": "node_modules/\n", ...companions };
  for (const file of edgeFiles) files[file] = `${edgesOf(file).map(statementOf).join("\n")}\n`;
  for (const { at, bad, good } of proofs) {
    files[suffixed(at, "bad")] = bad;
    files[suffixed(at, "good")] = good;
  }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
    await writeFile(path.join(directory, file), text);
  }
  diagnostics = await lint(directory);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe("the directions of imports", () => {
  const rows = (edges: Readonly<Record<string, readonly string[]>>) =>
    Object.entries(edges).flatMap(([file, list]) => list.map((edge) => ({ file, edge })));

  test.each(rows(forbidden))("$file may not: $edge", ({ file, edge }) => {
    expect(restrictedOn(file, edge)).toHaveLength(1);
  });

  test.each(rows(allowed))("$file may: $edge", ({ file, edge }) => {
    expect(restrictedOn(file, edge)).toEqual([]);
  });

  test("both tables are long enough to mean something, and no edge is in both", () => {
    expect(rows(forbidden).length).toBeGreaterThan(80);
    expect(rows(allowed).length).toBeGreaterThan(50);
    for (const file of edgeFiles) expect(new Set(edgesOf(file)).size, file).toBe(edgesOf(file).length);
  });

  test("every message says what the room may import", () => {
    const messages = diagnostics.filter(({ category }) => category === restricted).map(({ message }) => message);
    for (const message of messages) expect(message.length, message).toBeGreaterThan(40);
  });
});

describe("the other rules", () => {
  test.each(proofs)("$rule fires in $at", ({ rule, at }) => {
    expect(categoriesIn(suffixed(at, "bad"))).toContain(rule);
    expect(categoriesIn(suffixed(at, "good"))).not.toContain(rule);
  });

  test("the log may write to the console, and vitest's configuration may export by default", () => {
    expect(categoriesIn("lib/lambda/log.ts")).toEqual([]);
    expect(categoriesIn("vitest.config.ts")).toEqual([]);
  });
});

function restrictedOn(file: string, edge: string): readonly Diagnostic[] {
  const line = edgesOf(file).indexOf(edge) + 1;
  return diagnostics.filter(
    ({ category, location }) => category === restricted && location.path === file && location.start.line === line,
  );
}

function categoriesIn(file: string): readonly string[] {
  return diagnostics.filter(({ location }) => location.path === file).map(({ category }) => category);
}

/** Biome leaves with 1 when it found something; whatever is not its report (a broken configuration) fails here. */
async function lint(cwd: string): Promise<readonly Diagnostic[]> {
  const biome = path.join(root, "node_modules/.bin/biome");
  const output = await new Promise<string>((resolve, reject) => {
    execFile(
      biome,
      ["lint", "--reporter=json", "--max-diagnostics=none", "."],
      { cwd, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => (stdout.startsWith("{") ? resolve(stdout) : reject(error ?? new Error(stderr))),
    );
  });
  return (JSON.parse(output) as { readonly diagnostics: readonly Diagnostic[] }).diagnostics;
}
