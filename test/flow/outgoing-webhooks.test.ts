/** Webhooks to tenants on the whole stack: signed, in order, later where the receiver was down, and none lost by a kill. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Stack, startStack } from "../../local/stack.ts";
import { startSandbox } from "../../sandbox/server.ts";
import { apiClient, spendbackOrder, type TransactionBody, until } from "./api-client.ts";

interface Arrival {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isAuthentic?: boolean;
  readonly status: number;
}

interface EndpointBody {
  readonly id: string;
  readonly status: string;
  readonly secret: string;
}

interface DeliveryBody {
  readonly id: string;
  readonly status: string;
  readonly attempts: readonly { readonly status?: number; readonly error?: string }[];
}

/** A receiver in a sandbox of its own, which no kill of the stack touches. */
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
});
afterAll(() => sandbox.close());

let names = 0;

function openReceiver() {
  const name = `receiver-${names++}`;
  const address = `${sandbox.url}/_sandbox/receiver`;
  return {
    url: `${address}?name=${name}`,
    teach: async (manners: object) => {
      await fetch(`${address}/answer`, { method: "POST", body: JSON.stringify({ name, ...manners }) });
    },
    arrivals: async (): Promise<readonly Arrival[]> =>
      ((await (await fetch(`${address}?name=${name}`)).json()) as { arrivals: Arrival[] }).arrivals,
  };
}

function eventsOf(arrivals: readonly Arrival[], id: string): string[] {
  return arrivals
    .map(({ body }) => JSON.parse(body) as { type: string; data: { transaction: { id: string } } })
    .filter(({ data }) => data.transaction.id === id)
    .map(({ type }) => type);
}

const whole = ["transaction.pending", "transaction.processing", "transaction.succeeded"];

/** Registers a receiver that checks what arrives. */
async function register(
  api: ReturnType<typeof apiClient>,
  receiver: ReturnType<typeof openReceiver>,
  more: object = {},
): Promise<EndpointBody> {
  const headers = { "idempotency-key": `register-${receiver.url}` };
  const { status, body } = await api.post<EndpointBody>(
    "/v1/webhook-endpoints",
    { url: receiver.url, ...more },
    headers,
  );
  expect(status).toBe(201);
  await receiver.teach({ secret: body.secret });
  return body;
}

