/** Facts about accepting a request: once, whatever dies on the way, whoever comes at the same time, however late it is repeated. */
import { describe, expect, test } from "vitest";
import { VisibleError } from "../../lib/domain/errors.ts";
import { transactionId } from "../../lib/domain/ids.ts";
import type { MinorUnits } from "../../lib/domain/money.ts";
import { claimAttempt, failUnsent } from "../../lib/domain/transitions.ts";
import type { FlowInput } from "../../lib/flow/starter.ts";
import { type AcceptDependencies, accept, type Refusal, type Wish } from "../../lib/lambda/accept.ts";
import { memoryClaims, memoryTransactions } from "../../lib/store/memory-store.ts";
import { captureLog } from "./api-event.ts";
import { type Crash, CrashError, crashPoint, everyCrash } from "./crash.ts";
import { virtualClock } from "./virtual-clock.ts";

const wish = (request: object = { amount: 1999 }, members: Partial<Wish> = {}): Wish => ({
  tenant: "acme",
  operation: "spendback",
  key: "order-17",
  request,
  transaction: {
    kind: "spendback",
    connection: "ipayout",
    provider: "ipayout",
    amount: { value: 1999 as MinorUnits, currency: "USD" },
  },
  requestId: "request-1",
  by: "api",
  ...members,
});

const log = captureLog();
const thirtyDaysMs = 30 * 86_400_000;

function stage() {
  const clock = virtualClock();
  const transactions = memoryTransactions();
  const claims = memoryClaims();
  const started: FlowInput[] = [];
  const flow = {
    start: async (input: FlowInput) => {
      started.push(input);
    },
  };
  const all = async (tenant = "acme") => (await transactions.list({ tenant, limit: 100 })).items;
  const dueLater = () => transactions.due(new Date(clock.now().getTime() + 90_000), 100);
  const dependencies: AcceptDependencies = { transactions, claims, flow, ...clock };
  /** The same, dying once at the given call. */
  const dying = (crash?: Crash) => {
    const point = crashPoint(crash);
    const wrapped: AcceptDependencies = {
      ...dependencies,
      transactions: point.wrap("transactions", transactions),
      claims: point.wrap("claims", claims),
      flow: point.wrap("flow", flow),
    };
    return { wrapped, calls: point.calls };
  };
  return { clock, transactions, claims, started, flow, all, dueLater, dependencies, dying };
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof VisibleError) return error.code;
    throw error;
  }
  return "accepted";
}

