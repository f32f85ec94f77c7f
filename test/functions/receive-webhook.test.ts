/** Facts about `POST /v1/webhooks/{connection}`: who is believed to have sent it, and that it is only a hint. */
import { describe, expect, test } from "vitest";
import { ReceiveWebhook, run } from "../../functions/receive-webhook.ts";
import type { Reading } from "../../lib/domain/outcome.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import { endpointHandler } from "../../lib/lambda/endpoint.ts";
import type { WebhookReading } from "../../lib/providers/port.ts";
import { apiEvent, captureLog, context } from "../lambda/api-event.ts";
import { idOf } from "../store/sample.ts";
import { bookOf, config, configured, type Script, scriptedConnector } from "./scripted-connector.ts";
import { standing } from "./stage.ts";
import { never, webhookStage } from "./webhook-stage.ts";

const log = captureLog();

const authentic = (references: readonly string[], providerTransactionIds: readonly string[] = []): WebhookReading => ({
  kind: "authentic",
  hint: { references, providerTransactionIds },
});
const unsigned = (references: readonly string[], providerTransactionIds: readonly string[] = []): WebhookReading => ({
  kind: "unsigned",
  hint: { references, providerTransactionIds },
});

/** A stage with one transaction, and a webhook that names it. */
async function named(standsAt: Partial<Transaction> = standing.open, script: Script = {}) {
  const stage = await webhookStage(script);
  const { transactionId } = await stage.begin(standsAt);
  return { stage, id: transactionId };
}

describe("a webhook that names a transaction in flight", () => {
  test("has its flow started, which looks it up, and is answered", async () => {
    const { stage, id } = await named();
    expect(await stage.deliver(authentic([id]))).toEqual({ status: 200, body: { received: true } });
    expect(stage.started).toMatchObject([
      { transactionId: id, connection: "scripted", kind: "spendback", submission: { outcome: "unknown", over: false } },
    ]);
    expect(log.lines()).toMatchObject([
      { level: "info", event: "webhook followed", requestId: "r-1", connection: "scripted", transactionId: id },
    ]);
  });

  test("changes nothing itself, and asks the provider nothing", async () => {
    const { stage, id } = await named();
    const before = await stage.stored({ transactionId: id });
    await stage.deliver(authentic([id]));
    expect(await stage.stored({ transactionId: id })).toEqual(before);
    expect(stage.calls).toEqual([]);
  });

  test("comes again and does nothing; one with other words does", async () => {
    const { stage, id } = await named();
    await stage.deliver(authentic([id]), "first");
    stage.clock.advance(60_000);
    expect(await stage.deliver(authentic([id]), "first")).toMatchObject({ status: 200 });
    expect(stage.started).toHaveLength(1);
    await stage.deliver(authentic([id]), "second");
    expect(stage.started).toHaveLength(2);
  });

  test("and comes ten times at once is followed once", async () => {
    const { stage, id } = await named();
    await Promise.all(Array.from({ length: 10 }, () => stage.deliver(authentic([id]))));
    expect(stage.started).toHaveLength(1);
  });

  test("names it many times is followed once, and at most ten transactions are", async () => {
    const stage = await webhookStage();
    const ids: string[] = [];
    for (let n = 0; n < 12; n++) ids.push((await stage.begin(standing.open)).transactionId);
    const [first = ""] = ids;
    await stage.deliver(authentic([first, first, first]), "one");
    expect(stage.startedIds()).toEqual([first]);
    await stage.deliver(authentic(ids), "many");
    expect(stage.startedIds().slice(1)).toEqual(ids.slice(0, 10));
  });
});

