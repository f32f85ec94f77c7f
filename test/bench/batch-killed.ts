/** Ten thousand cashbacks through a stack that is killed in the middle, like a plug that is pulled, and started again on what it left. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { localApiKey } from "../../local/stack.ts";
import { rounded } from "./statistics.ts";

export interface KilledBatch {
  readonly rows: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** Rows that had ended when the stack was killed. */
  readonly killedAt: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Movements in the sandbox's ledger, and how many references they have: one each, or something moved twice. */
  readonly movements: number;
  readonly references: number;
  /** Looks at the batch at which its counts did not add up to its rows, or a row that had ended had not. */
  readonly wrongLooks: number;
  /** DynamoDB units of a row whose transaction has ended, those of the batch's own records left out. */
  readonly writeUnitsPerRow: number;
  readonly readUnitsPerRow: number;
  /** What the whole stack held (Lambdas, gateway, flow and sandbox in one process): when it was killed, and at the end of its second life. */
  readonly residentMb: readonly [killed: number, end: number];
}

interface Batch {
  readonly id: string;
  readonly status: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly cost: { readonly writeUnits: number; readonly readUnits: number; readonly transactions: number };
}

const script = fileURLToPath(new URL("../../local/start.ts", import.meta.url));

const callRows = 5_000;
const lookEveryMs = 2_000;

/** What was claimed when the power went and never left stays open for days: nobody may send it again. It is waited for this long. */
const settledMs = 200_000;

export async function measureKilledBatch(rows: number): Promise<KilledBatch> {
  const dataDir = await mkdtemp(join(tmpdir(), "moneyback-batch-"));
  let stack = await start(dataDir);
  try {
    const id = await upload(stack.api, rows);
    const started = performance.now();
    const watch = watcherOf(rows);
    const killedAt = await watch.until(
      () => stack.look(id),
      (ended) => ended >= rows * 0.4,
    );
    const killedMb = await stack.residentMb();
    await stack.kill();
    stack = await start(dataDir);
    await watch.until(
      () => stack.look(id),
      (ended) => ended === rows,
    );
    const { counts, cost } = await stack.look(id);
    const movements = await stack.movements();
    const seconds = (watch.lastNewsAt() - started) / 1_000;
    return {
      rows,
      seconds: rounded(seconds),
      rowsPerSecond: rounded(endedOf(counts) / seconds),
      killedAt,
      counts,
      movements: movements.length,
      references: new Set(movements).size,
      wrongLooks: watch.wrongLooks(),
      writeUnitsPerRow: rounded(cost.writeUnits / cost.transactions),
      readUnitsPerRow: rounded(cost.readUnits / cost.transactions),
      residentMb: [killedMb, await stack.residentMb()],
    };
  } finally {
    await stack.kill();
    await rm(dataDir, { recursive: true, force: true });
  }
}

type Look = () => Promise<Batch>;

/** Looks at a batch until it is as wished, or nothing has changed for long, and remembers what cannot be. */
function watcherOf(rows: number) {
  let endedBefore = 0;
  let wrong = 0;
  let newsAt = performance.now();
  return {
    wrongLooks: () => wrong,
    lastNewsAt: () => newsAt,
    async until(look: Look, isEnough: (ended: number) => boolean): Promise<number> {
      for (;;) {
        const { counts } = await look();
        const ended = endedOf(counts);
        const sum = Object.values(counts).reduce((total, count) => total + count, 0);
        if (sum !== rows || ended < endedBefore) wrong += 1;
        if (ended > endedBefore) newsAt = performance.now();
        endedBefore = Math.max(ended, endedBefore);
        if (isEnough(ended) || performance.now() - newsAt > settledMs) return ended;
        await setTimeout(lookEveryMs);
      }
    },
  };
}

function endedOf({ pending = 0, processing = 0, ...ended }: Batch["counts"]): number {
  return Object.values(ended).reduce((sum, count) => sum + count, 0);
}

/** In two calls; a tenth of the rows goes to a wallet that is suspended. */
async function upload(api: Api, rows: number): Promise<string> {
  const items = (first: number) =>
    Array.from({ length: Math.min(callRows, rows - first) }, (_, n) => ({
      kind: "cashback",
      key: `row-${first + n}`,
      connection: "sipay",
      receiver: { walletNumber: n % 10 === 9 ? "637606013" : "637606074" },
      amount: { value: 1 + (n % 5), currency: "TRY" },
    }));
  const { id } = await api<Batch>("/v1/batches", { items: items(0), start: false }, "create");
  for (let first = callRows; first < rows; first += callRows) {
    await api(`/v1/batches/${id}/items`, { items: items(first) }, `from ${first}`);
  }
  await api(`/v1/batches/${id}/start`, {}, "start");
  return id;
}

type Api = <Body>(path: string, body?: object, key?: string) => Promise<Body>;

/** Starts the stack on the kept data, and waits until it takes calls. */
async function start(dataDir: string) {
  const child: ChildProcess = spawn(process.execPath, [script], {
    env: { PATH: process.env["PATH"], PORT: "0", SANDBOX_PORT: "0", AWS_PORT: "0", MONEYBACK_DATA_DIR: dataDir },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    // Only what it says at its start is of interest.
    if (out.length < 10_000) out += text;
  });
  while (!out.includes("curl -s")) {
    if (child.exitCode !== null) throw new Error(`the stack did not start: ${out}`);
    await setTimeout(50);
  }
  const addressOf = (what: string) => new RegExp(`${what} +(http://127\\.0\\.0\\.1:\\d+)`).exec(out)?.[1] ?? "";
  const [apiUrl, sandboxUrl] = [addressOf("API"), addressOf("[Ss]andbox")];
  const api: Api = async (path, body, key = "") => {
    const authorization = `Bearer ${localApiKey}`;
    const headers = { authorization, "idempotency-key": key, "content-type": "application/json" };
    const init = body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers: { authorization } };
    const response = await fetch(apiUrl + path, init);
    if (response.ok) return (await response.json()) as never;
    // A machine that is busy is asked once more: every call here may be repeated.
    if (response.status < 500) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
    await setTimeout(lookEveryMs);
    return await api(path, body, key);
  };
  return {
    api,
    look: (id: string) => api<Batch>(`/v1/batches/${id}`),
    async movements(): Promise<string[]> {
      const response = await fetch(`${sandboxUrl}/_sandbox/ledger?provider=sipay`);
      const { movements } = (await response.json()) as { movements: { reference: string }[] };
      return movements.map(({ reference }) => reference);
    },
    /** NaN where this machine has no `ps`. */
    async residentMb(): Promise<number> {
      const asked = promisify(execFile)("ps", ["-o", "rss=", "-p", String(child.pid)]);
      const { stdout } = await asked.catch(() => ({ stdout: "NaN" }));
      return Math.round(Number(stdout) / 1_024);
    },
    async kill(): Promise<void> {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
