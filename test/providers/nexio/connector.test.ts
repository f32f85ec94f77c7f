/** Nexio's connector against the sandbox: the common suite for spendbacks and refunds, and what only Nexio has. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import { httpClient } from "../../../lib/providers/http.ts";
import type { RefundOrder, SpendbackOrder } from "../../../lib/providers/port.ts";
import { connectorSuite, type Rig } from "../connector-suite.ts";
import { startSandboxRig } from "../sandbox-rig.ts";
import { type ConnectionOptions, connect, jane, orderOf, refundOf } from "./sample-connection.ts";

/** Long enough for a local answer on a busy machine, short enough to wait for. */
const impatientMs = 500;

/** Lookups begin a day before the order, so it must be of today. */
const today = () => ({ createdAt: new Date() });

async function setup(recipient: SpendbackOrder["recipient"] = jane, options: ConnectionOptions = {}) {
  const { baseUrl, ...sandbox } = await startSandboxRig("nexio");
  const connector = connect(httpClient, { baseUrl, ...options });
  return {
    ...sandbox,
    baseUrl,
    connector,
    calls: connector.spendback,
    impatient: connect(httpClient, { baseUrl, ...options, timeoutMs: impatientMs }).spendback,
    order: orderOf({ recipient, ...today() }),
    // Jane has 500.00 USD.
    tooLarge: orderOf({ recipient, ...today(), reference: "too_large", amount: amountOf(50_001, "USD") }),
    approach: (order: SpendbackOrder) =>
      connector.balance({ account: order.recipient.ref ?? jane.ref, currency: order.amount.currency }, undefined),
    operations: { submit: "spendback", lookUp: "lookup" },
    says: { success: "accepted", pending: "accepted" } as const,
    repeats: "move again",
    sayUnheardOf: () => sandbox.turn("status", 77),
    // Credentials are static: there is no session to refuse.
    refuseSession: () => Promise.resolve(),
  } satisfies Rig<SpendbackOrder> & Record<string, unknown>;
}

/** A refund of 5.00 USD of a spendback of 14.83 USD that has settled. */
async function setupRefund() {
  const { calls: spendback, order: paid, ...rig } = await setup();
  await rig.turn("flow", "20");
  const outcome = await spendback.submit(paid, undefined);
  const original = outcome.kind === "settled" ? outcome.providerTransactionId : undefined;
  if (!original) throw new Error(`the spendback came to ${JSON.stringify(outcome)}`);
  await rig.turn("flow", "10-20");
  const { baseUrl } = rig;
  return {
    ...rig,
    calls: rig.connector.refund,
    impatient: connect(httpClient, { baseUrl, timeoutMs: impatientMs }).refund,
    order: refundOf({ original, ...today() }),
    tooLarge: refundOf({ original, ...today(), reference: "too_large", amount: amountOf(1_484, "USD") }),
    tooLargeAs: "provider_rejected_request",
    approach: () => Promise.resolve(),
    operations: { submit: "refund", lookUp: "lookup" },
  } satisfies Rig<RefundOrder> & Record<string, unknown>;
}

connectorSuite("Nexio, spendback by recipientId", () => setup(), { sessionRefusals: [] });
connectorSuite("Nexio, spendback by e-mail", () => setup({ email: jane.email }), { sessionRefusals: [] });
connectorSuite("Nexio, refund of a spendback", setupRefund, { sessionRefusals: [] });

