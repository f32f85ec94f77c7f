/** A provider can be deleted: its folder, its registry line, its sandbox and its tests; everything else holds. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isThorough } from "../thoroughness.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const bin = (name: string) => join(root, "node_modules", ".bin", name);
const removed = "nexio";

const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "");

/** What belongs to the provider alone. */
function isItsOwn(file: string): boolean {
  return (
    file.startsWith(`lib/providers/${removed}/`) ||
    file.startsWith(`sandbox/${removed}`) ||
    file.startsWith(`test/providers/${removed}/`) ||
    file.startsWith(`test/sandbox/${removed}`)
  );
}

describe("without a provider", () => {
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "moneyback-removal-"));
    for (const file of tracked.filter((file) => !isItsOwn(file))) {
      mkdirSync(join(copy, dirname(file)), { recursive: true });
      cpSync(join(root, file), join(copy, file));
    }
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    for (const list of ["lib/providers/registry.ts", "sandbox/providers.ts"]) {
      const text = readFileSync(join(copy, list), "utf8");
      // The registry has a line for it; the sandbox's list an import and a word.
      const without = text
        .replace(new RegExp(`^(import \\{ ${removed} \\}| {2}${removed}: ).*\\n`, "m"), "")
        .replace(new RegExp(`(\\[|, )${removed}\\b`), "$1")
        .replace("[, ", "[")
        .replace(", ,", ",");
      expect(without, list).not.toContain(removed);
      writeFileSync(join(copy, list), without);
    }
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test("there was something to remove", () => {
    expect(tracked.filter(isItsOwn).length).toBeGreaterThan(5);
  });

  test.runIf(isThorough)(
    "everything type-checks",
    () => {
      const { status, stdout } = spawnSync(bin("tsc"), ["-p", "tsconfig.json"], { cwd: copy, encoding: "utf8" });
      expect(stdout).toBe("");
      expect(status).toBe(0);
    },
    60_000,
  );

  // Its absence is the compiler's to find; these run what reads the registry: the connections, the functions, a whole stack.
  test.runIf(isThorough)(
    "tests of the registry, of the functions, of another provider and of a whole stack pass",
    () => {
      const suites = [
        "test/providers/connections.test.ts",
        "test/functions/once-only.test.ts",
        "test/functions/get-health.test.ts",
        "test/flow/tour.test.ts",
        "test/providers/ipayout/mapping.test.ts",
      ];
      const { status, stdout } = spawnSync(bin("vitest"), ["run", ...suites], {
        cwd: copy,
        encoding: "utf8",
        env: { ...process.env, VITEST_JSON: "" },
      });
      expect(status, stdout.slice(-2_000)).toBe(0);
    },
    120_000,
  );
});
