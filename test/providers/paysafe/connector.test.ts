/** Paysafe's connector against the sandbox: the common suite with and without splits, and what only Paysafe has. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import { httpClient } from "../../../lib/providers/http.ts";
import type { RefundOrder } from "../../../lib/providers/port.ts";
import { connectorSuite, type Rig } from "../connector-suite.ts";
import { startSandboxRig } from "../sandbox-rig.ts";
import { type ConnectionOptions, connect, orderOf, seedSplits } from "./sample-connection.ts";

/** Long enough for a local answer on a busy machine, short enough to wait for. */
const impatientMs = 500;

async function setup(options: ConnectionOptions = {}) {
  const { baseUrl, ...sandbox } = await startSandboxRig("paysafe");
  const { balance, refund } = connect(httpClient, { baseUrl, ...options });
  return {
    ...sandbox,
    baseUrl,
    balance,
    calls: refund,
    impatient: connect(httpClient, { baseUrl, timeoutMs: impatientMs }).refund,
    order: orderOf(),
    tooLarge: orderOf({ reference: "too_large", amount: amountOf(10_099, "USD") }),
    tooLargeAs: "refund_exceeds_remaining",
    approach: (order: RefundOrder) => refund.remaining(order, undefined),
    operations: { submit: "refund", lookUp: "lookup" },
    // The answer to the POST says PENDING; the batch comes with the first lookup.
    says: { success: "accepted", pending: "accepted" },
    repeats: "are refused",
    sayUnheardOf: () => sandbox.turn("refund-status", "SIDEWAYS"),
    refuseSession: (_way: string, operation: string) => sandbox.arm(operation, "expired-token"),
  } satisfies Rig<RefundOrder> & Record<string, unknown>;
}

/** The key itself, which goes with every call, can expire. */
const sessionRefusals = ["401/5275"];

connectorSuite(
  "Paysafe",
  async () => {
    const rig = await setup();
    // Whether lookups list refused refunds is not documented; listed ones have tests of their own below.
    await rig.turn("refused-refunds", "hidden");
    return rig;
  },
  { sessionRefusals },
);

