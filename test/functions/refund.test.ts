/** Refunds: never more than the original, and what is held is given back once. */

import { describe, expect, test } from "vitest";
import { run as cancelTransaction } from "../../functions/cancel-transaction.ts";
import { run as followUp } from "../../functions/follow-up.ts";
import { run as listTransactions } from "../../functions/list-transactions.ts";
import { run as resolveTransaction } from "../../functions/resolve-transaction.ts";
import type { Amount } from "../../lib/domain/money.ts";
import { createRefund } from "../../lib/lambda/create-refund.ts";
import { holdRefund } from "../../lib/lambda/hold.ts";
import { memoryOriginals } from "../../lib/store/memory-originals.ts";
import { type OriginalStore, originalId } from "../../lib/store/originals.ts";
import { captureLog } from "../lambda/api-event.ts";
import { isThorough } from "../thoroughness.ts";
import { callWith, refundStage } from "./refund-stage.ts";
import { bookOf } from "./scripted-connector.ts";

captureLog();

const usd = (value: number) => ({ value, currency: "USD" }) as Amount;
const original = originalId("scripted", "stl-1");

/** 50 callers refund 60 of 100 at once. Gives what left the provider, and how the transactions ended. */
async function race(originals?: OriginalStore) {
  const stage = refundStage({ left: 10_000, ...(originals && { originals }) });
  await Promise.all(
    Array.from({ length: 50 }, async (_, n) => stage.refund(`key-${n}`, { amount: usd(6_000) }).catch(() => undefined)),
  );
  await Promise.all(stage.started.map((input) => stage.run(input)));
  const ends = await Promise.all(stage.started.map(async ({ transactionId }) => stage.stored(transactionId)));
  return { moved: stage.moved.length, ends };
}

describe("50 refunds of 60 on an original of 100 that nobody touched before", () => {
  test("move money once; the others fail for what remains", async () => {
    const { moved, ends } = await race();
    expect(moved).toBe(1);
    expect(ends).toHaveLength(50);
    expect(ends.filter(({ status }) => status === "succeeded")).toHaveLength(1);
    expect(ends.filter(({ failure }) => failure?.code === "refund_exceeds_remaining")).toHaveLength(49);
  });

  const rounds = isThorough ? 1_000 : 200;
  test(`do so in each of ${rounds} rounds`, async () => {
    for (let round = 0; round < rounds; round++) expect((await race()).moved).toBe(1);
  }, 60_000);

  test("move more than once where the hold's condition is removed: the test above can fail", async () => {
    const real = memoryOriginals();
    const careless: OriginalStore = { ...real, hold: async () => ({ kind: "held" }) };
    expect((await race(careless)).moved).toBeGreaterThan(1);
  });
});

