/** Facts about package-lock.json that keep `npm ci` working on npm 10 to 12 and from any registry. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const file = path.resolve(import.meta.dirname, "../../package-lock.json");

describe("package-lock.json", () => {
  const lock = parseLock(readFileSync(file, "utf8"));

  test("has an entry for every optional dependency, so that `npm ci` works on npm 10 to 12", () => {
    expect(missingOptional(lock)).toEqual([]);
    expect(Object.values(lock.packages).flatMap(optionalOf).length).toBeGreaterThan(20);
  });

  test("names no registry", () => expect(resolvedIn(lock)).toEqual([]));

  test("offends with an optional dependency that has no entry", () => {
    const binary = { optionalDependencies: { "@biome/linux": "1", "@biome/darwin": "1" } };
    const packages = { "node_modules/biome": binary, "node_modules/@biome/linux": {} };
    expect(missingOptional({ packages })).toEqual(["node_modules/biome wants @biome/darwin"]);
    const nested = { "node_modules/a/node_modules/biome": binary, "node_modules/a/node_modules/@biome/linux": {} };
    expect(missingOptional({ packages: { ...nested, "node_modules/@biome/darwin": {} } })).toEqual([]);
    expect(missingOptional({ packages: { "": { optionalDependencies: { dynoxide: "1" } } } })).toEqual([
      "the project wants dynoxide",
    ]);
  });

  test("offends with a registry's address", () => {
    const packages = { "node_modules/a": { resolved: "https://registry.example/a.tgz" }, "node_modules/b": {} };
    expect(resolvedIn({ packages })).toEqual(["node_modules/a"]);
  });
});

interface LockEntry {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly resolved?: string;
}

interface Lock {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

function parseLock(text: string): Lock {
  return JSON.parse(text) as Lock;
}

function optionalOf(entry: LockEntry): readonly string[] {
  return Object.keys(entry.optionalDependencies ?? {});
}

/** Looks for a package as Node does: beside the one that wants it, then in each folder above. */
function missingOptional({ packages }: Lock): readonly string[] {
  return Object.entries(packages).flatMap(([at, entry]) =>
    optionalOf(entry)
      .filter((name) => !foldersAbove(at).some((folder) => `${folder}node_modules/${name}` in packages))
      .map((name) => `${at || "the project"} wants ${name}`),
  );
}

function foldersAbove(at: string): readonly string[] {
  if (at === "") return [""];
  const parent = at.lastIndexOf("/node_modules/");
  return [`${at}/`, ...foldersAbove(parent < 0 ? "" : at.slice(0, parent))];
}

function resolvedIn({ packages }: Lock): readonly string[] {
  return Object.entries(packages).flatMap(([at, { resolved }]) => (resolved ? [at] : []));
}
