/** Which row is ours, against the sandbox: equal refunds in a row, others that refund meanwhile, lists that lag. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import { refundOf } from "./sample-connection.ts";
import { startMircate } from "./sandbox-refunds.ts";

const settledAs = (id: string | undefined) => ({
  kind: "read",
  value: { kind: "found", outcome: { kind: "settled", providerTransactionId: `mrc-${id}` } },
});
const contradiction = { kind: "read", value: { kind: "contradiction" } };
const nothing = { kind: "read", value: { kind: "nothing" } };

/** Each of them, with the list as the page documents it and with a back-reference. */
const rowForms = ["hidden", "shown"];

describe.each(rowForms)("with the rows' original %s", (backReference) => {
  const start = async () => {
    const rig = await startMircate();
    await rig.turn("row-original", backReference);
    return rig;
  };

  test("equal partial refunds one after another are each found as what they are", async () => {
    const { arm, prepare, submit, lookUp, returned } = await start();
    for (let n = 0; n < 4; n++) {
      const order = refundOf({ reference: `txn_${n}`, amount: amountOf(2_500, "TRY") });
      await prepare(order);
      await arm("refund", n % 2 === 0 ? "reset-after" : "error-500-after");
      expect((await submit(order)).kind).toBe("unknown");
      const movements = await returned("spent-100");
      expect(movements).toHaveLength(n + 1);
      expect(await lookUp(order)).toMatchObject(settledAs(movements[n]?.id));
    }
  });

  test("an equal refund that was never carried out is not mistaken for the one before", async () => {
    const { arm, prepare, submit, lookUp, returned } = await start();
    const [first, second] = [refundOf({ reference: "txn_1" }), refundOf({ reference: "txn_2" })];
    await prepare(first);
    await submit(first);
    await prepare(second);
    await arm("refund", "reset-before");
    await submit(second);
    expect(await returned()).toHaveLength(1);
    expect(await lookUp(second)).toStrictEqual(nothing);
  });

  test("nor for one that the list shows only afterwards", async () => {
    const { turn, arm, prepare, submit, lookUp } = await start();
    const [first, second] = [refundOf({ reference: "txn_1" }), refundOf({ reference: "txn_2" })];
    await turn("list-lag-ms", 600_000);
    await prepare(first);
    await submit(first);
    // A later millisecond than the row's: what is as old as the note may be newer than it.
    const row = Date.now();
    while (Date.now() === row) await new Promise(setImmediate);
    await prepare(second);
    await arm("refund", "reset-before");
    await submit(second);
    expect(await lookUp(second)).toStrictEqual(nothing);
    await turn("list-lag-ms", 0);
    expect(await lookUp(second)).toMatchObject(contradiction);
  });

  test("rows that are known to be other transactions' are left aside, and the ones in question are named", async () => {
    const { arm, prepare, submit, lookUp, post, returned } = await start();
    await prepare(refundOf());
    await post("refund", { transactionId: "spent-100", amount: 5_000, accountNumber: "alice-try" });
    await arm("refund", "reset-after");
    await submit(refundOf());
    const [other, ours] = (await returned()).map(({ id }) => `mrc-${id}`);
    expect(await lookUp(refundOf())).toMatchObject({ value: { candidates: expect.arrayContaining([other, ours]) } });
    const found = { kind: "found", outcome: { kind: "settled", providerTransactionId: ours } };
    expect(await lookUp({ ...refundOf(), othersMovements: [other ?? ""] })).toMatchObject({ value: found });
    expect(await lookUp({ ...refundOf(), othersMovements: [other ?? "", ours ?? ""] })).toStrictEqual(nothing);
  });

  test("a foreign refund of the same payment and amount beside ours is for an operator", async () => {
    const { arm, prepare, submit, lookUp, post, returned } = await start();
    await prepare(refundOf());
    await post("refund", { transactionId: "spent-100", amount: 5_000, accountNumber: "alice-try" });
    await arm("refund", "reset-after");
    await submit(refundOf());
    expect(await returned()).toHaveLength(2);
    expect(await lookUp(refundOf())).toMatchObject(contradiction);
  });

  test("a foreign refund of the same payment with another amount is for an operator, ours there or not", async () => {
    for (const fault of ["reset-before", "reset-after"]) {
      const { arm, prepare, submit, lookUp, post } = await start();
      await prepare(refundOf());
      await arm("refund", fault);
      await submit(refundOf());
      await post("refund", { transactionId: "spent-100", amount: 1_234, accountNumber: "alice-try" });
      expect(await lookUp(refundOf())).toMatchObject(contradiction);
    }
  });

  test("a foreign refund after its note and before ours was sent does not stop the answer from settling ours", async () => {
    const { prepare, submit, post, returned } = await start();
    await prepare(refundOf());
    await post("refund", { transactionId: "spent-60", amount: 1_000, accountNumber: "alice-try" });
    const outcome = await submit(refundOf());
    expect(outcome).toMatchObject({
      kind: "settled",
      providerTransactionId: `mrc-${(await returned("spent-100"))[0]?.id}`,
    });
  });

  test("a foreign refund at another account is not even seen", async () => {
    const { arm, prepare, submit, lookUp, post, returned } = await start();
    await prepare(refundOf());
    await post("refund", { transactionId: "spent-bob-75", amount: 5_000, accountNumber: "bob-try" });
    await arm("refund", "reset-after");
    await submit(refundOf());
    expect(await lookUp(refundOf())).toMatchObject(settledAs((await returned("spent-100"))[0]?.id));
  });
});

