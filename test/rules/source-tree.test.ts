/**
 * Facts about the tree that neither biome nor the compiler can state. Each rule is a function from files to offences;
 * it is shown a bad sample first, so that a rule which finds nothing has been seen to find something.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");

interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

interface Rule {
  readonly name: string;
  readonly offences: (files: readonly SourceFile[]) => readonly string[];
  /** Samples that must each yield an offence. */
  readonly bad: readonly SourceFile[];
  /** Samples that must yield none, though they look alike. */
  readonly good: readonly SourceFile[];
}

const sourceFolders = ["cli", "functions", "lib", "local", "openapi", "sandbox"];
const tableFiles = ["functions/routes.ts", "functions/tasks.ts", "functions/triggers.ts"];
const knownProviders = ["ipayout", "nexio", "mircate", "sipay", "paysafe"];

const repository = read(["cli", "functions", "lib", "local", "openapi", "sandbox", "stacks", "test"]);
const providerIds = [
  ...new Set([...knownProviders, ...repository.flatMap(({ path: file }) => providerFolderOf(file))]),
];

// Written in pieces, so that this file does not offend against itself.
const unfinished = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "X" + "XX"].join("|")})\\b`);
/** The time of the machine, in each way that the language has. */
const readsClock =
  /\bDate\s*\.\s*now\b|\bnew\s+Date\b(?!\s*\(\s*[^\s)])|(?<![.\w]|\bnew\s+)Date\s*\(|\b(?:performance|Temporal)\b/;

const drawsCases = `from "${"fast" + "-check"}"`;

const cannotRun = ["on" + "ly", "sk" + "ip", "to" + "do"];

const rules: readonly Rule[] = [
  {
    name: "no test is left out or runs alone",
    offences: (files) =>
      linesMatching(
        files.filter(({ path: file }) => file.startsWith("test/")),
        new RegExp(
          `\\b(?:x(?:it|test|describe)\\b|(?:it|test|describe|suite|bench)(?:\\.\\w+)*\\.(?:${cannotRun.join("|")})\\b)`,
        ),
      ),
    bad: cannotRun.flatMap((word) => [
      { path: "test/a.test.ts", text: `test.${word}("pays", () => {});` },
      { path: "test/a.test.ts", text: `describe.concurrent.${word}("pays", () => {});` },
    ]),
    good: [{ path: "test/a.test.ts", text: `describe.skipIf(!java)("pays", () => {});` }],
  },
  {
    name: "no file is named after nothing in particular",
    offences: (files) =>
      files
        .map(({ path: file }) => file)
        .filter((file) => /(^|[/.-])(utils?|helpers?|commons?|managers?|misc)(?=[/.-])/.test(file)),
    bad: [
      { path: "lib/domain/utils.ts", text: "" },
      { path: "lib/store/key-helpers.ts", text: "" },
      { path: "lib/common/money.ts", text: "" },
      { path: "local/process-manager.ts", text: "" },
    ],
    good: [{ path: "lib/domain/commonwealth.ts", text: "" }],
  },
  {
    name: "every source file says in its first line what it holds",
    offences: (files) =>
      files
        .filter(isSource)
        .filter(lacksOpening)
        .map(({ path: file }) => file),
    bad: [
      { path: "lib/domain/money.ts", text: `import * as z from "zod/mini";\n/** Money, in minor units. */\n` },
      { path: "functions/a.ts", text: "/** */\nexport const a = 1;\n" },
      { path: "sandbox/a.ts", text: "// biome-ignore lint: later\nexport const a = 1;\n" },
      { path: "local/a.ts", text: "" },
    ],
    good: [
      { path: "lib/domain/money.ts", text: "/** Money, in minor units. */\n" },
      { path: "lib/domain/ids.ts", text: "/**\n * Ids are derived, never drawn.\n */\n" },
      { path: "local/start.ts", text: "// Brings everything up on one machine.\n" },
      { path: "cli/start.js", text: "#!/usr/bin/env node\n/** Starts the command line. */\n" },
    ],
  },
  {
    name: "nothing is marked as unfinished",
    offences: (files) => linesMatching(files, unfinished),
    bad: [{ path: "lib/a.ts", text: `// ${"TO" + "DO"}: pay` }],
    good: [{ path: "lib/a.ts", text: "const todoist = 1;" }],
  },
  {
    name: "what a test draws, it draws from the one seed of test/property.ts",
    offences: (files) =>
      linesMatching(
        files.filter(({ path: file }) => file !== "test/property.ts"),
        new RegExp(drawsCases),
      ),
    bad: [{ path: "test/domain/a.test.ts", text: `import fc ${drawsCases};` }],
    good: [{ path: "test/property.ts", text: `import fc ${drawsCases};` }],
  },
  {
    name: "a module that is loaded by a computed name is loaded only by the local run",
    offences: (files) =>
      files
        .filter(({ path: file }) => /^(cli|functions|lib|sandbox)\//.test(file))
        .filter(({ text }) => /\bimport\(\s*(?!"[^"]*"\s*[,)])/.test(withoutComments(text)))
        .map(({ path: file }) => file),
    bad: [
      { path: "lib/domain/a.ts", text: "await import(`../store/port.ts`);" },
      { path: "functions/a.ts", text: "await import(name);" },
    ],
    good: [
      { path: "lib/lambda/a.ts", text: `await import("../providers/registry.ts"); // or import(name)` },
      { path: "local/worker.ts", text: "await import(name);" },
    ],
  },
  {
    name: "nothing among the providers reads the machine's clock: time is passed in",
    offences: (files) =>
      files
        .filter(({ path: file }) => file.startsWith("lib/providers/"))
        .filter(({ text }) => readsClock.test(withoutComments(text)))
        .map(({ path: file }) => file),
    bad: [
      { path: "lib/providers/a/look-up.ts", text: "const endDate = new Date();" },
      { path: "lib/providers/a/look-up.ts", text: "const endDate = new Date ( ).toISOString();" },
      { path: "lib/providers/a/look-up.ts", text: "const endDate = new Date;" },
      { path: "lib/providers/a/webhook.ts", text: "const age = Date.now() - time;" },
      { path: "lib/providers/http.ts", text: "const clock = Date.now;" },
      { path: "lib/providers/http.ts", text: "const text = Date();" },
      { path: "lib/providers/http.ts", text: "const began = performance.now();" },
    ],
    good: [
      { path: "lib/providers/a/look-up.ts", text: "// new Date()\nconst day = new Date(now().getTime() - dayMs);" },
      { path: "lib/providers/a/finding.ts", text: "const time = Date.parse(row.createdAt ?? row.Date());" },
      { path: "lib/lambda/clock.ts", text: "const now = () => new Date();" },
    ],
  },
  {
    name: "nobody names a provider outside its folder, the registry, the sandbox and the local connections",
    offences: (files) =>
      files.filter(mayNotNameProviders).flatMap(({ path: file, text }) => {
        const [own] = providerFolderOf(file);
        return providersNamed(text)
          .filter((id) => id !== own)
          .map((id) => `${file}: ${id}`);
      }),
    bad: [
      { path: "lib/lambda/a.ts", text: `if (connection.provider === "paysafe") refund();` },
      { path: "functions/a.ts", text: "const fees = { nexio: 12 };" },
      { path: "local/demo.ts", text: "start('mircate');" },
      { path: "local/connections.ts", text: `[{ id: "nexio" }]` },
      { path: "lib/providers/http.ts", text: "switch (id) { case `sipay`: }" },
      { path: "lib/providers/nexio/client.ts", text: `const other = "ipayout";` },
      { path: "stacks/api.ts", text: "registry.sipay.scope;" },
      { path: "openapi/operations.ts", text: `if (connection === "nexio") describe();` },
    ],
    good: [
      { path: "lib/lambda/a.ts", text: `/** As "paysafe" does. */\nconst a = "https://a/b"; // not nexio\n` },
      { path: "lib/lambda/b.ts", text: `const c = "// "; const message = "Paysafe said no";` },
      { path: "lib/providers/paysafe/client.ts", text: `export const id = "paysafe";` },
      { path: "lib/providers/registry.ts", text: `import { ipayout } from "./ipayout/client.ts";` },
      { path: "sandbox/server.ts", text: `const stands = { nexio };` },
      { path: "openapi/examples/requests.ts", text: `const connection = "nexio";` },
      { path: "test/demo.test.ts", text: `pay("nexio");` },
    ],
  },
];

describe("the source tree", () => {
  test("was really read", () => {
    const paths = repository.map(({ path: file }) => file);
    expect(paths).toEqual(
      expect.arrayContaining([...tableFiles, "lib/store/tables.ts", "test/rules/source-tree.test.ts"]),
    );
    expect(repository.filter(isSource).length).toBeGreaterThan(5);
    expect(repository.every(({ text }) => text.length > 0)).toBe(true);
  });

  describe.each(rules)("$name", ({ offences, bad, good }) => {
    test("in this repository", () => expect(offences(repository)).toEqual([]));
    test.each(bad)("finds the offence in a bad $path", (file) => expect(offences([file])).not.toEqual([]));
    test.each(good)("lets a good $path pass", (file) => expect(offences([file])).toEqual([]));
  });
});

describe("the functions' tables", () => {
  test("name every function file, and only files that exist", async () => {
    const tables = await Promise.all(tableFiles.map((file) => import(path.join(root, file)) as Promise<object>));
    const files = repository.map(({ path: file }) => file).filter((file) => file.startsWith("functions/"));
    const named = tables.flatMap(functionsNamed);
    expect(named.length).toBeGreaterThan(5);
    expect(tableOffences(named, files)).toEqual([]);
  });

  test("are read whole: rows, plain names and maps", () => {
    const rows = [{ method: "GET", path: "/v1/a", function: "get-a" }, { function: "get-b" }];
    expect(functionsNamed({ rows, fallbackFunction: "not-found", tasks: { A: "do-a" }, limit: 3 })).toEqual([
      "get-a",
      "get-b",
      "not-found",
      "do-a",
    ]);
  });

  test("offend when a file is missing or named by none", () => {
    expect(tableOffences(["pay"], [...tableFiles, "functions/orphan.ts"])).toEqual([
      "pay is in a table, but functions/pay.ts is not there",
      "functions/orphan.ts is in no table",
    ]);
    expect(tableOffences(["pay"], [...tableFiles, "functions/pay.ts"])).toEqual([]);
  });
});

describe("README.md", () => {
  const commands = ["npm ci && npm run demo", "npm ci && npm test"];

  test("tells how to see it work and how to test it", () => {
    expect(missingCommands(readFileSync(path.join(root, "README.md"), "utf8"))).toEqual([]);
  });

  test("offends without a command", () => {
    expect(missingCommands("npm ci && npm test")).toEqual(["npm ci && npm run demo"]);
    expect(missingCommands("nothing")).toEqual(commands);
  });

  function missingCommands(text: string): readonly string[] {
    return commands.filter((command) => !text.includes(command));
  }
});

function read(folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    list(folder)
      .filter((file) => /\.[cm]?tsx?$|\.js$/.test(file))
      .map((file) => ({ path: file, text: readFileSync(path.join(root, file), "utf8") })),
  );
}

function list(folder: string): readonly string[] {
  const entries = readdirSync(root, { withFileTypes: true }).some(({ name }) => name === folder)
    ? readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    : [];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"))
    .sort();
}

function isSource({ path: file }: SourceFile): boolean {
  return sourceFolders.some((folder) => file.startsWith(`${folder}/`));
}

/** A sentence: a capital or a code word to begin with, at least three words, not an order to a tool. A command says first what runs it. */
function lacksOpening({ text }: SourceFile): boolean {
  const opening = /^(?:#!\S+ node\n)?(?:\/\*\*\s*(?:\*\s+)?|\/\/\s+)(.+)/.exec(text)?.[1] ?? "";
  const words = opening
    .replace(/\*\/\s*$/, "")
    .trim()
    .split(/\s+/);
  return words.length < 3 || /^(biome|@ts|eslint|prettier)/.test(opening);
}

function linesMatching(files: readonly SourceFile[], pattern: RegExp): readonly string[] {
  return files.flatMap(({ path: file, text }) =>
    text.split("\n").flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
}

/** Comments and strings, in the order in which they begin, so that neither is taken for the other. */
const tokens = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`/g;
const isComment = (token: string): boolean => token.startsWith("//") || token.startsWith("/*");

function withoutComments(text: string): string {
  return text.replace(tokens, (token) => (isComment(token) ? " " : token));
}

/** Provider ids that stand in the code as a whole string or as a name of their own, not within a longer text. */
function providersNamed(text: string): readonly string[] {
  const strings: string[] = [];
  const code = text.replace(tokens, (token) => {
    if (!isComment(token)) strings.push(token.slice(1, -1));
    return " ";
  });
  return providerIds.filter((id) => strings.includes(id) || new RegExp(`\\b${id}\\b`).test(code));
}

function mayNotNameProviders({ path: file }: SourceFile): boolean {
  // Example calls are made to the sandbox's own connections, whose ids are their providers'.
  return !/^(sandbox|test|openapi\/examples)\//.test(file) && file !== "lib/providers/registry.ts";
}

/** The provider whose folder holds the file: none or one. */
function providerFolderOf(file: string): readonly string[] {
  const folder = /^lib\/providers\/([^/]+)\/./.exec(file)?.[1];
  return folder ? [folder] : [];
}

/** Every export of a table is a function's name, a list of rows with a `function`, or a map to names. */
function functionsNamed(table: object): readonly string[] {
  return Object.values(table).flatMap((value: unknown): readonly string[] => {
    if (typeof value === "string") return [value];
    if (Array.isArray(value)) return value.flatMap((row: { function?: string }) => row.function ?? []);
    return typeof value === "object" && value !== null
      ? Object.values(value).filter((name) => typeof name === "string")
      : [];
  });
}

function tableOffences(named: readonly string[], files: readonly string[]): readonly string[] {
  const fileOf = (name: string): string => `functions/${name}.ts`;
  return [
    ...[...new Set(named)]
      .filter((name) => !files.includes(fileOf(name)))
      .map((name) => `${name} is in a table, but ${fileOf(name)} is not there`),
    ...files
      .filter((file) => !tableFiles.includes(file) && !named.some((name) => fileOf(name) === file))
      .map((file) => `${file} is in no table`),
  ];
}
