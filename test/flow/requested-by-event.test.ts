/** Events that ask for money to be moved back, put on the bus of the whole stack by the SDK's own client. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import rejectedSchema from "../../docs/events/moneyback.request_rejected.schema.json" with { type: "json" };
import transactionSchema from "../../docs/events/moneyback.transaction.schema.json" with { type: "json" };
import type { FailureRecord } from "../../local/async-invocation.ts";
import { type Stack, type StackOptions, startStack } from "../../local/stack.ts";
import { breaches, type Schema } from "../events/json-schema.ts";
import { apiClient, type TransactionBody, until } from "./api-client.ts";

let stack: Stack;
let api: ReturnType<typeof apiClient>;
const lines: string[] = [];

const start = (options: StackOptions = {}) =>
  startStack({ port: 0, sandboxPort: 0, awsPort: 0, clock: false, webhooks: false, ...options });

beforeAll(async () => {
  stack = await start({ onLog: (line) => lines.push(line) });
  api = apiClient(stack);
});
afterAll(() => stack.stop());

async function put(detail: object, { detailType = "refund.requested", on = stack, source = "shop.orders" } = {}) {
  const client = new EventBridgeClient({
    endpoint: on.awsUrl,
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "thing" },
  });
  const entry = { EventBusName: "moneyback", Source: source, DetailType: detailType, Detail: JSON.stringify(detail) };
  const { Entries } = await client.send(new PutEventsCommand({ Entries: [entry] }));
  return Entries?.[0]?.EventId ?? "";
}

const letters = (of = stack) =>
  (of.queues.get("moneyback-dead-letters")?.peek() ?? []).map(({ body }) => JSON.parse(body) as FailureRecord);

const letterOf = (id: string, of = stack) =>
  letters(of).filter(({ requestPayload }) => (requestPayload as { id: string }).id === id);

const rejectionsOf = (id: string) =>
  stack.bus
    .recent()
    .filter((event) => event["detail-type"] === "moneyback.request_rejected")
    .map(({ detail }) => detail as { id: string; code: string })
    .filter((rejection) => rejection.id === id);

/** What the function said of an event, once for each of its tries. */
const loggedOf = (id: string) =>
  lines.filter((line) => line.includes('"requested by event"') && line.includes(id)).map((line) => JSON.parse(line));

const listed = async (original: string) =>
  (await api.get<{ items: TransactionBody[] }>(`/v1/transactions?original=${original}`)).body.items;

async function settlement(name: string, balance = 10_000): Promise<string> {
  const response = await fetch(`${stack.sandboxUrl}/_sandbox/accounts`, {
    method: "POST",
    body: JSON.stringify({ provider: "paysafe", account: name, currency: "USD", balance, status: "open" }),
  });
  if (!response.ok) throw new Error(`the sandbox refused the settlement: ${await response.text()}`);
  return name;
}

const refund = (original: string, members: object = {}) => ({
  tenant: "local",
  connection: "paysafe",
  original,
  amount: { value: 1_000, currency: "USD" },
  ...members,
});

/** The one transaction of an original, once it is over. */
const finished = async (original: string) => {
  const [transaction] = await until(
    () => listed(original),
    ([one]) => one?.status === "succeeded" || one?.status === "failed",
  );
  if (!transaction) throw new Error("there is a transaction");
  return transaction;
};