describe("a foreign refund of another payment at the same account", () => {
  test.each([
    ["shown", 1_234],
    ["shown", 5_000],
  ])("is left aside where rows name their original (%s, %d)", async (backReference, amount) => {
    const { turn, arm, prepare, submit, lookUp, post, returned } = await startMircate();
    await turn("row-original", backReference);
    await prepare(refundOf());
    await post("refund", { transactionId: "spent-60", amount, accountNumber: "alice-try" });
    expect(await lookUp(refundOf())).toStrictEqual(nothing);
    await arm("refund", "reset-after");
    await submit(refundOf());
    expect(await lookUp(refundOf())).toMatchObject(settledAs((await returned("spent-100"))[0]?.id));
  });

  test.each([1_234, 5_000])("is for an operator beside ours where rows do not (%d)", async (amount) => {
    const { arm, prepare, submit, lookUp, post } = await startMircate();
    await prepare(refundOf());
    await post("refund", { transactionId: "spent-60", amount, accountNumber: "alice-try" });
    await arm("refund", "reset-after");
    await submit(refundOf());
    expect(await lookUp(refundOf())).toMatchObject(contradiction);
  });
});

describe("an equal foreign refund where ours was never carried out", () => {
  const start = async (sharedAccounts: boolean) => {
    const rig = await startMircate({ sharedAccounts });
    const { arm, prepare, submit, post } = rig;
    await prepare(refundOf());
    await arm("refund", "reset-before");
    await submit(refundOf());
    await post("refund", { transactionId: "spent-60", amount: 5_000, accountNumber: "alice-try" });
    return rig;
  };

  test("is for an operator at accounts that are shared", async () => {
    const { lookUp } = await start(true);
    expect(await lookUp(refundOf())).toMatchObject(contradiction);
  });

  test("is left aside where rows name their original", async () => {
    for (const sharedAccounts of [true, false]) {
      const { turn, lookUp } = await start(sharedAccounts);
      await turn("row-original", "shown");
      expect(await lookUp(refundOf())).toStrictEqual(nothing);
    }
  });

  // The limit of what Mircate documents (MAPPING.md): nothing in such a row differs from ours.
  test("looks like ours at accounts that we alone refund at, where rows do not name their original", async () => {
    const { lookUp } = await start(false);
    expect(await lookUp(refundOf())).toMatchObject({ value: { kind: "found", outcome: { kind: "settled" } } });
  });

  test("ours is found at shared accounts where rows name their original", async () => {
    const { turn, arm, prepare, submit, lookUp } = await startMircate({ sharedAccounts: true });
    await turn("row-original", "shown");
    await prepare(refundOf());
    await arm("refund", "reset-after");
    await submit(refundOf());
    expect(await lookUp(refundOf())).toMatchObject(settledAs("100001"));
  });
});

describe("an account with many refunds", () => {
  const start = async (count: number) => {
    const rig = await startMircate();
    for (let n = 0; n < count; n++) {
      await rig.post("refund", { transactionId: "spent-100", amount: 1, accountNumber: "alice-try" });
    }
    return rig;
  };

  test.each(["newest", "oldest"])("is read page by page, %s first", async (order) => {
    const { turn, arm, prepare, submit, lookUp, returned } = await start(7);
    await turn("page-size-max", 3);
    await turn("list-order", order);
    const refund = refundOf({ amount: amountOf(1, "TRY") });
    await prepare(refund);
    await arm("refund", "reset-after");
    await submit(refund);
    expect(await lookUp(refund)).toMatchObject(settledAs((await returned("spent-100"))[7]?.id));
  });

  test("whose pages are counted otherwise is sent its refund, and left to an operator in doubt", async () => {
    const { turn, arm, prepare, submit, lookUp } = await start(3);
    await turn("page-size-max", 2);
    await turn("list-from", "pages");
    await prepare(refundOf());
    expect((await submit(refundOf())).kind).toBe("settled");
    const second = refundOf({ reference: "txn_2" });
    await prepare(second);
    await arm("refund", "reset-after");
    await submit(second);
    expect(await lookUp(second)).toMatchObject(contradiction);
  });
});

describe("an account without refunds", () => {
  test.each([
    ["rows", settledAs("100001")],
    ["404", contradiction],
  ])("is noted where an empty list comes as %s", async (form, found) => {
    const { turn, arm, prepare, submit, lookUp } = await startMircate();
    await turn("empty-list", form);
    const order = refundOf({ original: "spent-bob-75", account: { accountNumber: "bob-try" } });
    await prepare(order);
    await arm("refund", "reset-after");
    await submit(order);
    expect(await lookUp(order)).toMatchObject(found);
  });

  test("is read alike where lists do not obey their filters", async () => {
    const { turn, arm, prepare, submit, lookUp } = await startMircate();
    await turn("filters", "ignored");
    const order = refundOf({ original: "spent-bob-75", account: { accountNumber: "bob-try" } });
    await prepare(order);
    expect(await lookUp(order)).toStrictEqual(nothing);
    await arm("refund", "reset-after");
    await submit(order);
    expect(await lookUp(order)).toMatchObject(settledAs("100001"));
  });
});

test.each(["positive", "refunded-negative"])("a refund is found with %s amounts", async (signs) => {
  const { turn, arm, prepare, submit, lookUp } = await startMircate();
  await turn("signs", signs);
  await prepare(refundOf());
  await arm("refund", "reset-after");
  await submit(refundOf());
  expect(await lookUp(refundOf())).toMatchObject(settledAs("100001"));
});