describe("a webhook", () => {
  test("is read over the bytes, headers and address that it came with", async () => {
    const stage = await webhookStage();
    const handler = endpointHandler({ from: "delivery", input: ReceiveWebhook, run }, () => stage.dependencies);
    stage.reads(unsigned([]));
    const event = apiEvent({
      rawPath: "/v1/webhooks/scripted",
      rawQuery: "a=%2F",
      path: { connection: "scripted" },
      headers: { "x-signature": "s" },
      body: "/wDDKA==",
      isBase64Encoded: true,
    });
    const { statusCode, body } = await handler(event, context);
    expect([statusCode, body]).toEqual([200, '{"received":true}']);
    expect(stage.read).toEqual([
      {
        body: Buffer.from([0xff, 0x00, 0xc3, 0x28]),
        headers: expect.objectContaining({ "x-signature": "s" }),
        url: "https://api.example.com/v1/webhooks/scripted?a=%2F",
      },
    ]);
  });

  test("above 256 kB is refused before it is read", async () => {
    const stage = await webhookStage();
    const handler = endpointHandler({ from: "delivery", input: ReceiveWebhook, run }, () => stage.dependencies);
    const event = apiEvent({ path: { connection: "scripted" }, body: "x".repeat(262_145) });
    expect((await handler(event, context)).statusCode).toBe(413);
    expect(stage.read).toEqual([]);
  });

  test("that is not authentic is answered 401, in fixed words, and nothing else happens", async () => {
    const { stage, id } = await named();
    stage.reads({ kind: "refused", detail: "too old" });
    const handler = endpointHandler({ from: "delivery", input: ReceiveWebhook, run }, () => stage.dependencies);
    const event = apiEvent({ path: { connection: "scripted" }, body: `secret-4711 ${id}` });
    const { statusCode, body = "" } = await handler(event, context);
    expect(statusCode).toBe(401);
    expect(JSON.parse(body)).toMatchObject({
      code: "unauthorized",
      detail: "This webhook carries no valid signature.",
    });
    expect(body).not.toContain("4711");
    expect(stage.touched()).toEqual([]);
    expect(log.lines()).toMatchObject([
      { level: "warn", event: "webhook refused", connection: "scripted", outcome: "too old" },
      { level: "info", event: "request", status: 401, code: "unauthorized" },
    ]);
  });

  test("to a connection that there is not is answered 404, and nothing of it is logged", async () => {
    const stage = await webhookStage();
    const handler = endpointHandler({ from: "delivery", input: ReceiveWebhook, run }, () => stage.dependencies);
    const { statusCode, body = "" } = await handler(
      apiEvent({ path: { connection: "secret-4711" }, body: "" }),
      context,
    );
    expect([statusCode, JSON.parse(body).code]).toEqual([404, "not_found"]);
    expect(stage.touched()).toEqual([]);
    expect(log.text()).not.toContain("4711");
  });

  test.each(["pending", "not sent", "needs review", "succeeded", "failed", "canceled"] as const)(
    "about a transaction that is %s does nothing",
    async (state) => {
      const { stage, id } = await named(standing[state]);
      expect(await stage.deliver(authentic([id]))).toMatchObject({ status: 200 });
      expect(await stage.deliver(unsigned([id]))).toMatchObject({ status: 200 });
      expect(stage.started).toEqual([]);
      expect(log.lines()).toEqual([]);
    },
  );

  test("about another connection's transaction, or one that nobody knows, does nothing", async () => {
    const { stage, id } = await named({ ...standing.open, connection: "another" });
    for (const reference of [id, idOf("nobody"), "", "not an id"]) {
      expect(await stage.deliver(authentic([reference]), reference)).toMatchObject({ status: 200 });
      expect(await stage.deliver(unsigned([reference]), reference)).toMatchObject({ status: 200 });
    }
    expect(stage.started).toEqual([]);
  });

  test("that names nothing is received", async () => {
    const stage = await webhookStage();
    expect(await stage.deliver(authentic([]))).toMatchObject({ status: 200 });
    expect(await stage.deliver(unsigned([]))).toMatchObject({ status: 200 });
    expect(stage.started).toEqual([]);
  });

  test("of a provider that documents none is a hint to every transaction that it names, whatever else is in it", async () => {
    const stage = await webhookStage();
    const { connector } = scriptedConnector();
    const dependencies = { ...stage.dependencies, connections: bookOf([configured(connector)]) };
    const one = await stage.begin(standing.open);
    const two = await stage.begin(standing.open);
    const body = Buffer.concat([
      Buffer.from([0xff, 0x00]),
      Buffer.from(`{"ref":"${one.transactionId}"}${two.transactionId},txn_short`),
      Buffer.from([0xc3]),
    ]);
    const delivery = { connection: "scripted", body, url: "https://api.example.com" };
    expect(await run(delivery, dependencies, stage.call)).toMatchObject({ status: 200 });
    expect(stage.startedIds()).toEqual([one.transactionId, two.transactionId]);
    await run(delivery, dependencies, stage.call);
    expect(stage.started).toHaveLength(2);
  });

  test("leaves nothing of its body in the log or in the claims", async () => {
    const { stage, id } = await named();
    await stage.deliver(authentic([id], ["secret-4711"]), "secret-4711");
    await stage.deliver(unsigned([id], ["secret-4711"]), "secret-4711");
    expect(stage.claimed.length).toBeGreaterThan(1);
    expect(JSON.stringify(stage.claimed) + log.text()).not.toContain("4711");
  });
});

