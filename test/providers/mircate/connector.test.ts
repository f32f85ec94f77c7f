/** Mircate's connector against the sandbox: the common suite, and what only Mircate has. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import type { RefundOrder } from "../../../lib/providers/port.ts";
import { connectorSuite, type Rig } from "../connector-suite.ts";
import { refundOf } from "./sample-connection.ts";
import { startMircate } from "./sandbox-refunds.ts";

async function setup(order = refundOf()) {
  const { prepare, submit, lookUp, over, returned, ...rig } = await startMircate();
  return {
    ...rig,
    calls: { submit, lookUp },
    impatient: over({ timeoutMs: 500 }),
    order,
    // What Mircate says to a refund that is too large is not documented; a payment that it does not know is a clear refusal.
    tooLarge: refundOf({ reference: "too_large", original: "nowhere" }),
    tooLargeAs: "original_not_found",
    approach: prepare,
    operations: { submit: "refund", lookUp: "lookup" },
    truth: { calls: rig.truth.calls, movements: ({ original }: RefundOrder) => returned(original) },
    says: { success: "settled", pending: "unknown" } as const,
    repeats: "move again, namelessly",
    sayUnheardOf: () => rig.turn("row-type", "RETURNED_LATER"),
    // The key is static: there is no session to refuse.
    refuseSession: () => Promise.resolve(),
  } satisfies Rig<RefundOrder> & Record<string, unknown>;
}

const suite = { sessionRefusals: [], isSynchronous: true };

connectorSuite("Mircate, refund by account number", () => setup(), suite);
connectorSuite(
  "Mircate, refund by wallet and currency",
  () => setup(refundOf({ account: { walletId: "wallet-alice", currency: "TRY" } })),
  suite,
);

describe("Mircate, beyond the suite", () => {
  const settled = { value: { kind: "found", outcome: { kind: "settled" } } };
  const nothing = { kind: "read", value: { kind: "nothing" } };

  test("returns to the account and currency that were named, and exactly the amount", async () => {
    const { prepare, submit, returned } = await startMircate();
    const order = refundOf({
      original: "spent-usd-40",
      amount: amountOf(1_999, "USD"),
      account: { walletId: "wallet-alice", currency: "USD" },
    });
    await prepare(order);
    expect((await submit(order)).kind).toBe("settled");
    expect(await returned()).toMatchObject([{ account: "alice-usd", amount: { value: 1_999, currency: "USD" } }]);
  });

  test("returns whole major units where the connection says so", async () => {
    const { turn, prepare, submit, lookUp, refunds, returned } = await startMircate({ amountUnit: "major" });
    await turn("amount-unit", "major");
    const order = refundOf({ amount: amountOf(5_000, "TRY") });
    await prepare(order);
    expect((await submit(order)).kind).toBe("settled");
    expect(await lookUp(order)).toMatchObject(settled);
    expect(await returned()).toMatchObject([{ amount: { value: 5_000, currency: "TRY" } }]);
    expect(await refunds.remaining(order, undefined)).toStrictEqual({
      kind: "read",
      value: { value: 10_000, currency: "TRY" },
    });
  });

  test.each(["shown", "hidden"])("finds a refund by its id, with the original %s", async (backReference) => {
    const { turn, prepare, submit, lookUp } = await startMircate();
    await turn("row-original", backReference);
    const order = refundOf();
    await prepare(order);
    const outcome = await submit(order);
    const id = outcome.kind === "settled" ? outcome.providerTransactionId : undefined;
    expect(id).toMatch(/^mrc-\d+$/);
    const { snapshot: _, ...bare } = order;
    const known = { ...bare, reference: "another", ...(id && { providerTransactionId: id }) };
    expect(await lookUp(known)).toMatchObject({
      value: { kind: "found", outcome: { kind: "settled", providerTransactionId: id } },
    });
  });

  test.each(["iso", "seconds", "local", "epoch"])("finds a refund whose time is written as %s", async (form) => {
    const { turn, arm, prepare, submit, lookUp } = await startMircate();
    await turn("created-at", form);
    await prepare(refundOf());
    await arm("refund", "reset-after");
    await submit(refundOf());
    expect(await lookUp(refundOf())).toMatchObject(settled);
  });

  test("is told that its key is wrong, by every call, and nothing moves", async () => {
    const { over, refunds: _, returned, ...rig } = await startMircate({ apiKey: "wrong" });
    const { submit, lookUp } = over({});
    for (const body of ["json", "text", "empty"]) {
      await rig.turn("error-body", body);
      expect(await submit(refundOf())).toMatchObject({ kind: "not-sent", reason: "session-rejected" });
      expect((await lookUp(refundOf())).kind).toBe("session-rejected");
      expect((await _.prepare(refundOf(), undefined)).kind).toBe("session-rejected");
      expect((await _.remaining(refundOf(), undefined)).kind).toBe("session-rejected");
    }
    expect(await returned()).toStrictEqual([]);
  });

  test("was surely not sent while another write is running, and goes through after it", async () => {
    const { turn, prepare, submit, returned } = await startMircate();
    await prepare(refundOf());
    await turn("busy", 60_000);
    expect((await submit(refundOf())).kind).toBe("settled");
    const second = refundOf({ reference: "second" });
    await prepare(second);
    expect(await submit(second)).toMatchObject({ kind: "not-sent", reason: "busy" });
    expect(await returned()).toHaveLength(1);
    await turn("busy", "off");
    expect((await submit(second)).kind).toBe("settled");
    expect(await returned()).toHaveLength(2);
  });

  test.each([
    [204, "nothing to read"],
    [400, "a refusal that comes after the money moved"],
    [500, "a fault that comes after the money moved"],
    [502, "another server's fault"],
  ])("is in doubt with HTTP %i, %s, and the lookup tells", async (status) => {
    const { turn, prepare, submit, lookUp, returned } = await startMircate();
    await turn("refund-status", status);
    await prepare(refundOf());
    expect((await submit(refundOf())).kind).toBe("unknown");
    expect(await returned()).toHaveLength(1);
    expect(await lookUp(refundOf())).toMatchObject(settled);
  });

  test.each([
    ["full", "settled"],
    ["no-original", "settled"],
    ["no-id", "unknown"],
    ["empty", "unknown"],
  ])("takes an answer that is %s for %s", async (form, kind) => {
    const { turn, prepare, submit, lookUp } = await startMircate();
    await turn("refund-answer", form);
    await prepare(refundOf());
    expect((await submit(refundOf())).kind).toBe(kind);
    expect(await lookUp(refundOf())).toMatchObject(settled);
  });

  test.each([
    ["reject", "unknown", undefined],
    ["validation", "declined", "provider_rejected_request"],
    ["404", "declined", "original_not_found"],
  ])("moves nothing above the original, refused as %s: %s", async (form, kind, code) => {
    const { turn, prepare, submit, lookUp, returned } = await startMircate();
    await turn("over-refund", form);
    const order = refundOf({ amount: amountOf(10_001, "TRY") });
    await prepare(order);
    expect(await submit(order)).toMatchObject({ kind, ...(code && { code }) });
    expect(await returned()).toStrictEqual([]);
    expect(await lookUp(order)).toStrictEqual(nothing);
  });

  test.each([
    ["another account", { account: { accountNumber: "bob-try" } }],
    ["an account that nobody has", { account: { accountNumber: "nobody" } }],
    ["a wallet in another currency", { account: { walletId: "wallet-bob", currency: "USD" } }],
  ])("is declined at %s", async (_, changes) => {
    const { turn, prepare, submit, returned } = await startMircate();
    const order = refundOf(changes);
    await turn("unknown-account", "empty");
    await prepare(order);
    expect(await submit(order)).toMatchObject({ kind: "declined", code: "original_not_found" });
    expect(await returned()).toStrictEqual([]);
  });
});
