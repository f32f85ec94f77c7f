/** Webhooks on the whole stack: raw bytes through the gateway, signatures of real connectors, and what comes of a hint. */
import { createHash, createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../local/stack.ts";
import { startSandbox } from "../../sandbox/server.ts";
import { apiClient, type TransactionBody, until } from "./api-client.ts";

/** How long a provider's answer is waited for. Until then the flow looks nothing up: what ends sooner was ended by a webhook. */
const timeoutMs = 3_000;

const secret = "webhook-secret-of-the-test";

let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let stack: Stack;
let api: ReturnType<typeof apiClient>;
let nextKey = 0;
let lines: string[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  const entries = sandbox.connections as readonly { readonly id: string }[];
  const connections = entries.map((entry) => ({
    ...entry,
    timeoutMs,
    ...(entry.id === "ipayout" && { webhookSecret: secret }),
  }));
  stack = await startStack({
    port: 0,
    sandboxPort: 0,
    awsPort: 0,
    clock: false,
    connections: JSON.stringify(connections),
    onLog: (line) => lines.push(line),
  });
  api = apiClient({ apiUrl: stack.apiUrl, sandboxUrl: sandbox.url });
});
afterAll(async () => {
  await stack.stop();
  await sandbox.close();
});
beforeEach(async () => {
  await stack.flow.idle();
  await api.reset();
  lines = [];
});

/** A transaction whose money has moved and whose answer does not come. */
async function unanswered(provider: string, operation: string, order: object): Promise<string> {
  await api.arm({ provider, operation, fault: "timeout-after", delayMs: 20_000 });
  const headers = { "idempotency-key": `unanswered-${nextKey++}` };
  const { status, body } = await api.post(`/v1/${operation}s`, order, headers);
  expect(status).toBe(202);
  await until(
    () => api.movements(body.id),
    (movements) => movements.length === 1,
  );
  return body.id;
}

const spendback = () =>
  unanswered("ipayout", "spendback", {
    connection: "ipayout",
    recipient: { id: "ben-alice" },
    amount: { value: 1_000, currency: "USD" },
  });

const get = async (id: string) => (await api.get<TransactionBody>(`/v1/transactions/${id}`)).body;

async function deliver(connection: string, body: Buffer, headers: Record<string, string> = {}) {
  const response = await fetch(`${stack.apiUrl}/v1/webhooks/${connection}?from=provider`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  return { status: response.status, body: (await response.json()) as { code?: string } };
}

/** As i-payout's recipes sign: a hash of time, address and body. */
function signed(connection: string, body: Buffer, time = String(Math.floor(Date.now() / 1_000))) {
  const url = `${stack.apiUrl}/v1/webhooks/${connection}?from=provider`;
  const hash = createHash("sha256").update(`${time}#${url}#`).update(body).digest();
  return { "x-timestamp": time, "x-signature": createHmac("sha256", secret).update(hash).digest("base64") };
}

async function endsNow(id: string): Promise<void> {
  const { log, ...ended } = await until(
    () => get(id),
    ({ status }) => status !== "processing",
  );
  expect(lines.filter((line) => line.includes('"function":"submit-'))).toEqual([]);
  expect(ended).toMatchObject({ status: "succeeded", attempts: 1 });
  // The first flow was still waiting for its answer. When it has given up, nothing has changed.
  await stack.flow.idle();
  expect(lines.filter((line) => line.includes('"function":"submit-'))).toHaveLength(1);
  expect(await get(id)).toMatchObject({ status: "succeeded", log });
  expect(await api.movements(id)).toHaveLength(1);
}

describe("a webhook", () => {
  test("that is signed ends a transaction whose answer is still awaited", async () => {
    const id = await spendback();
    const body = Buffer.from(`{"event":"PAYMENT.STATUS.UPDATED","reference":"${id}"}`);
    expect(await deliver("ipayout", body, signed("ipayout", body))).toEqual({ status: 200, body: { received: true } });
    await endsNow(id);
  });

  test("is checked over its bytes, also where they are no text", async () => {
    const id = await spendback();
    const body = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00, 0xc3]), Buffer.from(id)]);
    const headers = { ...signed("ipayout", body), "content-type": "application/octet-stream" };
    expect((await deliver("ipayout", Buffer.concat([body, Buffer.from(" ")]), headers)).status).toBe(401);
    expect((await deliver("ipayout", body, headers)).status).toBe(200);
    await endsNow(id);
  });

  test("that is forged, or signed long ago, is refused and starts nothing", async () => {
    const id = await spendback();
    const started = stack.host.invocations()["look-up"] ?? 0;
    const body = Buffer.from(`{"reference":"${id}"}`);
    const old = String(Math.floor(Date.now() / 1_000) - 3_600);
    const forged = { ...signed("ipayout", body), "x-signature": "AAAA" };
    for (const headers of [{}, forged, signed("sipay", body), signed("ipayout", body, old)]) {
      const { status, body: problem } = await deliver("ipayout", body, headers);
      expect([status, problem.code]).toEqual([401, "unauthorized"]);
    }
    expect(stack.host.invocations()["look-up"] ?? 0).toBe(started);
    expect((await get(id)).status).toBe("processing");
    expect(lines.filter((line) => line.includes("webhook refused"))).toHaveLength(4);
  });

  test("that nobody signs is followed, once, and only by a look at the provider", async () => {
    const id = await unanswered("sipay", "cashback", {
      connection: "sipay",
      receiver: { walletNumber: "637606074" },
      amount: { value: 1_000, currency: "TRY" },
    });
    const body = Buffer.from(`{"ext_transaction_id":"${id}","transaction_status":"Failed"}`);
    const replies = await Promise.all(Array.from({ length: 5 }, () => deliver("sipay", body)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    await endsNow(id);
    expect(lines.filter((line) => line.includes("webhook followed"))).toHaveLength(1);
  });

  test("to a connection that there is not is refused, and one that is too large", async () => {
    expect(await deliver("nobody", Buffer.from("{}"))).toMatchObject({ status: 404, body: { code: "not_found" } });
    const large = Buffer.alloc(262_145, "x");
    expect(await deliver("sipay", large)).toMatchObject({ status: 413, body: { code: "payload_too_large" } });
  });
});