describe("an unsigned webhook", () => {
  test("starts one flow in ten seconds for a transaction, however often and whatever it says", async () => {
    const { stage, id } = await named();
    for (const word of ["one", "two", "two"]) await stage.deliver(unsigned([id]), word);
    stage.clock.advance(9_999);
    await stage.deliver(unsigned([id]), "three");
    expect(stage.started).toHaveLength(1);
    stage.clock.advance(1);
    await Promise.all([stage.deliver(unsigned([id])), stage.deliver(unsigned([id]))]);
    expect(stage.started).toHaveLength(2);
  });

  test("about one transaction keeps nothing from another, or from an authentic one", async () => {
    const { stage, id } = await named();
    const other = await stage.begin(standing.open);
    await stage.deliver(unsigned([id]), "same");
    await stage.deliver(unsigned([other.transactionId]), "same");
    await stage.deliver(authentic([id]), "same");
    expect(stage.startedIds()).toEqual([id, other.transactionId, id]);
  });

  test("full of guesses writes nothing", async () => {
    const stage = await webhookStage();
    await stage.deliver(unsigned(Array.from({ length: 10 }, (_, n) => idOf("guessed", n))));
    expect(stage.claimed).toEqual([]);
  });
});

describe("a webhook that names only the provider's id", () => {
  const knows = (value: string | undefined) => async (): Promise<Reading<string | undefined>> => ({
    kind: "read",
    value,
  });

  test("is followed once the provider has said which of ours it is, asked with the cached token", async () => {
    const { stage, id } = await named(standing.open, { referenceOf: async () => ({ kind: "read", value: id }) });
    await stage.deliver(authentic([], ["p-1"]));
    expect(stage.calls).toEqual([{ name: "referenceOf", asked: "p-1", token: "token-1" }]);
    expect(stage.startedIds()).toEqual([id]);
  });

  test.each([
    ["knows none of ours by it", knows(undefined)],
    ["names what is not ours", knows("somebody's")],
    ["refuses", async () => ({ kind: "refused", code: "provider_rejected_request", message: "no" }) as const],
    ["rejects the session", async () => ({ kind: "session-rejected", detail: "401" }) as const],
    ["is down", async () => ({ kind: "unavailable", detail: "HTTP 503" }) as const],
    [
      "throws",
      async () => {
        throw new Error("a bug");
      },
    ],
  ] as const)("is received where the provider %s", async (_name, referenceOf) => {
    const stage = await webhookStage({ referenceOf });
    expect(await stage.deliver(authentic([], ["p-1"]))).toMatchObject({ status: 200 });
    expect(stage.count("referenceOf")).toBe(1);
    expect(stage.started).toEqual([]);
  });

  test("is not asked for where no fresh session is cached: a hint is worth no login", async () => {
    const stage = await webhookStage({ referenceOf: knows("x") });
    await stage.sessions.save(stage.connection.sessionId, {
      token: "token-2",
      issuedAt: "2026-11-20T09:00:00.000Z",
      expiresAt: "2026-11-20T09:30:00.000Z",
    });
    expect(await stage.deliver(authentic([], ["p-1"]))).toMatchObject({ status: 200 });
    expect(stage.calls).toEqual([]);
  });

  test("is received where the connector cannot ask", async () => {
    const stage = await webhookStage();
    expect(await stage.deliver(authentic([], ["p-1"]))).toMatchObject({ status: 200 });
    expect(stage.calls).toEqual([]);
  });

  test("and is not signed is asked for once in ten seconds", async () => {
    const stage = await webhookStage({ referenceOf: knows(undefined) });
    await Promise.all(["one", "two", "two"].map((word) => stage.deliver(unsigned([], ["p-1"]), word)));
    stage.clock.advance(9_999);
    await stage.deliver(unsigned([], ["p-1"]));
    expect(stage.count("referenceOf")).toBe(1);
    stage.clock.advance(1);
    await stage.deliver(unsigned([], ["p-1"]));
    expect(stage.count("referenceOf")).toBe(2);
  });

  test("and is not signed cannot use up the provider's rate by naming ever other ids", async () => {
    const stage = await webhookStage({ referenceOf: knows(undefined) });
    for (let n = 0; n < 50; n++) {
      await stage.deliver(
        unsigned(
          [],
          Array.from({ length: 10 }, (_, place) => `p-${n}-${place}`),
        ),
      );
    }
    expect(stage.count("referenceOf")).toBeGreaterThan(16);
    expect(stage.count("referenceOf")).toBeLessThanOrEqual(32);
  });

  test.each([
    [0.5, 1],
    [2, 2],
    [5, 5],
    [100, 32],
  ])(
    "and is not signed gets no more than a tenth of a rate of %d a second: %d questions in ten seconds",
    async (requestsPerSecond, questions) => {
      const stage = await webhookStage({ referenceOf: knows(undefined) }, { config: { ...config, requestsPerSecond } });
      const flood = async (from: number) => {
        for (let n = 0; n < 500; n++) await stage.deliver(unsigned([], [`p-${from + n}`]));
      };
      await flood(0);
      expect(stage.count("referenceOf")).toBe(questions);
      stage.clock.advance(10_000);
      await flood(500);
      expect(stage.count("referenceOf")).toBe(2 * questions);
    },
  );

  test("asks for at most ten, and for fewer where it names ours", async () => {
    const { stage, id } = await named(standing.open, { referenceOf: knows(undefined) });
    const ids = Array.from({ length: 12 }, (_, n) => `p-${n}`);
    await stage.deliver(authentic([id], ids));
    expect(stage.calls.map(({ asked }) => asked)).toEqual(ids.slice(0, 9));
  });
});

