/** How the tests run. `VITEST_JSON=<file>` also writes the result for machines (`.ci/run` counts from it). */
import { defineConfig } from "vitest/config";

const jsonFile = process.env["VITEST_JSON"];

/** Each of these takes every core for a while: alone, and after the others, they take a fraction of the time. */
const proofs = ["test/simulation/simulation.test.ts", "test/mutations/mutations.test.ts"];

export default defineConfig({
  test: {
    pool: "forks",
    // Tests of the whole stack wait for its clocks; on a busy machine longer than one would think.
    testTimeout: 40_000,
    hookTimeout: 60_000,
    reporters: jsonFile ? ["default", ["json", { outputFile: jsonFile }]] : ["default"],
    projects: [
      {
        extends: true,
        test: {
          name: "tests",
          include: ["test/**/*.test.ts"],
          exclude: proofs,
          // One more than the cores of a small machine: the tests of the whole stack mostly wait for its clocks.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: "proofs", include: proofs, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
