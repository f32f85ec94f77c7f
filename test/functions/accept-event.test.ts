/** Facts about events that ask for money to be moved back: the same transactions as over HTTP, one verdict an event. */
import { describe, expect, test } from "vitest";
import rejectedSchema from "../../docs/events/moneyback.request_rejected.schema.json" with { type: "json" };
import { type Dependencies, handler, run } from "../../functions/accept-event.ts";
import { StoreUnavailableError } from "../../lib/domain/errors.ts";
import { transactionId } from "../../lib/domain/ids.ts";
import { scheduledCashbacks } from "../../lib/lambda/create-accrual.ts";
import type { BusEvent } from "../../lib/lambda/event-bridge.ts";
import type { RequestEvent } from "../../lib/lambda/event-request.ts";
import { readEventSources } from "../../lib/lambda/event-sources.ts";
import { RejectedRequestError } from "../../lib/lambda/rejections.ts";
import { memoryAccruals } from "../../lib/store/memory-accruals.ts";
import { breaches, type Schema } from "../events/json-schema.ts";
import { captureLog, context } from "../lambda/api-event.ts";
import { type Crash, CrashError, crashPoint, everyCrash } from "../lambda/crash.ts";
import { refundStage } from "./refund-stage.ts";
import { bookOf } from "./scripted-connector.ts";

const log = captureLog();

const detail = { tenant: "acme", connection: "scripted", original: "stl-1", amount: { value: 600, currency: "USD" } };
const acme = readEventSources('{"shop.orders": ["acme"]}');

function event(members: Partial<RequestEvent> = {}): RequestEvent {
  return { id: "event-1", source: "shop.orders", "detail-type": "refund.requested", detail, ...members };
}

function stage(members: Partial<Dependencies> = {}) {
  const refunds = refundStage({ left: 1_000 });
  const published: BusEvent[] = [];
  const events = { publish: async (batch: readonly BusEvent[]) => void published.push(...batch) };
  const accruals = memoryAccruals();
  const scheduled = scheduledCashbacks({ ...refunds.dependencies, accruals });
  const dependencies: Dependencies = { ...refunds.dependencies, scheduled, events, mayAct: acme, ...members };
  const all = async () => (await refunds.transactions.list({ tenant: "acme", limit: 100 })).items;
  const take = (given: RequestEvent = event()) => run(given, dependencies, "request-1");
  /** The code that the bus heard, after the function refused. */
  const refused = async (given: RequestEvent) => {
    await expect(take(given)).rejects.toBeInstanceOf(RejectedRequestError);
    return published.at(-1)?.detail as { code: string; errors: { path: string }[]; tenant?: string; key?: string };
  };
  return { ...refunds, dependencies, published, all, take, refused };
}

describe("a request by event", () => {
  test("becomes the transaction of the HTTP call, under the event's id as its key, and its flow is started", async () => {
    const { take, all, started } = stage();
    const { transactionId: id, outcome } = await take();
    expect([id, outcome]).toEqual([transactionId("acme", "refund", "event-1"), "accepted"]);
    expect(await all()).toMatchObject([
      { id, kind: "refund", status: "pending", original: "stl-1", log: [{ status: "pending", by: "event" }] },
    ]);
    expect(started).toEqual([{ transactionId: id, connection: "scripted", kind: "refund" }]);
  });

  test("delivered again is the same transaction, and nothing is published of it", async () => {
    const { take, all, published } = stage();
    const first = await take();
    expect(await take()).toEqual({ ...first, outcome: "repeated" });
    expect(await all()).toHaveLength(1);
    expect(published).toEqual([]);
  });

  test.each(["order-17", ' "order-17" '])(
    "with the key %s is the transaction of that key, whichever door came first",
    async (key) => {
      const { take, all, refund } = stage();
      const { tenant: _tenant, ...body } = detail;
      const { transactionId: overHttp } = await refund("order-17", body);
      const byEvent = await take(event({ detail: { ...detail, key } }));
      const again = await take(event({ id: "event-2", detail: { ...detail, key } }));
      expect(byEvent).toEqual({ outcome: "repeated", transactionId: overHttp });
      expect(again).toEqual(byEvent);
      expect(await all()).toHaveLength(1);
    },
  );

  test("delivered again is a repeat even when its connection is gone", async () => {
    const { take, dependencies } = stage();
    const first = await take();
    const gone = { ...dependencies, connections: bookOf([]) };
    expect(await run(event(), gone, "request-2")).toEqual({ ...first, outcome: "repeated" });
  });
});