describe("what goes wrong after a webhook was read", () => {
  const fails = async (): Promise<never> => {
    throw new Error("down: secret-4711");
  };

  test.each([
    ["the claims are", { claims: { claim: fails } }],
    ["the transactions are", { transactions: { get: fails } }],
    ["the sessions are", { sessions: { get: fails } }],
    ["the flow is", { flow: { start: fails } }],
  ])("is logged and answered 200: %s down", async (_name, broken) => {
    for (const reading of [authentic, unsigned]) {
      const { stage, id } = await named(standing.open, { referenceOf: async () => ({ kind: "read", value: id }) });
      stage.reads(reading([id], ["p-1"]));
      const delivery = { connection: "scripted", body: Buffer.from("b"), url: "" };
      const answer = await run(delivery, { ...stage.dependencies, ...broken }, stage.call);
      expect(answer).toEqual({ status: 200, body: { received: true } });
      expect(log.lines()).toContainEqual(
        expect.objectContaining({ level: "error", event: "webhook not followed", connection: "scripted" }),
      );
    }
    expect(log.text()).not.toContain("4711");
  });

  test("at one transaction keeps nothing from the others, which the answer waits for", async () => {
    const { stage, id } = await named();
    const good = await stage.begin(standing.open);
    stage.reads(authentic([id, good.transactionId]));
    const transactions = {
      get: async (wanted: string) => {
        if (wanted === id) return fails();
        await new Promise(setImmediate);
        return stage.transactions.get(wanted, "consistent");
      },
    };
    const delivery = { connection: "scripted", body: Buffer.from("b"), url: "" };
    await run(delivery, { ...stage.dependencies, transactions }, stage.call);
    expect(stage.startedIds()).toEqual([good.transactionId]);
  });

  test.each([
    ["claims", { claims: { claim: never } }],
    ["transactions", { transactions: { get: never } }],
    ["flow", { flow: { start: never } }],
  ])("is answered 200 within five seconds where it hangs in the %s", async (_name, hanging) => {
    const { stage, id } = await named();
    stage.reads(authentic([id]));
    const began = stage.now().getTime();
    const delivery = { connection: "scripted", body: Buffer.from("b"), url: "" };
    const answer = await run(delivery, { ...stage.dependencies, sleep: stage.clock.sleep, ...hanging }, stage.call);
    expect(answer).toEqual({ status: 200, body: { received: true } });
    expect(stage.now().getTime() - began).toBeLessThanOrEqual(5_000);
    expect(log.lines()).toMatchObject([{ level: "warn", event: "webhook not followed in time" }]);
  });

  test("is answered 200 within five seconds where the provider does not say what it means", async () => {
    const stage = await webhookStage({ referenceOf: never });
    stage.reads(authentic([], ["p-1"]));
    const began = stage.now().getTime();
    const delivery = { connection: "scripted", body: Buffer.from("b"), url: "" };
    const answer = await run(delivery, { ...stage.dependencies, sleep: stage.clock.sleep }, stage.call);
    expect(answer).toEqual({ status: 200, body: { received: true } });
    expect(stage.now().getTime() - began).toBeLessThanOrEqual(5_000);
    expect(log.lines()).toMatchObject([{ level: "warn", event: "webhook not understood", outcome: "late" }]);
  });

  test("before that, where the connections cannot be read, is a failure: nobody knows who sent it", async () => {
    const stage = await webhookStage();
    const handler = endpointHandler({ from: "delivery", input: ReceiveWebhook, run }, () => ({
      ...stage.dependencies,
      connections: { ...stage.connections, get: fails },
    }));
    expect((await handler(apiEvent({ path: { connection: "scripted" }, body: "" }), context)).statusCode).toBe(500);
  });
});
