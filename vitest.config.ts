/** How the tests run. `VITEST_JSON=<file>` also writes the result for machines (`.ci/run` counts from it). */
import { defineConfig } from "vitest/config";

const jsonFile = process.env["VITEST_JSON"];

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    // Vitest leaves one core free; on two cores that would run the files one after another.
    maxWorkers: "100%",
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: jsonFile ? ["default", ["json", { outputFile: jsonFile }]] : ["default"],
  },
});