describe("a refund", () => {
  test("that the record knows not to fit is refused with 409 at once, and so is each repeat of its key, also when it would fit by then", async () => {
    const stage = refundStage({ left: 10_000 });
    await stage.refund("first", { amount: usd(6_000) });
    await stage.run(stage.started[0] as never);
    const second = () => stage.refund("second", { amount: usd(6_000) });
    await expect(second()).rejects.toMatchObject({ code: "refund_exceeds_remaining" });
    await expect(second()).rejects.toMatchObject({ code: "refund_exceeds_remaining" });
    await stage.originals.release(original, stage.started[0]?.transactionId ?? "");
    expect(await stage.originals.remaining(original)).toMatchObject(usd(10_000));
    await expect(second()).rejects.toMatchObject({ code: "refund_exceeds_remaining" });
    const repeat = await stage.refund("first", { amount: usd(6_000) });
    expect(repeat.body).toMatchObject({ status: "succeeded" });
  });

  test("that is refused at once is listed as failed; it has no flow, and holds nothing", async () => {
    const stage = refundStage({ left: 10_000 });
    await stage.refund("first", { amount: usd(6_000) });
    await stage.run(stage.started[0] as never);
    await stage.refund("second", { amount: usd(6_000) }).catch(() => undefined);
    const page = await listTransactions({ limit: 20 }, stage.dependencies, callWith("list"));
    const { items } = page.body as { readonly items: readonly { readonly id: string; readonly status: string }[] };
    expect(items.map(({ status }) => status).sort()).toEqual(["failed", "succeeded"]);
    const refused = await stage.stored(items.find(({ status }) => status === "failed")?.id ?? "");
    expect(refused).toMatchObject({ attempts: 0, failure: { code: "refund_exceeds_remaining" } });
    expect(refused).not.toHaveProperty("nextActionAt");
    expect(refused).not.toHaveProperty("owed");
    expect(stage.started).toHaveLength(1);
    expect(await stage.originals.remaining(original)).toMatchObject(usd(4_000));
  });

  test("is answered to a repeat also when its connection is gone by then", async () => {
    const stage = refundStage({ left: 10_000 });
    const first = await stage.refund("a", { amount: usd(600) });
    const body = { connection: "scripted", original: "stl-1", amount: usd(600) };
    const without = { ...stage.dependencies, connections: bookOf([]) };
    const again = await createRefund(body, without, callWith("a"));
    expect(again.body).toMatchObject({ id: (first.body as { id: string }).id });
    expect(again.headers?.["idempotent-replayed"]).toBe("true");
    await expect(createRefund(body, without, callWith("b"))).rejects.toMatchObject({ code: "unknown_connection" });
  });

  test("of an equal amount is another refund while it fits", async () => {
    const stage = refundStage({ left: 10_000 });
    for (const key of ["a", "b", "c", "d"]) await stage.refund(key, { amount: usd(2_500) });
    for (const input of stage.started) await stage.run(input);
    expect(stage.moved).toHaveLength(4);
    expect(await stage.originals.remaining(original)).toMatchObject(usd(0));
  });

  test("without an amount is of the rest, explicit, and its percentages are of that", async () => {
    const stage = refundStage({ left: 10_098 });
    await stage.refund("rest", { splits: [{ linkedAccount: "1", percent: "5.75" }] });
    await stage.run(stage.started[0] as never);
    expect(stage.moved).toMatchObject([
      { amount: usd(10_098), splits: [{ linkedAccount: "1", percent: "5.75", amount: 581 }] },
    ]);
  });

  test("without an amount fails where nothing is left", async () => {
    const stage = refundStage({ left: 0 });
    await stage.refund("rest");
    await stage.run(stage.started[0] as never);
    expect(await stage.stored(stage.started[0]?.transactionId ?? "")).toMatchObject({
      status: "failed",
      failure: { code: "refund_exceeds_remaining" },
    });
  });

  test("of an original that the provider cannot price counts by the caller's originalAmount", async () => {
    const stage = refundStage();
    await stage.refund("a", { amount: usd(600), originalAmount: usd(1_000) });
    await stage.refund("b", { amount: usd(600), originalAmount: usd(5_000) });
    for (const input of stage.started) await stage.run(input);
    expect(stage.moved).toHaveLength(1);
  });

  test("of an original that nobody can price fails, with nothing sent", async () => {
    const stage = refundStage();
    await stage.refund("a", { amount: usd(600) });
    await stage.run(stage.started[0] as never);
    expect(stage.moved).toEqual([]);
    expect(await stage.stored(stage.started[0]?.transactionId ?? "")).toMatchObject({
      failure: { code: "original_unknown" },
    });
  });

  test("that the provider declines gives its part back, once, whatever is repeated", async () => {
    const stage = refundStage({
      left: 10_000,
      submit: async () => ({ kind: "declined", code: "provider_declined", message: "no" }),
    });
    await stage.refund("a", { amount: usd(6_000) });
    for (let times = 0; times < 3; times++) await stage.run(stage.started[0] as never);
    expect(await stage.originals.remaining(original)).toMatchObject(usd(10_000));
    expect(await stage.stored(stage.started[0]?.transactionId ?? "")).toMatchObject({ status: "failed" });
    expect((await stage.stored(stage.started[0]?.transactionId ?? "")).nextActionAt).toBeUndefined();
  });

  test("whose process dies between its end and giving back is due, and follow-up gives back", async () => {
    const originals = memoryOriginals();
    let dies = true;
    const stage = refundStage({
      left: 10_000,
      submit: async () => ({ kind: "declined", code: "provider_declined", message: "no" }),
      originals: {
        ...originals,
        release: async (id, transactionId) => {
          if (dies) throw new Error("killed");
          return originals.release(id, transactionId);
        },
      },
    });
    await stage.refund("a", { amount: usd(6_000) });
    await expect(stage.run(stage.started[0] as never)).rejects.toThrow("killed");
    const id = stage.started[0]?.transactionId ?? "";
    expect(await stage.stored(id)).toMatchObject({ status: "failed", owed: true });
    expect(await originals.remaining(original)).toMatchObject(usd(4_000));

    dies = false;
    stage.clock.advance(1_000);
    await followUp(stage.dependencies);
    expect(await originals.remaining(original)).toMatchObject(usd(10_000));
    expect((await stage.stored(id)).owed).toBeUndefined();
    expect((await stage.stored(id)).nextActionAt).toBeUndefined();
  });

  test("in doubt keeps its part", async () => {
    const stage = refundStage({ left: 10_000, submit: async () => ({ kind: "unknown", detail: "timeout" }) });
    await stage.refund("a", { amount: usd(6_000) });
    await stage.run(stage.started[0] as never);
    expect(await stage.originals.remaining(original)).toMatchObject(usd(4_000));
  });

  test("canceled before it is sent gives its part back and is never sent", async () => {
    const stage = refundStage({ left: 10_000 });
    await stage.refund("a", { amount: usd(6_000) });
    const [input] = stage.started;
    const { body } = await cancelTransaction(
      { id: input?.transactionId ?? "" },
      stage.dependencies,
      callWith("cancel"),
    );
    expect(body).toMatchObject({ status: "canceled" });
    await stage.run(input as never);
    expect(stage.moved).toEqual([]);
    await stage.refund("b", { amount: usd(10_000) });
    await stage.run(stage.started[1] as never);
    expect(stage.moved).toHaveLength(1);
  });
});

