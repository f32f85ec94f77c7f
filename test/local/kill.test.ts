/** The whole stack is killed, again and again, in the middle of everything: each transaction reaches its true end by itself. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { apiClient, type TransactionBody, until } from "../flow/api-client.ts";

const script = new URL("../../local/start.ts", import.meta.url).pathname;

let dataDir: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "moneyback-kill-"));
});
afterEach(async () => {
  child?.kill("SIGKILL");
  await rm(dataDir, { recursive: true, force: true });
});

/** Starts the stack on the kept data and waits until it takes calls. */
async function start() {
  const started = spawn(process.execPath, [script], {
    env: { PATH: process.env["PATH"], PORT: "0", SANDBOX_PORT: "0", AWS_PORT: "0", MONEYBACK_DATA_DIR: dataDir },
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = started;
  let out = "";
  started.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  await vi.waitFor(() => expect(out).toContain("curl -s"), { timeout: 30_000, interval: 20 });
  const addressOf = (what: string) => new RegExp(`${what} +(http://127\\.0\\.0\\.1:\\d+)`).exec(out)?.[1] ?? "";
  return {
    api: apiClient({ apiUrl: addressOf("API"), sandboxUrl: addressOf("[Ss]andbox") }),
    awsUrl: addressOf("AWS"),
    async kill(): Promise<void> {
      started.kill("SIGKILL");
      await once(started, "exit");
    },
  };
}

const usd = (value: number) => ({ value, currency: "USD" });
const lira = (value: number) => ({ value, currency: "TRY" });

/** At Mircate one refund at a time is in flight for an account: each round has an account of its own. */
const mircateOrders = [
  { original: "spent-100", account: { accountNumber: "alice-try" }, amount: lira(500) },
  { original: "spent-usd-40", account: { accountNumber: "alice-usd", currency: "USD" }, amount: usd(500) },
  { original: "spent-bob-75", account: { accountNumber: "bob-try" }, amount: lira(500) },
];

/** One order at each provider. */
const ordersOf = (round: number) => [
  { path: "/v1/spendbacks", body: { connection: "ipayout", recipient: { id: "ben-alice" }, amount: usd(100) } },
  { path: "/v1/spendbacks", body: { connection: "nexio", recipient: { id: "137241" }, amount: usd(100) } },
  { path: "/v1/cashbacks", body: { connection: "sipay", receiver: { walletNumber: "637606074" }, amount: lira(100) } },
  { path: "/v1/refunds", body: { connection: "paysafe", original: "stl-100", amount: usd(100) } },
  { path: "/v1/refunds", body: { connection: "mircate", ...mircateOrders[round] } },
];

const patient = { prefer: "wait=15" };

/** When the stack is killed, in milliseconds after the first order was accepted: the others are anywhere by then. */
const killedAfterMs = [0, 30, 90];

/** A transaction is due 90 s after it began, at the latest; then its provider is asked. */
const timeoutMs = 240_000;

test(
  "what was accepted before a kill -9 ends as it truly ended, and moved at most once",
  async () => {
    for (const [round, ms] of killedAfterMs.entries()) {
      const { api, kill } = await start();
      const calls = ordersOf(round).map(({ path, body }, place) =>
        api.post(path, body, { "idempotency-key": `kill-${round}-${place}` }).catch(() => undefined),
      );
      await Promise.race(calls);
      await new Promise((resolve) => setTimeout(resolve, ms));
      await kill();
      await Promise.all(calls);
    }

    const { api } = await start();
    const { items: accepted } = (await api.get<{ items: TransactionBody[] }>("/v1/transactions?limit=100")).body;
    expect(accepted.length).toBeGreaterThan(killedAfterMs.length);
    // By themselves: nobody calls again for them.
    for (const { id } of accepted) {
      await until(
        async () => (await api.get(`/v1/transactions/${id}`)).body,
        (found) => isOver(found) || isLost(found),
      );
    }

    const ends: string[] = [];
    for (const round of killedAfterMs.keys()) {
      for (const [place, { path, body }] of ordersOf(round).entries()) {
        // The caller that heard nothing calls again: the key finds what was accepted, or it is accepted now.
        const { body: found } = await api.post(path, body, { "idempotency-key": `kill-${round}-${place}`, ...patient });
        const moved = await movementsOf(api, found, body);
        expect(moved, JSON.stringify(found)).toBe(found.status === "succeeded" ? 1 : 0);
        expect(["succeeded", "processing"]).toContain(found.status);
        ends.push(found.status);
      }
    }
    // Killed between the claim and the call is rare: then the provider is asked until the deadline, and an operator after it.
    expect(ends.filter((end) => end === "succeeded").length).toBeGreaterThan(ends.length / 2);
  },
  timeoutMs,
);

test(
  "what the bus took before a kill -9 is done after it, once",
  async () => {
    const { awsUrl, kill } = await start();
    const settings = {
      endpoint: awsUrl,
      region: "us-east-1",
      credentials: { accessKeyId: "any", secretAccessKey: "thing" },
    };
    const client = new EventBridgeClient(settings);
    const order = { tenant: "local", connection: "nexio", recipient: { id: "137241" }, amount: usd(100) };
    const entry = { EventBusName: "moneyback", Source: "shop.orders", DetailType: "spendback.requested" };
    const keys = Array.from({ length: 30 }, (_, number) => `taken-${number}`);
    for (let first = 0; first < keys.length; first += 10) {
      const details = keys.slice(first, first + 10).map((key) => JSON.stringify({ ...order, key }));
      const put = new PutEventsCommand({ Entries: details.map((Detail) => ({ ...entry, Detail })) });
      expect((await client.send(put)).FailedEntryCount).toBe(0);
    }
    await kill();

    const { api } = await start();
    const asked = async () =>
      (await api.get<{ items: TransactionBody[] }>("/v1/transactions?kind=spendback&limit=100")).body.items;
    // Nobody puts them again.
    expect(await until(asked, ({ length }) => length >= keys.length)).toHaveLength(keys.length);
    const { tenant: _tenant, ...body } = order;
    const ids = new Set<string>();
    for (const key of keys) {
      const { body: found, headers } = await api.post("/v1/spendbacks", body, { "idempotency-key": key });
      expect(headers.get("idempotent-replayed")).toBe("true");
      expect((await api.movements(found.id)).length).toBeLessThanOrEqual(1);
      ids.add(found.id);
    }
    expect(ids.size).toBe(keys.length);
  },
  timeoutMs,
);

function isOver({ status }: TransactionBody): boolean {
  return status !== "pending" && status !== "processing";
}

/** The claim was made and the call never left: lookups find nothing, and nobody may send again. */
function isLost({ log }: TransactionBody): boolean {
  return log.some(({ detail, count = 1 }) => detail === "unknown: lookup found nothing" && count >= 3);
}

/** By our reference; at Mircate, which takes none, by the original, of which each round has its own. */
async function movementsOf(
  api: Awaited<ReturnType<typeof start>>["api"],
  { id }: TransactionBody,
  body: object,
): Promise<number> {
  if (!("original" in body) || !("account" in body)) return (await api.movements(id)).length;
  const all = await api.movements("");
  return all.filter((movement) => "original" in movement && movement.original === body.original).length;
}
