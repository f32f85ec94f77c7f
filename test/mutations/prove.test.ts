/** `npm run mutations` as a person meets it: what it says to what makes no sense. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const script = new URL("./prove.ts", import.meta.url).pathname;

function prove(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

test.each([
  [["nonsense"], 'No mutation has "nonsense" in its name: try a word such as "hold", or none for all.\n'],
  [["--hold"], '"--hold" is no option: there is --help, and a part of a name.\n'],
  [["hold", "once"], '"once" is one too many: put a name of more words in quotes.\n'],
])("says in one line what is wrong with %j, and ends with 2", (args, stderr) => {
  expect(prove(...args)).toEqual({ status: 2, stdout: "", stderr });
});

test("explains itself on --help, and proves nothing", () => {
  const { status, stdout, stderr } = prove("--help");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain("npm run mutations -- hold");
});
