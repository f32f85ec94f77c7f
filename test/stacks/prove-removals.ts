/**
 * `npm run test:stacks:removals`: takes one thing after the other out of a copy of stacks/, makes the graph anew, and prints what noticed.
 * A part of the names as an argument tries only those.
 */
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { prepareSynthesis } from "./graphs.ts";
import { permissionMatrix } from "./permission-matrix.ts";
import { installPlatform, root } from "./platform.ts";
import { rules } from "./rules/all.ts";
import { matrix, type SourceRemoval, sourceRemovals } from "./source-removals.ts";

const folder = path.join(root, ".sst/removals");

/** The rules, or the program's own words, that notice the removal. */
async function noticed({ file, from, to }: SourceRemoval): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(path.join(root, "stacks"), path.join(folder, "stacks"), { recursive: true });
  await cp(path.join(root, "sst.config.ts"), path.join(folder, "sst.config.ts"));
  for (const room of ["functions", "lib"]) await symlink(path.join(root, room), path.join(folder, room));
  const changed = file === "sst.config.ts" ? path.join(folder, file) : path.join(folder, "stacks", file);
  const text = await readFile(changed, "utf8");
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  await writeFile(changed, text.replace(from, to));
  await using synthesis = await prepareSynthesis({ config: path.join(folder, "sst.config.ts") });
  try {
    const graph = await synthesis.graphOf("production");
    const known = await readFile(path.join(import.meta.dirname, "permission-matrix.txt"), "utf8");
    return [
      ...Object.entries(rules)
        .filter(([, rule]) => rule(graph).length > 0)
        .map(([name]) => name),
      ...(permissionMatrix(graph) === known ? [] : [matrix]),
    ];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

await installPlatform();
const wanted = process.argv[2] ?? "";
let missed = 0;
for (const removal of sourceRemovals.filter(({ what }) => what.includes(wanted))) {
  const by = await noticed(removal);
  const isNoticed = by.some((name) => name.includes(removal.noticedBy));
  if (!isNoticed) missed++;
  console.log(
    `${isNoticed ? "noticed" : "MISSED "}  ${removal.what.padEnd(40)} ${isNoticed ? removal.noticedBy : by.join("; ")}`,
  );
}
await rm(folder, { recursive: true, force: true });
console.log(missed === 0 ? "Everything was noticed." : `${missed} were not noticed.`);
process.exitCode = missed === 0 ? 0 : 1;