describe("what the first look said of an original", () => {
  test("is asked for again while nobody relies on it", async () => {
    let left = 0;
    const stage = refundStage({ left: () => left });
    await stage.refund("too early", { amount: usd(600) });
    await stage.run(stage.started[0] as never);
    left = 10_000;
    await stage.refund("later", { amount: usd(600) });
    await stage.run(stage.started[1] as never);
    expect(stage.moved).toHaveLength(1);
  });

  test("by a caller's mistake does not stand in the way of the right one", async () => {
    const stage = refundStage();
    await stage.refund("typo", { amount: usd(600), originalAmount: usd(50) });
    await stage.run(stage.started[0] as never);
    await stage.refund("right", { amount: usd(600), originalAmount: usd(5_000) });
    await stage.run(stage.started[1] as never);
    expect(stage.moved).toHaveLength(1);
  });
});

describe("two executions of one flow", () => {
  test("of a refund of the rest agree on what the rest is", async () => {
    const stage = refundStage({ left: 4_000 });
    await stage.refund("rest");
    const [input] = stage.started;
    const unpriced = await stage.stored(input?.transactionId ?? "");
    await stage.run(input as never);
    // The second one had read the transaction before the first fixed its price.
    const late = await holdRefund(unpriced, stage.refundCalls, undefined, stage.dependencies);
    expect(late).toEqual({ kind: "held" });
    expect(stage.moved).toHaveLength(1);
  });

  test("of which one ends it canceled cannot hold afterwards", async () => {
    const stage = refundStage({ left: 10_000 });
    await stage.refund("a", { amount: usd(6_000) });
    const [input] = stage.started;
    const before = await stage.stored(input?.transactionId ?? "");
    await cancelTransaction({ id: before.id }, stage.dependencies, callWith("cancel"));
    expect(await holdRefund(before, stage.refundCalls, undefined, stage.dependencies)).toMatchObject({
      kind: "refused",
    });
    expect(await stage.originals.remaining(original)).toMatchObject(usd(10_000));
  });
});

