/** Who has the data's folder: the run that lives, and none that only had its process id. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { claimDataDir } from "../../local/data-dir.ts";

const moduleUrl = new URL("../../local/data-dir.ts", import.meta.url).href;

/** Enough for two looks, where nobody is expected to go. */
const impatientMs = 60;

let dataDir: string;
let children: ChildProcess[];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "moneyback-data-dir-"));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await rm(dataDir, { recursive: true, force: true });
});

const leaveBehind = (text: string) => writeFile(join(dataDir, "in-use-by"), text);
const refusal = (pid: number) =>
  `The data in ${dataDir} is in use by process ${pid}: stop it, or set MONEYBACK_DATA_DIR elsewhere.`;

/** A process, and the first line that it printed. */
async function run(file: string, args: readonly string[]): Promise<{ child: ChildProcess; pid: number; said: string }> {
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const [said] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
  return { child, pid: child.pid ?? 0, said: said.trim() };
}

const aStranger = () => run("sh", ["-c", "echo here; exec sleep 60"]);

/** Another run that has the folder, and stays. */
const aHolder = () =>
  run(process.execPath, [
    ...["--input-type=module", "-e"],
    `import { claimDataDir } from "${moduleUrl}";
    await claimDataDir("${dataDir}");
    console.log("held");
    setInterval(() => {}, 60_000);`,
  ]);

/** Killed, and never collected: its parent became a program that does not know of it. */
async function aZombie(): Promise<{ pid: number }> {
  const { pid: parent, said } = await run("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"]);
  // The shell would collect it.
  await comesToHold(`/proc/${parent}/stat`, "(sleep)");
  process.kill(Number(said), "SIGKILL");
  await comesToHold(`/proc/${said}/stat`, ") Z ");
  return { pid: Number(said) };
}

const comesToHold = (file: string, text: string) =>
  vi.waitFor(async () => expect(await readFile(file, "utf8")).toContain(text), { timeout: 15_000, interval: 5 });

describe("the folder is free", () => {
  test("when this process's id stands there from an earlier life, as in a container at each start", async () => {
    await leaveBehind(`${process.pid} 00000000-0000-0000-0000-000000000000:1`);
    await expect(claimDataDir(dataDir)).resolves.toBeTypeOf("function");
  });

  test("when an earlier version left this process's id there", async () => {
    await leaveBehind(`${process.pid}`);
    await expect(claimDataDir(dataDir)).resolves.toBeTypeOf("function");
  });

  test.runIf(process.platform === "linux")(
    "when the id went to a stranger, after a reboot or without one",
    async () => {
      const { pid } = await aStranger();
      const bootId = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
      for (const life of ["00000000-0000-0000-0000-000000000000:1", `${bootId}:1`]) {
        await leaveBehind(`${pid} ${life}`);
        const giveBack = await claimDataDir(dataDir, impatientMs);
        giveBack();
      }
    },
  );

  test.runIf(process.platform === "linux")("when its holder is dead, and nobody has collected it", async () => {
    const { pid } = await aZombie();
    await leaveBehind(`${pid}`);
    await expect(claimDataDir(dataDir, impatientMs)).resolves.toBeTypeOf("function");
  });

  test.each(["", "nonsense", "0", "-1", "99999999999"])(
    "when %j stands there, which names no process",
    async (text) => {
      await leaveBehind(text);
      await expect(claimDataDir(dataDir, impatientMs)).resolves.toBeTypeOf("function");
    },
  );

  test("as soon as a holder that was killed is gone", async () => {
    const { child } = await aHolder();
    const claim = claimDataDir(dataDir);
    child.kill("SIGKILL");
    await expect(claim).resolves.toBeTypeOf("function");
  });

  test("once it was given back", async () => {
    const giveBack = await claimDataDir(dataDir);
    giveBack();
    await expect(claimDataDir(dataDir, impatientMs)).resolves.toBeTypeOf("function");
  });
});

describe("the folder is refused", () => {
  test("while its holder lives", async () => {
    const { pid } = await aHolder();
    await expect(claimDataDir(dataDir, impatientMs)).rejects.toThrow(refusal(pid));
  });

  test("while the holder lives that an earlier version wrote down", async () => {
    const { pid } = await aStranger();
    await leaveBehind(`${pid}\n`);
    await expect(claimDataDir(dataDir, impatientMs)).rejects.toThrow(refusal(pid));
  });

  test("at once to the process that has it", async () => {
    await claimDataDir(dataDir);
    await expect(claimDataDir(dataDir, Number.POSITIVE_INFINITY)).rejects.toThrow(refusal(process.pid));
  });
});