describe("an event on the bus", () => {
  test("refunds, and tells of it in events of the published form", async () => {
    const original = await settlement("stl-event");
    await put(refund(original));
    const { id, status } = await finished(original);
    expect(status).toBe("succeeded");
    expect(await api.movements(id)).toHaveLength(1);
    const told = await until(
      async () => stack.bus.recent().filter(({ detail }) => JSON.stringify(detail).includes(id)),
      (events) => events.some((event) => event["detail-type"] === "moneyback.transaction.succeeded"),
    );
    expect(told.length).toBeGreaterThan(2);
    for (const { detail } of told) expect(breaches(transactionSchema as Schema, detail)).toEqual([]);
    const page = await fetch(`${stack.awsUrl}/_bus/events?detail-type=moneyback.transaction.succeeded`);
    expect(await page.json()).toMatchObject({ events: [{ source: "moneyback", detail: { transaction: { id } } }] });
    const known = Object.keys(transactionSchema.properties.transaction.properties);
    for (const { detail } of told) {
      expect(known).toEqual(expect.arrayContaining(Object.keys((detail as { transaction: object }).transaction)));
    }
  });

  test("spends back and gives cashback, too", async () => {
    const amount = { value: 500, currency: "USD" };
    await put(
      { tenant: "local", key: "by-event", connection: "ipayout", recipient: { id: "ben-alice" }, amount },
      { detailType: "spendback.requested" },
    );
    await put(
      {
        tenant: "local",
        key: "by-event",
        connection: "sipay",
        receiver: { walletNumber: "637606074" },
        amount: { value: 500, currency: "TRY" },
      },
      { detailType: "cashback.requested" },
    );
    for (const kind of ["spendback", "cashback"]) {
      const { body } = await until(
        () => api.get<{ items: TransactionBody[] }>(`/v1/transactions?kind=${kind}`),
        ({ body: { items } }) => items[0]?.status === "succeeded",
      );
      const [transaction] = body.items;
      expect(transaction?.log[0]).toMatchObject({ status: "pending", by: "event" });
      expect(await api.movements(transaction?.id ?? "")).toHaveLength(1);
    }
  });

  test("put twice under one key, and over HTTP, is one movement", async () => {
    const original = await settlement("stl-twice");
    const body = refund(original);
    const detail = { ...body, key: "order-1" };
    await Promise.all([put(detail), put(detail)]);
    const { tenant: _tenant, ...order } = body;
    const { body: overHttp } = await api.post("/v1/refunds", order, {
      "idempotency-key": "order-1",
      prefer: "wait=20",
    });
    await put(detail);
    await stack.bus.idle();
    expect(overHttp.status).toBe("succeeded");
    expect((await listed(original)).map(({ id }) => id)).toEqual([overHttp.id]);
    expect(await api.movements(overHttp.id)).toHaveLength(1);
  });

  test("delivered twice is one movement", async () => {
    const original = await settlement("stl-redelivered");
    const id = await put(refund(original));
    await stack.bus.idle();
    const event = stack.bus.recent().find((one) => one.id === id);
    expect(await stack.host.invoke("accept-event", event)).toMatchObject({ outcome: "repeated" });
    const { id: transaction } = await finished(original);
    expect(await listed(original)).toHaveLength(1);
    expect(await api.movements(transaction)).toHaveLength(1);
  });
});

describe("what comes out", () => {
  test("is told in full where many come at once with the largest metadata that there are", async () => {
    // A control character takes 6 bytes in an event: ten of these are more than one call of the bus takes.
    const metadata = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [String.fromCharCode(97 + n).padEnd(40, "\u0001"), "\u0001".repeat(200)]),
    );
    const body = {
      connection: "ipayout",
      recipient: { id: "ben-alice" },
      amount: { value: 1, currency: "USD" },
      metadata,
    };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        api.post("/v1/spendbacks", body, { "idempotency-key": `large-${n}`, prefer: "wait=20" }),
      ),
    );
    const ids = answers.map(({ body: { id } }) => id).sort();
    const told = () =>
      stack.bus
        .recent()
        .filter((event) => event["detail-type"] === "moneyback.transaction.succeeded")
        .map(({ detail }) => (detail as { transaction: { id: string } }).transaction.id)
        .filter((id) => ids.includes(id))
        .sort();
    expect(
      await until(
        async () => told(),
        ({ length }) => length >= ids.length,
      ),
    ).toEqual(ids);
  });
});

