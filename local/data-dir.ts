/** The folder that keeps a local run's data: made where it is missing, and held by one run at a time. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, type KnownProcess, ownLife } from "./process-life.ts";

/** A run that was killed or stopped a moment ago may take this long to be gone. */
const dyingMs = 2_000;
const lookEveryMs = 50;

/**
 * Takes the folder for this process and answers what gives it back. Two runs on one folder would each write what the
 * other does not know, so the second is refused in one line. What a killed run left behind does not count,
 * and one that is just ending gets `patienceMs` for it.
 */
export async function claimDataDir(dataDir: string, patienceMs = dyingMs): Promise<() => void> {
  try {
    makeFolder(dataDir);
  } catch (error) {
    const why = error instanceof Error && "code" in error ? error.code : (error as Error).message;
    throw new Error(`MONEYBACK_DATA_DIR=${dataDir} cannot be used (${why}): name a folder that can be written.`, {
      cause: error,
    });
  }
  const file = join(dataDir, "in-use-by");
  let waitedMs = 0;
  for (let holder = holderOf(file); holder !== undefined; holder = holderOf(file)) {
    // This process is not dying: another of its stacks has the folder.
    if (holder === process.pid || waitedMs >= patienceMs) {
      throw new Error(
        `The data in ${dataDir} is in use by process ${holder}: stop it, or set MONEYBACK_DATA_DIR elsewhere.`,
      );
    }
    await sleep(lookEveryMs);
    waitedMs += lookEveryMs;
  }
  // Nothing is awaited between the last look and this.
  writeFileSync(file, `${process.pid} ${ownLife()}`);
  return () => rmSync(file, { force: true });
}

/** Folder by folder: Node's own recursive mkdir never returns where a file system, such as /proc, takes no folders. */
function makeFolder(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found) throw new Error("it is a file");
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** The process that holds the folder, if it is alive. */
function holderOf(file: string): number | undefined {
  const holder = writtenIn(file);
  return holder && isRunning(holder) ? holder.pid : undefined;
}

/** A number alone is what earlier versions wrote. Anything else was cut short by a crash: whoever wrote it is gone. */
function writtenIn(file: string): KnownProcess | undefined {
  try {
    const [, pid, life] = /^([1-9]\d*)(?: (\S+))?$/.exec(readFileSync(file, "utf8").trim()) ?? [];
    return pid === undefined ? undefined : { pid: Number(pid), life };
  } catch {
    return undefined;
  }
}