describe("where one refund of an account may be in flight", () => {
  test("the second waits until the first is over, also when the first ends in doubt and is found later", async () => {
    let answered = false;
    const stage = refundStage({
      left: 10_000,
      isExclusive: true,
      submit: async (order, moved) => {
        if (answered) {
          moved.push(order);
          return { kind: "settled", detail: "done" };
        }
        answered = true;
        return { kind: "unknown", detail: "timeout" };
      },
    });
    const account = { accountNumber: "acc-1" };
    await stage.refund("a", { amount: usd(1_000), account });
    await stage.refund("b", { amount: usd(1_000), account });
    const [first, second] = stage.started;
    await stage.run(first as never);
    await stage.run(second as never);
    expect(stage.moved).toEqual([]);
    const waiting = await stage.stored(second?.transactionId ?? "");
    expect(waiting).toMatchObject({ status: "pending", attempts: 0 });
    expect(waiting.log.at(-1)?.detail).toBe(`waits: ${first?.transactionId} is in flight at the same account`);

    stage.moved.push({ reference: first?.transactionId } as never);
    await stage.run(first as never);
    expect(await stage.stored(first?.transactionId ?? "")).toMatchObject({ status: "succeeded" });
    await stage.run(second as never);
    expect(await stage.stored(second?.transactionId ?? "")).toMatchObject({ status: "succeeded" });
    expect(stage.moved).toHaveLength(2);
  });
});

describe("a refund that an operator must see", () => {
  test("keeps its part and its turn: the next one of its account waits until it is resolved", async () => {
    let answered = false;
    const stage = refundStage({
      left: 10_000,
      isExclusive: true,
      submit: async (order, moved) => {
        moved.push(order);
        if (answered) return { kind: "settled", detail: "done" };
        answered = true;
        return { kind: "unknown", detail: "timeout" };
      },
      finding: () => ({ kind: "contradiction", detail: "two rows could be it" }),
    });
    const account = { accountNumber: "acc-1" };
    await stage.refund("a", { amount: usd(1_000), account });
    await stage.refund("b", { amount: usd(2_000), account });
    const [first, second] = stage.started;
    await stage.run(first as never);
    const id = first?.transactionId ?? "";
    // The answer to the call may come for as long as it may take.
    expect((await stage.stored(id)).status).toBe("processing");
    stage.clock.advance(15_000);
    await stage.run(first as never);
    expect((await stage.stored(id)).status).toBe("needs_review");
    expect(await stage.originals.remaining(original)).toMatchObject(usd(9_000));

    await stage.run(second as never);
    expect(await stage.stored(second?.transactionId ?? "")).toMatchObject({ status: "pending", attempts: 0 });
    expect(stage.moved).toHaveLength(1);

    await resolveTransaction({ id, outcome: "failed", reason: "not listed" }, stage.dependencies, callWith("resolve"));
    await stage.run(second as never);
    expect(await stage.stored(second?.transactionId ?? "")).toMatchObject({ status: "succeeded" });
    expect(stage.moved).toHaveLength(2);
    // The first one's part came back, the second one's is held.
    expect(await stage.originals.remaining(original)).toMatchObject(usd(8_000));
  });
});

describe("a turn", () => {
  test("of a transaction that died while it had it is taken over once that transaction is over", async () => {
    const stage = refundStage({ left: 10_000, isExclusive: true });
    await stage.names.take("turn#scripted#the account", "txn_gone");
    await stage.refund("a", { amount: usd(1_000), account: { accountNumber: "1" } });
    await stage.run(stage.started[0] as never);
    expect(stage.moved).toHaveLength(1);
  });
});

describe("a movement that a provider lists without our reference", () => {
  test("is believed by one transaction only; the other goes to an operator", async () => {
    const stage = refundStage({
      left: 10_000,
      isExclusive: true,
      submit: async () => ({ kind: "settled", detail: "done", providerTransactionId: "row-1" }),
    });
    const account = { accountNumber: "1" };
    await stage.refund("a", { amount: usd(1_000), account });
    await stage.refund("b", { amount: usd(1_000), account });
    for (const input of stage.started) await stage.run(input);
    const ends = await Promise.all(
      stage.started.map(async ({ transactionId }) => (await stage.stored(transactionId)).status),
    );
    expect(ends).toEqual(["succeeded", "needs_review"]);
    // Which of the two it was is open: nobody else is sent at this account until an operator has said.
    await stage.refund("c", { amount: usd(1_000), account });
    await stage.run(stage.started[2] as never);
    expect(await stage.stored(stage.started[2]?.transactionId ?? "")).toMatchObject({ status: "pending", attempts: 0 });
  });
});
