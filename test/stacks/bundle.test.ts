/** Facts about the bundle that is deployed: it is the one that the bench weighs, and it runs. */
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundle } from "../../stacks/bundle.ts";
import { bundle as measured } from "../bench/bundle.ts";
import { root } from "./platform.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "moneyback-bundle-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(["authorize", "submit-refund"])("of %s is, file by file, what the bench weighs", async (name) => {
  const deployed = await bundle(root, name, path.join(folder, "deployed", name));
  const weighed = path.dirname((await measured(name, path.join(folder, "measured", name))).file);
  const files = await readdir(deployed);
  expect(files).toEqual(await readdir(weighed));
  for (const file of files) {
    expect(await readFile(path.join(deployed, file))).toEqual(await readFile(path.join(weighed, file)));
  }
  expect((await stat(path.join(deployed, `${name}.mjs`))).size).toBeGreaterThan(1_000);
});

test("exports the handler that Lambda is told of", async () => {
  const file = path.join(await bundle(root, "not-found", path.join(folder, "not-found")), "not-found.mjs");
  expect(await import(pathToFileURL(file).href)).toHaveProperty("handler");
});