describe("what is wrong", () => {
  const of = (members: object) => event({ detail: { ...detail, ...members } });
  const nested = JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`) as unknown;

  test.each<[string, RequestEvent, string, string[]]>([
    ["no object", event({ detail: "refund" }), "validation_failed", ["body"]],
    ["no detail", event({ detail: undefined }), "validation_failed", ["body"]],
    ["no tenant", event({ detail: { ...detail, tenant: undefined } }), "validation_failed", ["tenant"]],
    [
      "fields",
      of({ amount: { value: 1.5, currency: "usd" }, x: 1 }),
      "validation_failed",
      ["amount.value", "amount.currency", "x"],
    ],
    ["an unreadable key", of({ key: "\n" }), "validation_failed", ["key"]],
    ["half a character", of({ description: "\ud800" }), "validation_failed", ["detail"]],
    [
      "a member that objects drop",
      event({ detail: JSON.parse('{"tenant":"acme","__proto__":{}}') }),
      "validation_failed",
      ["__proto__"],
    ],
    ["too deep", of({ metadata: nested }), "validation_failed", ["detail"]],
    ["an unknown connection", of({ connection: "nope" }), "unknown_connection", []],
    [
      "a kind that the connection does not take",
      event({
        "detail-type": "spendback.requested",
        detail: { tenant: "acme", connection: "scripted", recipient: { id: "b" }, amount: detail.amount },
      }),
      "unsupported_operation",
      [],
    ],
    ["an unknown kind", event({ "detail-type": "payout.requested" }), "unsupported_operation", []],
    ["a tenant that is not the source's", of({ tenant: "other" }), "forbidden", ["tenant"]],
    ["a source that is not known", event({ source: "stranger" }), "forbidden", ["tenant"]],
  ])("%s goes out with its reasons, and nothing moves", async (_name, given, code, paths) => {
    const { refused, all, started, published } = stage();
    const rejection = await refused(given);
    expect([rejection.code, rejection.errors.map(({ path }) => path)]).toEqual([code, paths]);
    expect(published).toHaveLength(1);
    expect(published[0]?.type).toBe("moneyback.request_rejected");
    expect(breaches(rejectedSchema as Schema, JSON.parse(JSON.stringify(rejection)))).toEqual([]);
    expect([await all(), started]).toEqual([[], []]);
  });

  test("names the event, its tenant and key, the source and the tenant it may not act for, and never the body", async () => {
    const { refused } = stage();
    const members = { key: "k", description: "secret-4711", amount: { value: 4711.5, currency: "USD" } };
    expect(await refused(of(members))).toEqual({
      version: 1,
      id: "event-1",
      source: "shop.orders",
      detailType: "refund.requested",
      tenant: "acme",
      key: "k",
      code: "validation_failed",
      detail: "The request is not valid: see amount.value.",
      errors: [{ path: "amount.value", message: expect.stringContaining("whole number") }],
    });
    expect(await stage().refused(of({ tenant: "other" }))).toMatchObject({
      detail: 'The source "shop.orders" may not act for the tenant "other".',
    });
  });

  test("a stranger hears nothing else of what is wrong", async () => {
    const { refused } = stage();
    const rejection = await refused({ ...of({ amount: 7 }), source: "stranger" });
    expect(rejection.errors.map(({ path }) => path)).toEqual(["tenant"]);
  });

  test("a key that stands for another request", async () => {
    const { take, refused, all } = stage();
    await take(of({ key: "k" }));
    const { code } = await refused(
      event({ id: "event-2", detail: { ...detail, key: "k", amount: { value: 1, currency: "USD" } } }),
    );
    expect(code).toBe("idempotency_key_reused");
    expect(await all()).toHaveLength(1);
  });

  test("a refund that cannot fit", async () => {
    const { take, refused, run: flow, started, all } = stage();
    await take();
    await flow(started[0] ?? { transactionId: "", connection: "", kind: "refund" });
    expect((await refused(event({ id: "event-2" }))).code).toBe("refund_exceeds_remaining");
    // Written down as failed, and never started.
    const statuses = (await all()).map(({ status }) => status).sort();
    expect(statuses).toEqual(["failed", "succeeded"]);
    expect(started).toHaveLength(1);
  });

  test("is told in bounds, however much is wrong", async () => {
    const { refused, published } = stage();
    const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`${n}${"é".repeat(300)}`, 1]));
    const { errors } = await refused(of(many));
    expect(errors).toHaveLength(50);
    expect(Buffer.byteLength(JSON.stringify(published[0]?.detail))).toBeLessThan(30_000);
  });
});

describe("a verdict", () => {
  const wrong = event({ detail: { ...detail, connection: "later" } });

  test("is told once, however often the event is delivered", async () => {
    const { refused, published } = stage();
    const first = await refused(wrong);
    expect(await refused(wrong)).toEqual(first);
    expect(published).toHaveLength(1);
  });

  test("stands, whatever becomes valid afterwards: what was announced as refused never moves", async () => {
    const { refused, dependencies, all, published } = stage();
    await refused(wrong);
    const [known] = (await dependencies.connections.all()).configured;
    if (!known) throw new Error("the stage has a connection");
    const later = { ...dependencies, connections: bookOf([{ ...known, id: "later" }]) };
    await expect(run(wrong, later, "request-2")).rejects.toBeInstanceOf(RejectedRequestError);
    expect([await all(), published.length]).toEqual([[], 1]);
    // Another event with the same wish is another question.
    expect(await run({ ...wrong, id: "event-2" }, later, "request-3")).toMatchObject({ outcome: "accepted" });
  });

  test("is told in the end, and is the same, wherever the function dies", async () => {
    const dying = (crash?: Crash) => {
      const { dependencies, published } = stage();
      const point = crashPoint(crash);
      const { claims, events, transactions } = dependencies;
      const wrapped: Dependencies = {
        ...dependencies,
        claims: point.wrap("claims", claims),
        events: point.wrap("events", events),
        transactions: point.wrap("transactions", transactions),
      };
      return { wrapped, calls: point.calls, published };
    };
    const { wrapped, calls } = dying();
    await expect(run(wrong, wrapped, "request-1")).rejects.toBeInstanceOf(RejectedRequestError);
    expect(calls).toContain("events.publish");
    for (const crash of everyCrash(calls.length)) {
      const mortal = dying(crash);
      await expect(run(wrong, mortal.wrapped, "request-1")).rejects.toBeInstanceOf(CrashError);
      await expect(run(wrong, mortal.wrapped, "request-1")).rejects.toBeInstanceOf(RejectedRequestError);
      const told = mortal.published.map(({ detail: said }) => said);
      expect(told.length).toBeGreaterThan(0);
      expect(new Set(told.map((said) => JSON.stringify(said))).size).toBe(1);
    }
  });
});

describe("a failure that may pass", () => {
  test("of the store is thrown on, says nothing to the bus, and the next try finds all as it was", async () => {
    const { dependencies, all, published } = stage();
    const down = {
      ...dependencies,
      claims: {
        ...dependencies.claims,
        claim: async () => {
          throw new StoreUnavailableError("the database is not available");
        },
      },
    };
    await expect(run(event(), down, "request-1")).rejects.toBeInstanceOf(StoreUnavailableError);
    expect(published).toEqual([]);
    expect(await run(event(), dependencies, "request-1")).toMatchObject({ outcome: "accepted" });
    expect(await all()).toHaveLength(1);
  });

  test("of the secret is thrown on, too", async () => {
    const find = async () => {
      throw new Error("the secret cannot be read");
    };
    const { take, published } = stage({ connections: { ...bookOf([]), find } });
    await expect(take()).rejects.toThrow("the secret cannot be read");
    expect(published).toEqual([]);
  });

  test("of the bus leaves a refused event for the next try", async () => {
    const { dependencies, published } = stage();
    const deaf = {
      ...dependencies,
      events: {
        publish: async () => {
          throw new Error("the bus refused 1 of 1 events");
        },
      },
    };
    const wrong = event({ source: "stranger" });
    await expect(run(wrong, deaf, "request-1")).rejects.toThrow("the bus refused 1 of 1 events");
    await expect(run(wrong, dependencies, "request-1")).rejects.toBeInstanceOf(RejectedRequestError);
    expect(published).toHaveLength(1);
  });
});

describe("the handler", () => {
  test("takes no invocation that is no event of the bus", async () => {
    await expect(handler({ hello: "world" }, context)).rejects.toMatchObject({ name: "$ZodError" });
    expect(log.lines()).toEqual([]);
  });
});

test("a request over HTTP is not touched by what events are refused", async () => {
  const { refused, refund } = stage();
  await refused(event({ detail: { ...detail, key: "k", connection: "nope" } }));
  const { tenant: _tenant, ...body } = detail;
  expect((await refund("k", body)).status).toBe(202);
});
