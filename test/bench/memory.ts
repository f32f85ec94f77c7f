/** What a process keeps of the transactions that went through it: the heap after a hundred thousand, against the heap after a thousand. */
import { fork } from "node:child_process";
import { rounded } from "./statistics.ts";

export interface Memory {
  readonly transactions: readonly [number, number];
  /** The heap in use after a collection, in MB. */
  readonly heapMb: readonly [number, number];
  /** What the process holds of the machine at the end, in MB: collected or not. */
  readonly rssMb: number;
  /** Kept for each transaction, in bytes; around 0, either way. */
  readonly bytesPerTransaction: number;
}

/** What the child tells at each of the two marks. */
export interface Mark {
  readonly heapBytes: number;
  readonly rssBytes: number;
}

export async function measureMemory(few: number, many: number): Promise<Memory> {
  const file = new URL("memory-process.ts", import.meta.url);
  const child = fork(file, [String(few), String(many)], {
    execArgv: ["--expose-gc"],
    // Its standard output is the Lambdas' log.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const marks: Mark[] = [];
  child.on("message", (mark) => marks.push(mark as Mark));
  const code = await new Promise<number | null>((resolve) => child.on("exit", resolve));
  const [first, last] = marks;
  if (code !== 0 || !first || !last) throw new Error(`the process whose memory was measured ended with ${code}`);
  return {
    transactions: [few, many],
    heapMb: [rounded(first.heapBytes / 1e6), rounded(last.heapBytes / 1e6)],
    rssMb: rounded(last.rssBytes / 1e6),
    bytesPerTransaction: rounded((last.heapBytes - first.heapBytes) / (many - few), 1),
  };
}