describe("Nexio, beyond the suite", () => {
  async function ready(changes: Partial<SpendbackOrder> = {}, options: ConnectionOptions = {}) {
    const rig = await setup(jane, options);
    const order = { ...rig.order, ...changes };
    return {
      ...rig,
      order,
      submit: () => rig.calls.submit(order, undefined),
      lookUp: (id?: string) =>
        rig.calls.lookUp(id === undefined ? order : { ...order, providerTransactionId: id }, undefined),
      balance: (account: string = jane.ref, currency = "USD") =>
        rig.connector.balance({ account, currency }, undefined),
      movements: () => rig.truth.movements(order),
    };
  }

  const found = (kind: string) => ({ kind: "read", value: { kind: "found", outcome: { kind } } });

  test("is told that its credentials are wrong, by every call, and nothing moves", async () => {
    const { baseUrl, turn, order, movements } = await ready();
    const { spendback, balance } = connect(httpClient, { baseUrl, apiKey: "wrong" });
    for (const status of ["401", "403"]) {
      await turn("auth-failure", status);
      expect(await spendback.submit(order, undefined)).toMatchObject({ kind: "not-sent", reason: "session-rejected" });
      expect((await spendback.lookUp(order, undefined)).kind).toBe("session-rejected");
      expect((await balance({ account: jane.ref, currency: "USD" }, undefined)).kind).toBe("session-rejected");
    }
    expect(await movements()).toStrictEqual([]);
  });

  test("settles at once where Nexio does, and says so again by id and by reference", async () => {
    const { turn, submit, lookUp } = await ready();
    await turn("flow", "20");
    const outcome = await submit();
    expect(outcome).toMatchObject({ kind: "settled", providerTransactionId: expect.stringMatching(/^\d+$/) });
    expect(await lookUp()).toMatchObject(found("settled"));
    expect(await lookUp(outcome.kind === "settled" ? outcome.providerTransactionId : "")).toMatchObject(
      found("settled"),
    );
  });

  test.each([
    ["30-20", "accepted", "settled"],
    ["10-40", "accepted", "declined"],
    ["10-50", "accepted", "canceled"],
    ["10-90", "accepted", "declined"],
    ["10", "accepted", "accepted"],
    ["40", "declined", "declined"],
    ["50", "canceled", "canceled"],
    ["90", "declined", "declined"],
  ])("follows the statuses %s from %s to %s", async (flow, first, last) => {
    const { turn, submit, lookUp } = await ready();
    await turn("flow", flow);
    expect((await submit()).kind).toBe(first);
    expect(await lookUp()).toMatchObject(found(last));
  });

  test("finds by reference what cannot be viewed by id", async () => {
    const { turn, submit, lookUp } = await ready();
    await submit();
    await turn("view-by-id", "off");
    expect(await lookUp("100001")).toMatchObject(found("settled"));
  });

  test.each(["http", "record"])("is declined with the mock amount 12.34 as %s, and nothing moves", async (style) => {
    const { turn, submit, movements } = await ready({ amount: amountOf(1_234, "USD") });
    await turn("mock-error", style);
    expect(await submit()).toMatchObject({ kind: "declined", code: "provider_declined" });
    expect((await movements()).filter(({ status }) => status !== "failed")).toStrictEqual([]);
  });

  test("is declined for lack of funds by a record, too, and finds it again", async () => {
    const { turn, submit, lookUp, movements } = await ready({ amount: amountOf(50_001, "USD") });
    await turn("insufficient-funds", "record");
    expect(await submit()).toMatchObject({ kind: "declined", providerCode: "90" });
    expect(await movements()).toMatchObject([{ status: "failed" }]);
    expect(await lookUp()).toMatchObject(found("declined"));
  });

  test.each([
    ["moved", 1],
    ["not-moved", 0],
  ])("is in doubt with an HTTP 400 of code 408, money %s", async (what, count) => {
    const { turn, submit, lookUp, movements } = await ready();
    await turn("gateway-timeout", what);
    expect((await submit()).kind).toBe("unknown");
    expect((await movements()).length).toBe(count);
    expect(await lookUp()).toMatchObject(count === 1 ? found("settled") : { value: { kind: "nothing" } });
  });

  test.each<[SpendbackOrder["recipient"], string]>([
    [{ id: "1" }, "recipient_not_found"],
    [{ id: "1", ref: jane.ref, email: jane.email }, "recipient_not_found"],
    [{ ref: "nobody" }, "recipient_not_found"],
    [{ email: "nobody@example.com" }, "recipient_not_found"],
    [{ ref: "rcp-sven" }, "provider_declined"],
  ])("is declined by %j: %s, and nothing moves", async (recipient, code) => {
    const { submit, movements } = await ready({ recipient });
    expect(await submit()).toMatchObject({ kind: "declined", code });
    expect(await movements()).toStrictEqual([]);
  });

  test("is declined in a currency that is refused", async () => {
    const { submit } = await ready({ amount: amountOf(100, "RUB") });
    expect(await submit()).toMatchObject({ code: "provider_rejected_request", providerCode: "418" });
  });

  test.each([
    [1_999, "USD"],
    [1, "USD"],
    [1_999, "JPY"],
    [14_830, "TND"],
  ])("moves exactly %d minor units of %s and finds them again", async (value, currency) => {
    const { submit, lookUp, movements } = await ready({ amount: amountOf(value, currency) });
    await submit();
    expect(await movements()).toMatchObject([{ account: jane.id, amount: { value, currency } }]);
    expect(await lookUp()).toMatchObject(found("settled"));
  });

  test.each([
    [12_610, "137243"],
    [12_611, "137244"],
  ])("debits the account at the connection's provider %d", async (providerId, account) => {
    const options = { providerId };
    const { submit, lookUp, movements } = await ready({ recipient: { ref: "rcp-mira" } }, options);
    await submit();
    expect(await movements()).toMatchObject([{ account }]);
    expect(await lookUp()).toMatchObject(found("settled"));
  });

  test("reads the balance, which lacks what was paid", async () => {
    const { submit, balance, turn } = await ready();
    expect(await balance()).toStrictEqual({ kind: "read", value: { value: 50_000, currency: "USD" } });
    await turn("provider-id", "number");
    await submit();
    expect(await balance()).toStrictEqual({ kind: "read", value: { value: 48_517, currency: "USD" } });
    expect(await balance("rcp-mira")).toStrictEqual({ kind: "read", value: { value: 6_000, currency: "USD" } });
    expect(await balance("nobody")).toMatchObject({ kind: "refused", code: "recipient_not_found" });
    expect(await balance("rcp-erik")).toMatchObject({ kind: "refused", code: "account_not_found" });
  });

  test("finds the one record among those that the filter let through", async () => {
    const { calls, order, turn, lookUp } = await ready();
    for (let n = 0; n < 12; n++) await calls.submit({ ...order, reference: `${order.reference}-${n}` }, undefined);
    await calls.submit(order, undefined);
    for (const filter of ["ignored", "prefix", "exact"]) {
      await turn("reference-filter", filter);
      expect(await lookUp()).toMatchObject(found("settled"));
    }
  });

  test("finds nothing in a list without rows, in a 404, and in the past", async () => {
    const { turn, lookUp } = await ready();
    for (const form of ["rows", "404"]) {
      await turn("empty-list", form);
      expect(await lookUp()).toMatchObject({ kind: "read", value: { kind: "nothing" } });
    }
  });

  test("does not depend on how far a list goes back by default", async () => {
    const { turn, submit, lookUp } = await ready();
    await submit();
    await turn("list-window-days", 0);
    expect(await lookUp()).toMatchObject(found("settled"));
  });
});