describe("on a stack", () => {
  let stack: Stack;
  let api: ReturnType<typeof apiClient>;
  let lines: string[] = [];

  beforeAll(async () => {
    stack = await startStack({
      port: 0,
      sandboxPort: 0,
      awsPort: 0,
      webhooks: false,
      onLog: (line) => lines.push(line),
    });
    api = apiClient(stack);
  });
  afterAll(() => stack.stop());
  beforeEach(() => {
    lines = [];
  });

  test("a transaction's events arrive at once, in order and signed, at every endpoint that wants them", async () => {
    const [all, some] = [openReceiver(), openReceiver()];
    await register(api, all);
    await register(api, some, { events: ["transaction.succeeded"] });
    const { body } = await api.spendback("signed");
    const arrived = await until(all.arrivals, (arrivals) => arrivals.length >= 3);
    expect(eventsOf(arrived, body.id)).toEqual(whole);
    expect(arrived.map(({ isAuthentic }) => isAuthentic)).toEqual([true, true, true]);
    expect(arrived.map(({ headers }) => headers["webhook-id"])).toEqual([1, 2, 3].map((n) => `${body.id}_${n}`));
    const wanted = await until(some.arrivals, (arrivals) => arrivals.length >= 1);
    expect(eventsOf(wanted, body.id)).toEqual(["transaction.succeeded"]);
    expect(lines.join("\n")).not.toContain("whsec_");
  });

  test("a receiver that is down gets them later, and holds up neither the transaction nor another receiver", async () => {
    const [down, up] = [openReceiver(), openReceiver()];
    const { id } = await register(api, down);
    await register(api, up);
    await down.teach({ status: 500, delayMs: 1_500, times: 3 });
    const { body } = await api.spendback("down");
    expect(body.status).toBe("succeeded");
    const arrived = await until(up.arrivals, (arrivals) => arrivals.length >= 3);
    expect(eventsOf(arrived, body.id)).toEqual(whole);
    // The slow one has not even answered its third by then.
    expect((await down.arrivals()).length).toBeLessThanOrEqual(3);
    const late = await until(down.arrivals, (arrivals) => arrivals.length >= 6);
    expect(late.map(({ status }) => status)).toEqual([500, 500, 500, 200, 200, 200]);
    expect(eventsOf(late, body.id).slice(0, 3)).toEqual(whole);
    expect(new Set(late.map(({ headers }) => headers["webhook-id"])).size).toBe(3);
    expect(new Set(late.map(({ headers }) => headers["webhook-signature"])).size).toBeGreaterThan(3);
    const { items } = await until(
      async () => (await api.get<{ items: DeliveryBody[] }>(`/v1/webhook-endpoints/${id}/deliveries`)).body,
      ({ items: all }) => all.every(({ status }) => status === "succeeded"),
    );
    expect(items.map(({ attempts }) => attempts.map(({ status }) => status))).toEqual(Array(3).fill([500, 200]));
  });

  test("410 disables; what came meanwhile is replayed once the endpoint is enabled again", async () => {
    const receiver = openReceiver();
    const { id } = await register(api, receiver);
    await receiver.teach({ status: 410 });
    const { body } = await api.spendback("gone");
    const endpoint = async () => (await api.get<EndpointBody>(`/v1/webhook-endpoints/${id}`)).body;
    await until(endpoint, ({ status }) => status === "disabled");
    const failed = async () =>
      (await api.get<{ items: DeliveryBody[] }>(`/v1/webhook-endpoints/${id}/deliveries?status=failed`)).body.items;
    await until(failed, (items) => items.length === 3);
    // What was on its way already may still arrive; nothing else does.
    const before = (await receiver.arrivals()).length;
    expect(before).toBeLessThanOrEqual(3);

    const path = `/v1/webhook-endpoints/${id}`;
    await receiver.teach({ status: 204 });
    expect((await api.post(`${path}/enable`, {}, { "idempotency-key": "enable" })).status).toBe(200);
    const time = { from: "2020-01-01", to: "2099-01-01", status: "failed" };
    const replayed = await api.post<object>(`${path}/replay`, time, { "idempotency-key": "replay" });
    expect(replayed).toMatchObject({ status: 202, body: { replayed: 3 } });
    const arrived = await until(receiver.arrivals, (arrivals) => arrivals.length >= before + 3);
    expect(eventsOf(arrived, body.id).slice(before)).toEqual(whole);
    expect(await failed()).toEqual([]);
  });

  test("a rotated secret signs beside the old one, and a deleted endpoint hears nothing", async () => {
    const receiver = openReceiver();
    const { id, secret } = await register(api, receiver, { events: ["transaction.succeeded"] });
    const path = `/v1/webhook-endpoints/${id}`;
    const { body: rotated } = await api.post<EndpointBody>(`${path}/rotate`, {}, { "idempotency-key": "rotate" });
    expect(rotated.secret).not.toBe(secret);
    await api.spendback("old secret");
    await until(receiver.arrivals, (arrivals) => arrivals.length >= 1);
    await receiver.teach({ secret: rotated.secret });
    await api.spendback("new secret");
    const arrived = await until(receiver.arrivals, (arrivals) => arrivals.length >= 2);
    expect(arrived.map(({ isAuthentic }) => isAuthentic)).toEqual([true, true]);

    const headers = { authorization: "Bearer mbk_local", "idempotency-key": "delete" };
    const deleted = await fetch(`${stack.apiUrl}${path}`, { method: "DELETE", headers });
    expect([deleted.status, await deleted.json()]).toEqual([200, { id, deleted: true }]);
    await api.spendback("deleted");
    for (const reader of stack.streams) await reader.idle();
    await stack.bus.idle();
    expect(await receiver.arrivals()).toHaveLength(2);
  });
});

describe("a stack that is killed again and again", () => {
  const script = new URL("../../local/start.ts", import.meta.url).pathname;
  let dataDir: string;
  let child: ChildProcess | undefined;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "moneyback-webhooks-"));
  });
  afterAll(async () => {
    child?.kill("SIGKILL");
    await rm(dataDir, { recursive: true, force: true });
  });

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
      async kill(): Promise<void> {
        started.kill("SIGKILL");
        await once(started, "exit");
      },
    };
  }

  /** When it is killed, in milliseconds after a transaction was accepted: its events are anywhere by then. */
  const killedAfterMs = [0, 80, 250];

  test("loses no event: each transaction's whole life arrives, authentic, and each event's first time in its order", async () => {
    const receiver = openReceiver();
    const ids: string[] = [];
    let first = await start();
    await register(first.api, receiver);
    for (const [round, ms] of killedAfterMs.entries()) {
      const headers = { "idempotency-key": `kill-${round}` };
      ids.push((await first.api.post("/v1/spendbacks", spendbackOrder(), headers)).body.id);
      await new Promise((resolve) => setTimeout(resolve, ms));
      await first.kill();
      first = await start();
    }
    const { api } = first;
    for (const id of ids) {
      const { body } = await api.get<TransactionBody>(`/v1/transactions/${id}`);
      const told = await until(
        async () => eventsOf(await receiver.arrivals(), id),
        (events) => new Set(events).size >= new Set(body.log.map(({ status }) => status)).size && events.length > 0,
      );
      expect([...new Set(told)]).toEqual(whole.slice(0, new Set(told).size));
    }
    expect((await receiver.arrivals()).every(({ isAuthentic }) => isAuthentic)).toBe(true);
  }, 200_000);
});