describe("what is wrong", () => {
  test.each<[string, object, string]>([
    ["fields", { amount: { value: 19.99, currency: "USD" } }, "validation_failed"],
    ["a tenant that the source may not act for", { tenant: "somebody" }, "forbidden"],
    ["an unknown connection", { connection: "nope" }, "unknown_connection"],
    ["a connection that takes no refunds", { connection: "sipay" }, "unsupported_operation"],
  ])(
    "%s: goes out on the bus, and to the dead-letter queue with the whole event; nothing moves",
    async (name, members, code) => {
      const original = `stl-wrong-${name.replaceAll(" ", "-")}`;
      const id = await put(refund(original, members));
      await stack.bus.idle();
      expect(rejectionsOf(id)).toMatchObject([{ code }]);
      expect(loggedOf(id)).toMatchObject([1, 2, 3].map(() => ({ level: "warn", outcome: "rejected", code })));
      expect(breaches(rejectedSchema as Schema, rejectionsOf(id)[0])).toEqual([]);
      expect(letterOf(id)).toMatchObject([
        {
          requestPayload: { detail: refund(original, members) },
          responsePayload: { errorType: "RejectedRequestError" },
        },
      ]);
      expect(await listed(original)).toEqual([]);
    },
  );

  test("a reused key, and a refund that cannot fit", async () => {
    const original = await settlement("stl-reused");
    await put(refund(original, { key: "reused", amount: { value: 9_500, currency: "USD" } }));
    const { id } = await finished(original);
    const reused = await put(refund(original, { key: "reused", amount: { value: 1, currency: "USD" } }));
    const tooMuch = await put(refund(original));
    await stack.bus.idle();
    expect(rejectionsOf(reused)).toMatchObject([{ code: "idempotency_key_reused" }]);
    expect(rejectionsOf(tooMuch)).toMatchObject([{ code: "refund_exceeds_remaining" }]);
    expect([letterOf(reused), letterOf(tooMuch)]).toMatchObject([[{}], [{}]]);
    // What cannot fit is written down as failed; the reused key stands for what it stood for.
    const [refused, moved, ...others] = await listed(original);
    expect([refused, moved?.id, others]).toMatchObject([{ status: "failed", attempts: 0 }, id, []]);
  });
});

describe("a failure that passes", () => {
  test("is tried again, and then all is fine", async () => {
    const original = await settlement("stl-crash");
    const before = letters().length;
    const tries = stack.host.invocations()["accept-event"] ?? 0;
    const entry = { Source: "shop.orders", DetailType: "refund.requested", Detail: JSON.stringify(refund(original)) };
    // In one breath, so that the function has surely not ended.
    stack.bus.put([entry]);
    await stack.host.crash();
    const { id, status } = await finished(original);
    await stack.bus.idle();
    expect(status).toBe("succeeded");
    expect(await api.movements(id)).toHaveLength(1);
    expect(stack.host.invocations()["accept-event"]).toBe(tries + 2);
    expect(letters()).toHaveLength(before);
  });

  test("that does not pass ends in the dead-letter queue after three tries, and is there after a restart", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "moneyback-letters-"));
    const broken = await start({ dataDir, env: { CONNECTIONS_SECRET: "nowhere" } });
    let id = "";
    try {
      id = await put(refund("stl-100"), { on: broken });
      await broken.bus.idle();
      expect(letterOf(id, broken)).toMatchObject([
        { requestContext: { approximateInvokeCount: 3 }, responsePayload: { errorType: "ResourceNotFoundException" } },
      ]);
      expect(broken.bus.recent().map((event) => event["detail-type"])).toEqual(["refund.requested"]);
    } finally {
      await broken.stop();
    }
    const mended = await start({ dataDir });
    try {
      expect(letterOf(id, mended)).toHaveLength(1);
      const response = await fetch(mended.awsUrl, {
        method: "POST",
        headers: { "x-amz-target": "AmazonSQS.ReceiveMessage", "content-type": "application/x-amz-json-1.0" },
        body: JSON.stringify({ QueueUrl: `${mended.awsUrl}/000000000000/moneyback-dead-letters` }),
      });
      const { Messages } = (await response.json()) as { Messages: { Body: string }[] };
      const { requestPayload } = JSON.parse(Messages[0]?.Body ?? "{}") as FailureRecord;
      // Sending it once more, as docs/events.md tells an operator to.
      const { detail } = requestPayload as { detail: object };
      await put({ ...detail, key: id }, { on: mended });
      await mended.bus.idle();
      await mended.flow.idle();
      const { body } = await apiClient(mended).get<{ items: TransactionBody[] }>("/v1/transactions?original=stl-100");
      expect(body.items).toMatchObject([{ status: "succeeded" }]);
    } finally {
      await mended.stop();
    }
  });
});

describe("where sources are named", () => {
  test("only they may act, and only for their tenants", async () => {
    const own = await start({ env: { EVENT_SOURCES: '{"shop.orders": ["local"]}' } });
    try {
      await put(refund("stl-100"), { on: own });
      const id = await put(refund("stl-5500"), { on: own, source: "shop.returns" });
      await own.bus.idle();
      expect(letterOf(id, own)).toHaveLength(1);
      const { body } = await apiClient(own).get<{ items: { original: string }[] }>("/v1/transactions");
      expect(body.items.map(({ original }) => original)).toEqual(["stl-100"]);
    } finally {
      await own.stop();
    }
  });
});