describe("Nexio, refunds beyond the suite", () => {
  const submitted = async (switches: Readonly<Record<string, string>>, changes: Partial<RefundOrder> = {}) => {
    const { calls, order, turn, truth } = await setupRefund();
    for (const [name, value] of Object.entries(switches)) await turn(name, value);
    const refund = { ...order, ...changes };
    return {
      outcome: await calls.submit(refund, undefined),
      finding: await calls.lookUp(refund, undefined),
      movements: await truth.movements(refund),
    };
  };

  test("are declined where they are not supported", async () => {
    const { outcome, movements } = await submitted({ refunds: "off" });
    expect(outcome).toMatchObject({ kind: "declined", code: "provider_rejected_request", providerCode: "418" });
    expect(movements).toStrictEqual([]);
  });

  test("of a spendback that nobody knows are declined", async () => {
    const { outcome } = await submitted({}, { original: "1" });
    expect(outcome).toMatchObject({ kind: "declined", code: "original_not_found" });
  });

  test("are declined where the id has another name", async () => {
    const { outcome } = await submitted({ "refund-id": "id" });
    expect(outcome).toMatchObject({ kind: "declined", code: "provider_rejected_request" });
  });

  test("stay unknown where the answer is the original's record and no list has them", async () => {
    const { outcome, finding, movements } = await submitted({ "refund-answer": "original", "refunds-listed": "no" });
    expect(outcome.kind).toBe("unknown");
    expect(finding).toStrictEqual({ kind: "read", value: { kind: "nothing" } });
    expect(movements.length).toBe(1);
  });

  test("give the money back to the spendback's recipient", async () => {
    const { movements } = await submitted({});
    expect(movements).toMatchObject([{ account: jane.id, amount: { value: 500, currency: "USD" }, status: "settled" }]);
  });
});
