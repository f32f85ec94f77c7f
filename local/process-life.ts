/** Tells one life of a process id from another: ids come back, in a container at every start, elsewhere after a reboot. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

/** A process as another one wrote it down, perhaps long ago. */
export interface KnownProcess {
  readonly pid: number;
  /** What `ownLife` was there; undefined where only the id was written. */
  readonly life: string | undefined;
}

/** Stands in for the start of this process where the system does not tell it: it is at least no other run's. */
const runId = `run:${randomUUID()}`;

/** What this process has in common with none that had its id before it, on this machine or in an earlier container. */
export function ownLife(): string {
  return seenInProc(process.pid)?.life ?? runId;
}

/**
 * Whether it still runs, the very one that was meant. Where /proc is missing, a stranger that got the id counts as the
 * one that was meant: better to refuse what is free than to share what is taken.
 */
export function isRunning({ pid, life }: KnownProcess): boolean {
  // Without a life it was written by an earlier version, thus not by this run.
  if (pid === process.pid) return life === ownLife();
  const seen = seenInProc(pid);
  if (!seen) return answersSignals(pid);
  return !seen.isDead && (life === undefined || life === seen.life);
}

/** Linux only; undefined elsewhere, and where there is no such process or it may not be looked at. */
function seenInProc(pid: number): { readonly life: string; readonly isDead: boolean } | undefined {
  try {
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // proc_pid_stat(5): the second field is the name, in brackets, and may hold blanks and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, startTicks] = [fields[0], fields[19]];
    if (state === undefined || startTicks === undefined) return undefined;
    // Z: killed, and not yet collected by its parent, which in a container may never happen.
    return { life: `${bootId}:${startTicks}`, isDead: state === "Z" || state === "X" };
  } catch {
    return undefined;
  }
}

/** Signal 0 is not sent: it only asks whether there is such a process. */
function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
