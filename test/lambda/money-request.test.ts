/** Facts about what the calls that move money have in common: preference, waiting, answer. */
import { describe, expect, test } from "vitest";
import type { Transaction } from "../../lib/domain/transaction.ts";
import type { Call } from "../../lib/lambda/endpoint.ts";
import { answerWith } from "../../lib/lambda/money-request.ts";
import { sample } from "../store/sample.ts";
import { virtualClock } from "./virtual-clock.ts";

const callWith = (headers: Record<string, string>): Call => ({
  tenant: "acme",
  keyId: "key-1",
  requestId: "r-1",
  idempotencyKey: "order-17",
  headers,
});

/** A store whose transaction is decided at the given second of virtual time. */
function answering(decidedAtMs: number, decided: Partial<Transaction> = { status: "succeeded" }) {
  const clock = virtualClock();
  const begun = clock.now().getTime();
  const transaction = sample("acme");
  let looks = 0;
  const transactions = {
    get: async () => {
      looks += 1;
      return clock.now().getTime() - begun >= decidedAtMs ? { ...transaction, ...decided } : transaction;
    },
  };
  const answer = (prefer?: string, replayed = false, current: Transaction = transaction) =>
    answerWith({ transaction: current, replayed }, callWith(prefer === undefined ? {} : { prefer }), {
      ...clock,
      transactions: transactions as never,
    });
  return { answer, transaction, looks: () => looks, passedMs: () => clock.now().getTime() - begun };
}

describe("an answer", () => {
  test("without a preference is 202 at once, with the transaction and its address", async () => {
    const { answer, transaction, looks, passedMs } = answering(0);
    expect(await answer()).toEqual({
      status: 202,
      body: {
        id: transaction.id,
        kind: "spendback",
        status: "pending",
        connection: "ipayout",
        provider: "ipayout",
        amount: { value: 1999, currency: "USD" },
        attempts: 0,
        createdAt: "2026-11-20T09:30:00.000Z",
        updatedAt: "2026-11-20T09:30:00.000Z",
        nextActionAt: "2026-11-20T09:31:30.000Z",
        log: [{ at: "2026-11-20T09:30:00.000Z", status: "pending", by: "api" }],
      },
      headers: { location: `/v1/transactions/${transaction.id}` },
      transactionId: transaction.id,
    });
    expect([looks(), passedMs()]).toEqual([0, 0]);
  });

  test("says that it repeats an earlier one", async () => {
    const { answer } = answering(0);
    expect((await answer(undefined, true)).headers).toMatchObject({ "idempotent-replayed": "true" });
    expect((await answer()).headers).not.toHaveProperty("idempotent-replayed");
  });

  test.each(["succeeded", "failed", "canceled", "needs_review"] as const)(
    "with a preference is 201 as soon as the transaction is %s",
    async (status) => {
      const { answer, passedMs } = answering(1_000, { status });
      const { status: answered, body, headers } = await answer("wait=10");
      expect(answered).toBe(201);
      expect(body).toMatchObject({ status });
      expect(headers).toMatchObject({ "preference-applied": "wait=10" });
      expect(passedMs()).toBeGreaterThanOrEqual(1_000);
      expect(passedMs()).toBeLessThanOrEqual(1_500);
    },
  );

  test("does not wait for what is decided already", async () => {
    const { answer, transaction, passedMs } = answering(0);
    const { status } = await answer("wait=10", true, { ...transaction, status: "failed" });
    expect([status, passedMs()]).toEqual([201, 0]);
  });

  test("is 202 when the outcome did not come in time, to the millisecond", async () => {
    const { answer, passedMs, looks } = answering(Number.POSITIVE_INFINITY);
    expect((await answer("wait=3")).status).toBe(202);
    expect(passedMs()).toBe(3_000);
    // Looking costs: a few looks at first, then two a second.
    expect(looks()).toBeLessThanOrEqual(11);
  });

  test("looks a last time at the very end", async () => {
    expect((await answering(3_000).answer("wait=3")).status).toBe(201);
  });

  test("waits no longer than 25 s whatever is asked", async () => {
    for (const prefer of ["wait=25", "wait=26", "wait=99", "wait=999999"]) {
      const { answer, passedMs } = answering(Number.POSITIVE_INFINITY);
      const { headers } = await answer(prefer);
      expect(headers).toMatchObject({ "preference-applied": "wait=25" });
      expect(passedMs()).toBe(25_000);
    }
  });

  test.each([
    ["wait=10", 10],
    ["respond-async, wait=3", 3],
    ["respond-async,wait=3", 3],
    ["wait=3; foo=bar", 3],
    ['Wait = "7"', 7],
    ["wait=0", 0],
    ["wait=2, wait=9", 2],
  ])("reads %j as %i seconds", async (prefer, seconds) => {
    const { answer, passedMs } = answering(Number.POSITIVE_INFINITY);
    expect((await answer(prefer)).headers).toMatchObject({ "preference-applied": `wait=${seconds}` });
    expect(passedMs()).toBe(seconds * 1_000);
  });

  test.each([
    "",
    "wait",
    "wait=",
    "wait=soon",
    "wait=-1",
    "wait=1.5",
    "await=5",
    "nowait=5",
    "wait=5x",
    "respond-async",
    "wait=1e3",
  ])("ignores the preference %j", async (prefer) => {
    const { answer, passedMs } = answering(0);
    const { status, headers } = await answer(prefer);
    expect(status).toBe(202);
    expect(headers).not.toHaveProperty("preference-applied");
    expect(passedMs()).toBe(0);
  });
});