describe("Paysafe, beyond the suite", () => {
  async function ready(changes: Partial<RefundOrder> = {}) {
    const rig = await setup();
    const order = orderOf(changes);
    const { submit, lookUp, remaining, cancel } = rig.calls;
    return {
      ...rig,
      order,
      submit: (more: Partial<RefundOrder> = {}) => submit({ ...order, ...more }, undefined),
      lookUp: (more: Partial<RefundOrder> = {}) => lookUp({ ...order, ...more }, undefined),
      remaining: (original = order.original) => remaining({ original, account: {}, splits: [] }, undefined),
      cancel: async (more: Partial<RefundOrder> = {}) => cancel?.({ ...order, ...more }, undefined),
    };
  }

  test("moves the seed's shares from the accounts that it names, and the rest from its own", async () => {
    const { submit, lookUp, truth, order } = await ready({ splits: seedSplits });
    expect((await submit()).kind).toBe("accepted");
    expect(await lookUp()).toMatchObject(foundAs("settled"));
    expect(await truth.movements(order)).toMatchObject([
      { account: "89987201", amount: { value: 9_017 }, status: "settled" },
      { account: "1001391850", amount: { value: 581 }, status: "settled" },
      { account: "1001391860", amount: { value: 500 }, status: "settled" },
    ]);
  });

  test.each(["half-up", "half-even", "up", "down"])(
    "finds its shares again however Paysafe rounds: %s",
    async (rounding) => {
      const { submit, lookUp, turn } = await ready({
        amount: amountOf(10_010, "USD"),
        // 5.75 % of 10010 is 575.575, 2.5 % is 250.25.
        splits: [
          { linkedAccount: "1001391850", percent: "5.75", amount: 576 },
          { linkedAccount: "1001391860", percent: "2.5", amount: 250 },
        ],
      });
      await turn("rounding", rounding);
      expect((await submit()).kind).toBe("accepted");
      expect(await lookUp()).toMatchObject(foundAs("settled"));
    },
  );

  test("settles at once where Paysafe completes at once", async () => {
    const { submit, turn } = await ready();
    await turn("batch-lookups", 0);
    expect(await submit()).toMatchObject({ kind: "settled", detail: "COMPLETED" });
  });

  test("follows a refund by its id, and does not find its reference alone", async () => {
    const { submit, lookUp, turn } = await ready();
    await turn("batch-lookups", 3);
    const id = idOf(await submit());
    expect(await lookUp({ providerTransactionId: id })).toMatchObject(foundAs("accepted"));
    expect(await lookUp({ providerTransactionId: id })).toMatchObject(foundAs("accepted"));
    expect(await lookUp({ providerTransactionId: id })).toMatchObject(foundAs("settled"));
  });

  test("falls back on the reference where the id is not known, and never takes an accepted refund for nothing", async () => {
    const { submit, lookUp } = await ready();
    expect(await lookUp({ providerTransactionId: "gone" })).toMatchObject({ kind: "unavailable" });
    await submit();
    expect(await lookUp({ providerTransactionId: "gone" })).toMatchObject(foundAs("settled"));
  });

  test.each(["list", "404"])("finds nothing where an empty lookup is a %s", async (form) => {
    const { lookUp, turn } = await ready();
    await turn("empty-lookup", form);
    expect(await lookUp()).toStrictEqual({ kind: "read", value: { kind: "nothing" } });
  });

  test("finds a refund of two months ago, which a lookup without dates would miss", async () => {
    const { submit, lookUp } = await ready({ createdAt: new Date(Date.now() - 60 * 86_400_000) });
    await submit();
    expect(await lookUp()).toMatchObject(foundAs("settled"));
  });

  test.each([
    ["another amount", { amount: amountOf(10_097, "USD") }],
    ["shares that we did not order", { splits: seedSplits }],
  ])("does not take a refund with %s for its own", async (_, changes) => {
    const { submit, lookUp } = await ready();
    await submit();
    expect(await lookUp(changes)).toMatchObject({ value: { kind: "contradiction" } });
  });

  test.each(["before-state", "after-state"])(
    "is in doubt when its reference is taken, checked %s, and finds the first refund",
    async (order) => {
      const { submit, lookUp, turn, truth, ...rig } = await ready({
        original: "stl-100",
        amount: amountOf(10_000, "USD"),
      });
      await turn("duplicate-check", order);
      await submit();
      expect((await submit({ attempt: 2 })).kind).toBe("unknown");
      await turn("refused-refunds", "hidden");
      expect(await lookUp({ attempt: 2 })).toMatchObject(foundAs("settled"));
      expect((await truth.movements(rig.order)).length).toBe(1);
    },
  );

  test("never takes the trace of its own lost attempt for the last word", async () => {
    const { submit, lookUp, turn, arm, truth, order } = await ready();
    await turn("duplicate-check", "after-state");
    await arm("refund", "late-lookup", { lookups: 2 });
    await submit();
    expect(await lookUp()).toMatchObject({ value: { kind: "nothing" } });
    // The second attempt is refused for what the first did (3404), and only that refusal is listed yet.
    expect((await submit({ attempt: 2 })).kind).toBe("unknown");
    expect(await lookUp({ attempt: 2 })).toMatchObject(foundAs("unknown"));
    expect(await lookUp({ attempt: 2 })).toMatchObject(foundAs("settled"));
    expect((await truth.movements(order)).length).toBe(1);
  });

  test.each([
    ["stl-pending", "original_not_refundable", "3406"],
    ["stl-expired", "original_not_refundable", "3405"],
    ["stl-refunded", "refund_exceeds_remaining", "3404"],
    ["stl-nowhere", "original_not_found", "3407"],
    ["stl-overdraft", "insufficient_funds", "3412"],
  ])("is declined by the settlement %s: %s (%s), as listed", async (original, code, providerCode) => {
    const amount = original === "stl-overdraft" ? 150_000_001 : 5_000;
    const { submit, lookUp, truth, order } = await ready({ original, amount: amountOf(amount, "USD") });
    expect(await submit()).toMatchObject({ kind: "declined", code, providerCode });
    expect(await lookUp()).toMatchObject({
      value: { kind: "found", outcome: { kind: "declined", code, providerCode } },
    });
    expect(await truth.movements(order)).toStrictEqual([]);
  });

  test("is declined at the maximum number of refunds", async () => {
    const { submit, turn } = await ready();
    await turn("refunds-max", 0);
    expect(await submit()).toMatchObject({ kind: "declined", code: "original_not_refundable", providerCode: "3403" });
  });

  test.each([
    ["an account that is not linked", [{ linkedAccount: "1001391870", amount: 1 }], "split_rejected", "5068"],
    ["its own account", [{ linkedAccount: "89987201", amount: 1 }], "split_rejected", "5068"],
    ["more than the whole", [{ linkedAccount: "1001391850", amount: 10_099 }], "split_rejected", "5068"],
    ["more than a linked account has", [{ linkedAccount: "1001391880", amount: 101 }], "insufficient_funds", "3412"],
  ])("is declined with a share of %s", async (_, splits, code, providerCode) => {
    const { submit, truth, order } = await ready({ splits });
    expect(await submit()).toMatchObject({ kind: "declined", code, providerCode });
    expect(await truth.movements(order)).toStrictEqual([]);
  });

  test("is declined, not told that its key is wrong, where Split Payouts are off", async () => {
    const { submit, turn } = await ready({ splits: seedSplits });
    await turn("split-payouts", "off");
    expect(await submit()).toMatchObject({ kind: "declined", code: "split_rejected", providerCode: "5040" });
    expect(await submit({ splits: [] })).toMatchObject({ kind: "accepted" });
  });

  test.each([
    ["a wrong password", { password: "wrong" }],
    ["another's account", { accountId: "1002158490" }],
  ])("was not sent with %s", async (_, options) => {
    const rig = await setup(options);
    expect(await rig.calls.submit(rig.order, undefined)).toMatchObject({
      kind: "not-sent",
      reason: "session-rejected",
    });
    expect((await rig.calls.lookUp(rig.order, undefined)).kind).toBe("session-rejected");
    expect((await rig.approach(rig.order)).kind).toBe("session-rejected");
    expect((await rig.balance({ account: "stl-100", currency: "USD" }, undefined)).kind).toBe("session-rejected");
  });

  test("reads what is left, and again after a refund", async () => {
    const { remaining, submit, balance } = await ready();
    expect(await remaining()).toStrictEqual({ kind: "read", value: { value: 10_098, currency: "USD" } });
    await submit({ amount: amountOf(98, "USD") });
    expect(await remaining()).toStrictEqual({ kind: "read", value: { value: 10_000, currency: "USD" } });
    expect(await balance({ account: "stl-10098", currency: "USD" }, undefined)).toStrictEqual({
      kind: "read",
      value: { value: 10_000, currency: "USD" },
    });
    expect(await remaining("stl-5500")).toMatchObject({ value: { value: 2_225 } });
  });

  test("refuses what is not batched yet, though its whole amount shows as available", async () => {
    const { remaining, balance } = await ready();
    expect(await remaining("stl-pending")).toMatchObject({ kind: "refused", code: "original_not_refundable" });
    expect(await balance({ account: "stl-pending", currency: "USD" }, undefined)).toMatchObject({
      value: { value: 5_000 },
    });
  });

  test("is told that a settlement does not exist", async () => {
    const { remaining, balance } = await ready();
    expect(await remaining("stl-nowhere")).toMatchObject({ kind: "refused", code: "original_not_found" });
    expect(await balance({ account: "stl-nowhere", currency: "USD" }, undefined)).toMatchObject({
      kind: "refused",
      code: "account_not_found",
      providerCode: "5269",
    });
  });

  test("takes a pending refund back, by its id or by our reference, and its shares with it", async () => {
    for (const isNamed of [true, false]) {
      const { submit, cancel, lookUp, turn, truth, order, remaining } = await ready({ splits: seedSplits });
      await turn("batch-lookups", "never");
      const providerTransactionId = idOf(await submit());
      expect(await cancel(isNamed ? { providerTransactionId } : {})).toMatchObject({ kind: "canceled" });
      expect(await lookUp()).toMatchObject(foundAs("canceled"));
      const ends = (await truth.movements(order)).map(({ status }) => status);
      expect(ends).toStrictEqual(["failed", "failed", "failed"]);
      expect(await remaining()).toMatchObject({ value: { value: 10_098 } });
    }
  });

  test("is told that it is too late to take a refund back, or that there is none", async () => {
    const { submit, cancel, lookUp } = await ready();
    expect(await cancel({ providerTransactionId: "gone" })).toMatchObject({ kind: "refused" });
    expect(await cancel()).toMatchObject({ kind: "unknown" });
    const providerTransactionId = idOf(await submit());
    await lookUp();
    expect(await cancel({ providerTransactionId })).toMatchObject({ kind: "refused", detail: "HTTP 402, code 3415" });
    expect(await cancel()).toMatchObject({ kind: "refused" });
  });

  test("does not know whether it took a refund back when the answer was lost, and the lookup tells", async () => {
    const { submit, cancel, lookUp, turn, arm } = await ready();
    await turn("batch-lookups", "never");
    const providerTransactionId = idOf(await submit());
    await arm("cancel", "reset-after");
    expect((await cancel({ providerTransactionId }))?.kind).toBe("unknown");
    expect(await lookUp({ providerTransactionId })).toMatchObject(foundAs("canceled"));
  });

  test.each(["1000", "1001", "1002", "1003", "1007", "1008"])("is in doubt after the code %s", async (code) => {
    const { submit, arm, turn, lookUp } = await ready();
    await turn("error-code", code);
    await arm("refund", "error-500-after");
    expect((await submit()).kind).toBe("unknown");
    expect(await lookUp()).toMatchObject(foundAs("settled"));
  });

  test.each([
    ["RECEIVED", "accepted"],
    ["PENDING", "accepted"],
    ["PROCESSING", "accepted"],
    ["COMPLETED", "settled"],
    ["FAILED", "declined"],
    ["CANCELLED", "canceled"],
    ["INITIATED", "unknown"],
    ["EXPIRED", "unknown"],
    ["completed", "unknown"],
  ])("finds the status %s %s", async (status, kind) => {
    const { submit, lookUp, turn } = await ready();
    await submit();
    await turn("refund-status", status);
    expect(await lookUp()).toMatchObject(foundAs(kind));
  });
});

function foundAs(kind: string) {
  return { kind: "read", value: { kind: "found", outcome: { kind } } };
}

function idOf(outcome: object): string {
  if ("providerTransactionId" in outcome && typeof outcome.providerTransactionId === "string") {
    return outcome.providerTransactionId;
  }
  throw new Error(`no id in ${JSON.stringify(outcome)}`);
}
