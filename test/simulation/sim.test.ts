/** `npm run sim` as a person meets it: what it takes, and what it says to what makes no sense. */
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { readArguments } from "./arguments.ts";

const script = new URL("./sim.ts", import.meta.url).pathname;

function sim(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

const known = "there are --runs, --from, --workers, --seed, --json, --help.";

describe("npm run sim", () => {
  test.each([
    [["--runs", "0"], '--runs must be a whole number from 1 to 999999999999, not "0".'],
    [["--runs", "-5"], '--runs must be a whole number from 1 to 999999999999, not "-5".'],
    [["--runs", "1e3"], '--runs must be a whole number from 1 to 999999999999, not "1e3".'],
    [["--runs"], "--runs must be a whole number from 1 to 999999999999, not nothing."],
    [["--runs="], '--runs must be a whole number from 1 to 999999999999, not "".'],
    [["--runs", "1\n2"], '--runs must be a whole number from 1 to 999999999999, not "1\\n2".'],
    [["--from", "1000000000000"], '--from must be a whole number from 0 to 999999999999, not "1000000000000".'],
    [["--workers", "0"], '--workers must be a whole number from 1 to 256, not "0".'],
    [["--workers", "1000"], '--workers must be a whole number from 1 to 256, not "1000".'],
    [["--seed", "abc"], '--seed must be a whole number from 0 to 999999999999, not "abc".'],
    [["--json=yes"], '--json takes no value, so not "yes".'],
    [["--rusn", "5"], `"--rusn" is no option: ${known}`],
    [["--no-json"], `"--no-json" is no option: ${known}`],
    [["42"], `"42" belongs to no option: ${known}`],
    [
      ["--seed", "7", "--runs", "10000"],
      "--seed is one run alone, so it does not go with --runs: leave one of the two out.",
    ],
    [
      ["--from", "1", "--seed", "7"],
      "--seed is one run alone, so it does not go with --from: leave one of the two out.",
    ],
  ])("refuses %j", (args, why) => {
    expect(readArguments(args)).toEqual({ kind: "wrong", why });
  });

  test("says what it refuses in one line, runs nothing, and ends with 2", () => {
    expect(sim("--runs", "0")).toEqual({
      status: 2,
      stdout: "",
      stderr: '--runs must be a whole number from 1 to 999999999999, not "0".\n',
    });
  });

  test("explains itself on --help, and runs nothing", () => {
    const { status, stdout, stderr } = sim("--help");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    for (const named of ["--runs", "--from", "--workers", "--seed", "--json", "--help"])
      expect(stdout).toContain(named);
  });

  test.each([["-h"], ["--help", "--runs", "0"]])("explains itself rather than complain, on %s", (...args) => {
    expect(readArguments(args)).toEqual({ kind: "help" });
  });

  test("runs as many as it is told", () => {
    const { status, stdout } = sim("--from", "3", "--runs", "2", "--workers", "1", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ runs: 2, violations: [] });
  });

  test("runs one seed alone, any from 0", () => {
    expect(readArguments(["--seed", "0", "--json"])).toEqual({ kind: "one", seed: 0, isJson: true });
  });

  test("runs ten thousand from the first seed, unless it is told otherwise", () => {
    expect(readArguments([])).toMatchObject({ kind: "many", batch: { from: 1, runs: 10_000 }, isJson: false });
  });
});
