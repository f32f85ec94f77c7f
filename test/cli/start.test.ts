/** Facts about the start of the command: what it loads, on which Node it runs, and what it says of itself. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { exitCodeOf } from "../../cli/exit-codes.ts";
import { scopes } from "../../lib/domain/scopes.ts";
import { statuses } from "../../lib/domain/transaction.ts";
import { moneyback, start } from "./command.ts";

const textOf = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const manual = textOf("docs/cli.md");

/** Prints, at the end, every file that was loaded. */
const tellsLoaded = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  process.on("exit", () => console.error(JSON.stringify(loaded)));
`)}`;

/** Says that this is an older Node than it is. */
const claimsOlder = `data:text/javascript,${encodeURIComponent(`
  Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });
`)}`;

const commands = [
  "spendback",
  "refund",
  "cashback",
  ...["list", "show", "watch", "cancel", "resolve"].map((name) => `transactions ${name}`),
  ...["template", "run", "list", "items", "show", "watch", "start", "cancel", "retry"].map((name) => `batch ${name}`),
  "health",
  "connections check",
  ...["create", "list", "revoke"].map((name) => `keys ${name}`),
];

describe("moneyback", () => {
  test("loads for its help neither the SDK, nor schemas, nor what commands do", async () => {
    const { code, problem } = await start(["--help"], {}, ["--import", tellsLoaded]).ended;
    expect(code).toBe(0);
    const loaded = Object.values(problem()) as string[];
    expect(loaded.some((url) => url.endsWith("/cli/program.ts"))).toBe(true);
    expect(
      loaded.filter((url) =>
        /@aws-sdk|@smithy|zod|lib\/store|csv-parse|cli\/batch\/|cli\/(api|send|keys|follow)\.ts/.test(url),
      ),
    ).toEqual([]);
  });

  test("on an older Node runs on the one that the package brings, with the same exit code", async () => {
    const { code, out } = await start(["--version"], {}, ["--import", claimsOlder]).ended;
    expect([code, out.trim()]).toEqual([0, (JSON.parse(textOf("package.json")) as { version: string }).version]);
    const refused = await start(["nonsense", "--json"], {}, ["--import", claimsOlder]).ended;
    expect([refused.code, refused.problem()["code"]]).toEqual([1, "usage"]);
  });

  test("starts without a folder to keep compiled code in", async () => {
    expect((await start(["--version"], { HOME: "/dev/null" }).ended).code).toBe(0);
  });

  test.each(commands)("%s has a help, and every option of it stands in docs/cli.md", async (command) => {
    const { code, out } = await moneyback([...command.split(" "), "--help"]);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: moneyback ${command} [options]`);
    const options = out.match(/--[a-z][a-z-]+/g) ?? [];
    expect(options).toContain("--json");
    const unnamed = options.filter((option) => !["--help", "--version"].includes(option) && !manual.includes(option));
    expect(unnamed).toEqual([]);
  });

  test("says of --payout what it takes", async () => {
    const { out } = await moneyback(["cashback", "--help"]);
    expect(out).toMatch(/--payout <when>\s+now \(as without it\), or scheduled:/);
  });

  test.each(scopes)("can make a key with the scope %s, and docs/cli.md says so", (scope) => {
    expect(manual.slice(manual.indexOf("## API keys"))).toContain(`\`${scope}\``);
  });

  test("has an exit code for every status", () => {
    expect(Object.keys(exitCodeOf).sort()).toEqual([...statuses].sort());
  });
});
