/** How the tests run. `VITEST_JSON=<file>` also writes the result for machines (`.ci/run` counts from it). */
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const jsonFile = process.env["VITEST_JSON"];

/** Tries every mutation where `CI` is set, which takes every core for a while: after the others it disturbs none of them. */
const alone = ["test/mutations/mutations.test.ts"];

/** Their files share no state but what modules keep, which none of them relies on: they load what they test once for many files. */
const sharing = "docs domain events functions lambda openapi providers rules sandbox store"
  .split(" ")
  .map((folder) => `test/${folder}/**/*.test.ts`);

/** The longest first. Most of them wait for clocks; what is not named comes after these. */
const slowest = [
  "test/simulation/simulation.test.ts",
  "test/local/kill.test.ts",
  "test/store/dynamodb-local.test.ts",
  "test/stacks/",
  "test/flow/lost-answers.test.ts",
  "test/flow/outgoing-webhooks.test.ts",
  "test/local/start.test.ts",
  "test/functions/batch-sizes.test.ts",
  "test/flow/",
  "test/bench/",
  "test/cli/batch-stack.test.ts",
  "test/local/",
  "test/openapi/",
  "test/store/",
  "test/rules/",
  "test/simulation/",
  "test/functions/",
  "test/cli/",
];

/** What takes longest begins first, so that the short ones fill the time beside it. */
class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = slowest.findIndex((path) => moduleId.includes(`/${path}`));
  return place < 0 ? slowest.length : place;
}

/** More than the cores of a small machine: the tests of the whole stack, which begin first, wait for its clocks, and one is of low priority. */
const together = { maxWorkers: 6, sequence: { groupOrder: 0 } };

const afterwards = { maxWorkers: 1, sequence: { groupOrder: 1 } };

export default defineConfig({
  test: {
    pool: "forks",
    // Tests of the whole stack wait for its clocks; on a busy machine longer than one would think.
    testTimeout: 40_000,
    hookTimeout: 60_000,
    sequence: { sequencer: SlowestFirst },
    reporters: jsonFile ? ["default", ["json", { outputFile: jsonFile }]] : ["default"],
    projects: [
      {
        extends: true,
        test: { name: "tests", include: ["test/**/*.test.ts"], exclude: [...alone, ...sharing], ...together },
      },
      { extends: true, test: { name: "sharing", include: sharing, isolate: false, ...together } },
      { extends: true, test: { name: "alone", include: alone, ...(process.env["CI"] ? afterwards : together) } },
    ],
  },
});
