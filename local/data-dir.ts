/** The folder that keeps a local run's data: made where it is missing, and held by one run at a time. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Takes the folder for this process and answers what gives it back. Two runs on one folder would each write what the
 * other does not know, so the second is refused in one line. What a killed run left behind does not count.
 */
export function claimDataDir(dataDir: string): () => void {
  try {
    makeFolder(dataDir);
  } catch (error) {
    const why = error instanceof Error && "code" in error ? error.code : (error as Error).message;
    throw new Error(`MONEYBACK_DATA_DIR=${dataDir} cannot be used (${why}): name a folder that can be written.`, {
      cause: error,
    });
  }
  const file = join(dataDir, "in-use-by");
  const holder = holderOf(file);
  if (holder !== undefined) {
    throw new Error(
      `The data in ${dataDir} is in use by process ${holder}: stop it, or set MONEYBACK_DATA_DIR elsewhere.`,
    );
  }
  writeFileSync(file, String(process.pid));
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
  try {
    const pid = Number(readFileSync(file, "utf8"));
    // Signal 0 is not sent: it only asks whether there is such a process.
    return pid > 0 && process.kill(pid, 0) ? pid : undefined;
  } catch {
    return undefined;
  }
}