describe("a request", () => {
  test("is recorded as pending and due, and its flow is started", async () => {
    const { dependencies, started, all, dueLater } = stage();
    const { transaction, replayed } = await accept(wish(), dependencies);
    const id = transactionId("acme", "spendback", "order-17");
    expect(replayed).toBe(false);
    expect(transaction).toEqual({
      id,
      tenant: "acme",
      kind: "spendback",
      status: "pending",
      connection: "ipayout",
      provider: "ipayout",
      amount: { value: 1999, currency: "USD" },
      fingerprint: expect.stringMatching(/^[\w-]{43}$/),
      attempts: 0,
      createdAt: "2026-11-20T09:30:00.000Z",
      nextActionAt: "2026-11-20T09:31:30.000Z",
      log: [{ at: "2026-11-20T09:30:00.000Z", status: "pending", by: "api" }],
    });
    expect(await all()).toEqual([transaction]);
    expect(await dueLater()).toEqual([id]);
    expect(started).toEqual([{ transactionId: id, connection: "ipayout", kind: "spendback" }]);
  });

  test("that came as an event says so in its log, also where it is refused, or not started", async () => {
    const { dependencies, transactions } = stage();
    const { transaction } = await accept(wish({}, { by: "event" }), dependencies);
    expect(transaction.log).toEqual([{ at: "2026-11-20T09:30:00.000Z", status: "pending", by: "event" }]);

    const refuse = async () => ({ code: "refund_exceeds_remaining", detail: "no" }) as const;
    await expect(accept(wish({}, { key: "order-18", by: "event", refuse }), dependencies)).rejects.toThrow("no");
    const refused = await transactions.get(transactionId("acme", "spendback", "order-18"), "consistent");
    expect(refused?.log).toMatchObject([{ status: "failed", by: "event" }]);

    const flow = { start: () => Promise.reject(new Error("throttled")) };
    const { transaction: waiting } = await accept(wish({}, { key: "order-19", by: "event" }), {
      ...dependencies,
      flow,
    });
    const { log: entries } = (await transactions.get(waiting.id, "consistent")) ?? {};
    expect(entries?.map(({ by }) => by)).toEqual(["event", "event"]);
  });

  test("repeated gives the current transaction and starts nothing", async () => {
    const { dependencies, transactions, started, all, clock } = stage();
    const { transaction } = await accept(wish(), dependencies);
    await transactions.advance(transaction.id, claimAttempt({ by: "flow", at: clock.now() }));
    clock.advance(60_000);
    const repeat = await accept(wish(), dependencies);
    expect(repeat).toMatchObject({ replayed: true, transaction: { id: transaction.id, status: "processing" } });
    expect(await all()).toHaveLength(1);
    expect(started).toHaveLength(1);
  });

  test("is the same wish however its members are ordered", async () => {
    const { dependencies } = stage();
    await accept(wish({ amount: { value: 1, currency: "USD" }, connection: "a" }), dependencies);
    const repeat = await accept(wish({ connection: "a", amount: { currency: "USD", value: 1 } }), dependencies);
    expect(repeat.replayed).toBe(true);
  });

  test("whose transaction is stored and the answer lost, so that the second try finds it there, starts its flow all the same", async () => {
    const { dependencies, transactions, started } = stage();
    const twice: AcceptDependencies = {
      ...dependencies,
      transactions: {
        ...transactions,
        create: async (transaction) => {
          await transactions.create(transaction);
          return transactions.create(transaction);
        },
      },
    };
    const { transaction } = await accept(wish(), twice);
    expect(started).toMatchObject([{ transactionId: transaction.id }]);
  });

  test("that is refused stays refused: for its repeats, and for a call with its key that was about to be accepted", async () => {
    const { dependencies, started, all } = stage();
    const refusal: Refusal = { code: "refund_exceeds_remaining", detail: "nothing is left" };
    const refused = () => codeOf(accept(wish(undefined, { refuse: async () => refusal }), dependencies));
    const slow = wish(undefined, {
      // It looked before what was left was taken, and is overtaken here.
      refuse: async () => {
        expect(await refused()).toBe("refund_exceeds_remaining");
        return undefined;
      },
    });
    expect(await codeOf(accept(slow, dependencies))).toBe("refund_exceeds_remaining");
    expect(await codeOf(accept(wish(), dependencies))).toBe("refund_exceeds_remaining");
    expect(await codeOf(accept(wish({ amount: 5 }), dependencies))).toBe("idempotency_key_reused");
    expect(started).toEqual([]);
    const [only, ...others] = await all();
    expect(others).toEqual([]);
    expect(only).toMatchObject({ status: "failed", attempts: 0, failure: { code: "refund_exceeds_remaining" } });
    expect(only?.nextActionAt).toBeUndefined();
  });

  test("is a repeat of the call that was accepted in between, though what both ask for is gone by then", async () => {
    const { dependencies, started } = stage();
    const refuse = async (): Promise<Refusal> => {
      // The other call took all that was left: that is why this one finds nothing.
      await accept(wish(), dependencies);
      return { code: "refund_exceeds_remaining", detail: "nothing is left" };
    };
    const { transaction, replayed } = await accept(wish(undefined, { refuse }), dependencies);
    expect([transaction.status, replayed, started.length]).toEqual(["pending", true, 1]);
  });

  test("with a key that stands for another request is refused", async () => {
    const { dependencies, all, started } = stage();
    await accept(wish({ amount: 1 }), dependencies);
    expect(await codeOf(accept(wish({ amount: 2 }), dependencies))).toBe("idempotency_key_reused");
    expect(await all()).toHaveLength(1);
    expect(started).toHaveLength(1);
  });

  test("of another tenant or operation may use the same key", async () => {
    const { dependencies, all } = stage();
    await accept(wish({ amount: 1 }), dependencies);
    expect(await codeOf(accept(wish({ amount: 2 }, { tenant: "other" }), dependencies))).toBe("accepted");
    expect(await codeOf(accept(wish({ amount: 3 }, { operation: "refund" }), dependencies))).toBe("accepted");
    expect(await all()).toHaveLength(2);
    expect(await all("other")).toHaveLength(1);
  });

  test("made by 50 callers at once becomes one transaction, and nobody is told to come back", async () => {
    const { dependencies, all, started } = stage();
    const answers = await Promise.all(Array.from({ length: 50 }, () => accept(wish(), dependencies)));
    expect(new Set(answers.map(({ transaction }) => transaction.id)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await all()).toHaveLength(1);
    expect(started).toHaveLength(1);
  });

  test("of two that share a key at once only one wish is accepted", async () => {
    const { dependencies, all } = stage();
    const codes = await Promise.all(
      Array.from({ length: 20 }, (_, n) => codeOf(accept(wish({ amount: n % 2 }), dependencies))),
    );
    expect(codes.filter((code) => code === "accepted")).toHaveLength(10);
    expect(codes.filter((code) => code === "idempotency_key_reused")).toHaveLength(10);
    expect(await all()).toHaveLength(1);
  });
});

describe("a flow that does not start", () => {
  test("takes nothing back: the transaction is accepted, pending and due at once", async () => {
    const { dependencies, dueLater, transactions, clock } = stage();
    const flow = {
      start: async () => {
        throw new Error("Step Functions is throttling: secret-4711");
      },
    };
    const { transaction, replayed } = await accept(wish(), { ...dependencies, flow });
    expect([transaction.status, replayed]).toEqual(["pending", false]);
    expect(await dueLater()).toEqual([transaction.id]);
    expect(await transactions.due(clock.now(), 100)).toEqual([transaction.id]);
    expect((await transactions.get(transaction.id, "consistent"))?.log.at(-1)).toMatchObject({
      by: "api",
      detail: "flow not started: due now",
    });
    expect(log.lines()).toMatchObject([
      { level: "error", event: "flow not started", requestId: "request-1", transactionId: transaction.id },
    ]);
    expect(log.text()).not.toContain("4711");
  });

  test("takes nothing back either where not even that can be noted: it is due when its flow should have been through", async () => {
    const { dependencies, transactions, dueLater } = stage();
    const failing = async (): Promise<never> => {
      throw new Error("no answer: secret-4711");
    };
    const { transaction } = await accept(wish(), {
      ...dependencies,
      flow: { start: failing },
      transactions: { ...transactions, advance: failing },
    });
    expect(transaction.status).toBe("pending");
    expect(await dueLater()).toEqual([transaction.id]);
    expect(log.lines().map(({ event }) => event)).toEqual(["flow not started", "not made due"]);
    expect(log.text()).not.toContain("4711");
  });

  test("is started by a repeat, but not while the first start may still be on its way", async () => {
    const { dependencies, dying, started, clock } = stage();
    await accept(wish(), dying({ at: 2, when: "before" }).wrapped);
    expect(started).toHaveLength(0);
    clock.advance(4_999);
    await accept(wish(), dependencies);
    expect(started).toHaveLength(0);
    clock.advance(1);
    await accept(wish(), dependencies);
    expect(started).toHaveLength(1);
  });

  test("is not started for a transaction that is over", async () => {
    const { dependencies, dying, started, transactions, clock } = stage();
    const { transaction } = await accept(wish(), dying({ at: 2, when: "before" }).wrapped);
    await transactions.advance(transaction.id, failUnsent("insufficient_funds", { by: "flow", at: clock.now() }));
    clock.advance(60_000);
    expect((await accept(wish(), dependencies)).transaction.status).toBe("failed");
    expect(started).toHaveLength(0);
  });
});

describe("a crash", () => {
  const crashes = everyCrash(3);

  test("can happen at three calls of a first request", async () => {
    const { dying } = stage();
    const { wrapped, calls } = dying();
    await accept(wish(), wrapped);
    expect(calls).toEqual(["claims.claim", "transactions.create", "flow.start"]);
  });

  test.each(crashes)("$when call $at is healed by the same request: one transaction, due or started", async (crash) => {
    for (const pauseMs of [0, 10_000]) {
      const { dying, dependencies, all, started, dueLater, clock } = stage();
      const { wrapped, calls } = dying(crash);
      // The start's crash is no crash for the caller: the transaction is accepted.
      const died = await accept(wish(), wrapped).catch((error: unknown) => error);
      if (crash.at < 2) expect(died).toBeInstanceOf(CrashError);
      // Where the start died, one more call makes it due at once.
      expect(calls).toHaveLength(crash.at < 2 ? crash.at + 1 : 4);
      clock.advance(pauseMs);

      const { transaction } = await accept(wish(), dependencies);
      expect(await all()).toEqual([transaction]);
      expect(await dueLater()).toEqual([transaction.id]);
      if (pauseMs > 5_000) expect(started.map((input) => input.transactionId)).toContain(transaction.id);
    }
  });

  test.each(crashes)("$when call $at does not set the key free for another request", async (crash) => {
    const { dying, dependencies, all } = stage();
    await accept(wish({ amount: 1 }), dying(crash).wrapped).catch(() => undefined);
    const claimed = !(crash.at === 0 && crash.when === "before");
    expect(await codeOf(accept(wish({ amount: 2 }), dependencies))).toBe(
      claimed ? "idempotency_key_reused" : "accepted",
    );
    expect((await all()).length).toBeLessThanOrEqual(1);
  });

  test("during a repeat is healed by the next one, too", async () => {
    // A claim without a transaction: the repeat claims in vain, finds none, creates, starts.
    for (const crash of everyCrash(4)) {
      const { dying, dependencies, all, dueLater } = stage();
      await accept(wish(), dying({ at: 0, when: "after" }).wrapped).catch(() => undefined);
      await accept(wish(), dying(crash).wrapped).catch(() => undefined);
      const { transaction } = await accept(wish(), dependencies);
      expect(await all()).toEqual([transaction]);
      expect(await dueLater()).toEqual([transaction.id]);
    }
  });
});

describe("a key whose claim has expired", () => {
  const aged = async () => {
    const { dependencies, clock, ...rest } = stage();
    const { transaction } = await accept(wish({ amount: 1 }), dependencies);
    await rest.transactions.advance(transaction.id, failUnsent("insufficient_funds", { by: "flow", at: clock.now() }));
    clock.advance(thirtyDaysMs + 1_000);
    return { dependencies, clock, transaction, ...rest };
  };

  test("still gives the same transaction to the same request, and starts nothing", async () => {
    const { dependencies, transaction, all, started } = await aged();
    expect(await accept(wish({ amount: 1 }), dependencies)).toMatchObject({
      replayed: true,
      transaction: { id: transaction.id, status: "failed" },
    });
    expect(await all()).toHaveLength(1);
    expect(started).toHaveLength(1);
  });

  test("still refuses another request, and makes no second transaction", async () => {
    const { dependencies, all, started } = await aged();
    expect(await codeOf(accept(wish({ amount: 2 }), dependencies))).toBe("idempotency_key_reused");
    expect(await codeOf(accept(wish({ amount: 2 }), dependencies))).toBe("idempotency_key_reused");
    expect(await all()).toHaveLength(1);
    expect(started).toHaveLength(1);
  });

  test("still gives the transaction to its request after another request tried the key", async () => {
    const { dependencies, transaction } = await aged();
    expect(await codeOf(accept(wish({ amount: 2 }), dependencies))).toBe("idempotency_key_reused");
    expect(await accept(wish({ amount: 1 }), dependencies)).toMatchObject({
      replayed: true,
      transaction: { id: transaction.id },
    });
  });
});
