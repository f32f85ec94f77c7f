/** Sipay's connector against the sandbox: the common suite with both methods, and what only Sipay has. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import { httpClient } from "../../../lib/providers/http.ts";
import type { CashbackOrder } from "../../../lib/providers/port.ts";
import { connectorSuite, logIn, type Rig } from "../connector-suite.ts";
import { startSandboxRig } from "../sandbox-rig.ts";
import { type ConnectionOptions, connect, merchant, orderOf } from "./sample-connection.ts";

/** Long enough for a local answer on a busy machine, short enough to wait for. */
const impatientMs = 500;

const account = `${merchant.accountNumber}/${merchant.walletNumber}`;

async function setup(options: ConnectionOptions = {}) {
  const { baseUrl, ...sandbox } = await startSandboxRig("sipay");
  const connector = connect(httpClient, { baseUrl, ...options });
  return {
    ...sandbox,
    baseUrl,
    connector,
    calls: connector.cashback,
    impatient: connect(httpClient, { baseUrl, timeoutMs: impatientMs, ...options }).cashback,
    authenticate: connector.authenticate,
    order: orderOf(),
    // The merchant's wallet has 1000.00 TRY.
    tooLarge: orderOf({ reference: "too_large", amount: amountOf(100_001, "TRY") }),
    approach: (order: CashbackOrder, token: string | undefined) =>
      connector.balance({ account: connector.cashback.payer?.(order) ?? "", currency: order.amount.currency }, token),
    operations: { submit: "cashback", lookUp: "lookup" },
    says: { success: "settled", pending: "unknown", failed: "unknown" },
    repeats: "are refused",
    sayUnheardOf: () => sandbox.turn("row-status", 77),
    refuseSession: async (way: string, operation: string) => {
      await sandbox.turn("auth-failure", way);
      await sandbox.arm(operation, "expired-token");
    },
  } satisfies Rig<CashbackOrder> & Record<string, unknown>;
}

/** None is documented: RFC 6750's two, and the first with an envelope around it. */
const sessionRefusals = ["401", "envelope", "403"];

for (const method of ["CashBackCredit", "CashBack"]) {
  connectorSuite(`Sipay, ${method}`, () => setup({ method }), { sessionRefusals });
}

describe("Sipay, beyond the suite", () => {
  async function ready(changes: Partial<CashbackOrder> = {}, options: ConnectionOptions = {}) {
    const rig = await setup(options);
    const order = orderOf(changes);
    const token = await logIn(rig);
    return {
      ...rig,
      token,
      order,
      submit: () => rig.calls.submit(order, token),
      lookUp: () => rig.calls.lookUp(order, token),
    };
  }

  test("logs in for the documented hour", async () => {
    const { authenticate } = await ready();
    expect(await authenticate()).toMatchObject({ kind: "read", value: { lifetimeMs: 3_600_000 } });
  });

  test.each([{ clientSecret: "wrong" }, { clientId: "wrong" }, { scope: "wrong" }])(
    "is told that its credentials are wrong: %j",
    async (wrong) => {
      const { baseUrl } = await ready();
      const { authenticate } = connect(httpClient, { baseUrl, ...wrong });
      expect(await authenticate()).toMatchObject({ kind: "refused", code: "credentials_rejected" });
    },
  );

  test("asks for another session where the platform's client key is refused", async () => {
    const { token, baseUrl } = await ready();
    const { cashback } = connect(httpClient, { baseUrl, platformClientId: "another" });
    expect(await cashback.submit(orderOf(), token)).toMatchObject({ kind: "not-sent", reason: "session-rejected" });
  });

  test.each(["reset-after", "error-500-before", "garbage-200", "rate-limit"])(
    "has no token when the login fails (%s), and may ask again",
    async (fault) => {
      const { arm, authenticate } = await ready();
      await arm("authenticate", fault);
      expect((await authenticate()).kind).toBe("unavailable");
      expect((await authenticate()).kind).toBe("read");
    },
  );

  test("tells whose wallet pays what names no sender", async () => {
    const { cashback } = connect(httpClient);
    expect(cashback.ownSender).toStrictEqual(merchant);
    expect(cashback.payer?.({ ...orderOf(), sender: merchant })).toBe("0153253257047385/1250386995");
  });

  test("reads what the merchant's wallet can pay with, and again after it paid", async () => {
    const { approach, submit, order, token } = await ready();
    expect(await approach(order, token)).toStrictEqual({ kind: "read", value: { value: 100_000, currency: "TRY" } });
    await submit();
    expect(await approach(order, token)).toStrictEqual({ kind: "read", value: { value: 99_800, currency: "TRY" } });
  });

  test("reads the balance that the connection says is paid from", async () => {
    const { approach, order, token, turn } = await ready({}, { paidFrom: "payment" });
    expect(await approach(order, token)).toMatchObject({ value: { value: 0 } });
    await turn("paid-from", "payment");
    expect(await approach(order, token)).toMatchObject({ value: { value: 100_000 } });
  });

  test("reads a wallet of its own account by the wallet's number alone", async () => {
    const { connector, token } = await ready();
    const query = { account: "1250386996", currency: "USD" };
    expect(await connector.balance(query, token)).toStrictEqual({
      kind: "read",
      value: { value: 5_000, currency: "USD" },
    });
  });

  test("is told that a wallet is kept in another currency", async () => {
    const { connector, token } = await ready();
    expect(await connector.balance({ account, currency: "USD" }, token)).toMatchObject({
      kind: "refused",
      code: "currency_mismatch",
      message: "The wallet is kept in TRY, not in USD.",
    });
  });

  test.each(["nobody/1250386995", "0153253257047385/1", "1"])("is told that there is no wallet %s", async (wrong) => {
    const { connector, token } = await ready();
    expect(await connector.balance({ account: wrong, currency: "TRY" }, token)).toMatchObject({
      kind: "refused",
      code: "account_not_found",
      providerCode: "300",
    });
  });

  test.each(sessionRefusals)("asks for another session when the balance's is refused (%s)", async (way) => {
    const { approach, order, token, refuseSession } = await ready();
    await refuseSession(way, "balance");
    expect(await approach(order, token)).toMatchObject({ kind: "session-rejected" });
    expect(await approach(order, token)).toMatchObject({ kind: "read" });
  });

  test("pays from the order's own sender", async () => {
    const { submit, lookUp, truth, order } = await ready({
      sender: { accountNumber: "0153253257047385", walletNumber: "1250386996" },
      receiver: { walletNumber: "637606080" },
      amount: amountOf(5_000, "USD"),
    });
    expect((await submit()).kind).toBe("settled");
    expect(await truth.movements(order)).toMatchObject([
      { account: "1250386996", amount: { value: 5_000, currency: "USD" } },
    ]);
    expect(await lookUp()).toMatchObject({ value: { kind: "found", outcome: { kind: "settled" } } });
  });

  test.each([1, 10, 1_999, 100_000])("moves exactly %d minor units and finds them again", async (value) => {
    const { submit, lookUp, truth, order } = await ready({ amount: amountOf(value, "TRY") });
    expect((await submit()).kind).toBe("settled");
    expect(await truth.movements(order)).toMatchObject([{ amount: { value, currency: "TRY" } }]);
    expect(await lookUp()).toMatchObject({ value: { kind: "found", outcome: { kind: "settled" } } });
  });

  test("keeps the id of 21 digits whole, in the answer and in the row, text or number", async () => {
    const { submit, lookUp, turn } = await ready();
    const providerTransactionId = "895193944360218100001";
    expect(await submit()).toMatchObject({ providerTransactionId });
    for (const form of ["text", "number"]) {
      await turn("row-id", form);
      expect(await lookUp()).toMatchObject({ value: { outcome: { providerTransactionId } } });
    }
  });

  test.each([
    [{ receiver: { walletNumber: "999" } }, "account_not_found", "300"],
    [{ receiver: { walletNumber: "637606013" } }, "account_not_found", "300"],
    [{ sender: { accountNumber: "0153253257047385", walletNumber: "1" } }, "account_not_found", "300"],
    [{ receiver: { walletNumber: "637606099" }, amount: amountOf(10_001, "TRY") }, "provider_declined", "310"],
    [{ amount: amountOf(100_001, "TRY") }, "insufficient_funds", "311"],
  ])("is declined %j, and nothing moves", async (changes, code, providerCode) => {
    const { submit, truth, order } = await ready(changes);
    expect(await submit()).toMatchObject({ kind: "declined", code, providerCode });
    expect(await truth.movements(order)).toStrictEqual([]);
  });

  test.each([
    [300, "declined"],
    [301, "unknown"],
    [303, "unknown"],
    [306, "unknown"],
    [310, "declined"],
    [311, "declined"],
    [312, "unknown"],
    [360, "unknown"],
    [361, "declined"],
    [503, "unknown"],
    [999, "unknown"],
  ])("takes code %d for %s, whatever stands beside it", async (code, kind) => {
    const { submit, turn } = await ready();
    await turn("refusal", code);
    for (const http of [200, 400, 422]) {
      await turn("refusal-http", http);
      for (const payload of ["absent", "null"]) {
        await turn("refusal-payload", payload);
        expect((await submit()).kind).toBe(kind);
      }
    }
    await turn("refusal-http", "code");
    expect((await submit()).kind).toBe(kind);
  });

  test.each(["301", "312"])(
    "is in doubt over a repeated reference answered with %s, and finds the first",
    async (code) => {
      const { submit, lookUp, turn, truth, order } = await ready();
      await turn("duplicate", code);
      await submit();
      expect((await submit()).kind).toBe("unknown");
      expect((await truth.movements(order)).length).toBe(1);
      expect(await lookUp()).toMatchObject({ value: { kind: "found", outcome: { kind: "settled" } } });
    },
  );

  test("finds a duplicate where a repeated reference moved twice", async () => {
    const { submit, lookUp, turn } = await ready();
    await turn("duplicate", "accept");
    await submit();
    await submit();
    expect(await lookUp()).toMatchObject({ value: { kind: "duplicate" } });
  });

  test.each([
    ["payload-form", "array"],
    ["ext-id-echo", "other"],
    ["ext-id-echo", "absent"],
  ])("settles with %s: %s", async (name, value) => {
    const { submit, turn } = await ready();
    await turn(name, value);
    expect((await submit()).kind).toBe("settled");
  });

  test.each([
    ["row-wallets", "null"],
    ["spelling", "tables"],
    ["default-days", 1],
    ["first-page", 1],
  ])("finds its row with %s: %s", async (name, value) => {
    const { submit, lookUp, turn } = await ready();
    await submit();
    await turn(name, value);
    expect(await lookUp()).toMatchObject({ value: { kind: "found", outcome: { kind: "settled" } } });
  });

  test("has read nothing where a row is not JSON", async () => {
    const { submit, lookUp, turn } = await ready();
    await submit();
    await turn("row-wallet-id", "bare");
    expect((await lookUp()).kind).toBe("unavailable");
  });

  test.each(["array", "null", "absent"])("finds nothing in an empty answer (%s)", async (form) => {
    const { lookUp, turn } = await ready();
    await turn("empty-lookup", form);
    expect(await lookUp()).toStrictEqual({ kind: "read", value: { kind: "nothing" } });
  });

  test.each([
    [10, "accepted"],
    [20, "settled"],
    [40, "unknown"],
    [60, "unknown"],
    [90, "unknown"],
    [0, "unknown"],
  ])("finds the status %d %s", async (status, kind) => {
    const { submit, lookUp, turn } = await ready();
    await submit();
    await turn("row-status", status);
    expect(await lookUp()).toMatchObject({ value: { kind: "found", outcome: { kind } } });
  });

  test("finds a completed row with another result unknown", async () => {
    const { submit, lookUp, turn } = await ready();
    await submit();
    await turn("row-result", "Reversed");
    expect(await lookUp()).toMatchObject({ value: { kind: "found", outcome: { kind: "unknown" } } });
  });

  test.each(["pending-rows", "failed-rows"])(
    "finds nothing where %s are hidden, and concludes nothing",
    async (name) => {
      const { submit, lookUp, arm, turn } = await ready();
      await turn(name, "hidden");
      await arm("cashback", "pending-then-failed", { lookups: name === "failed-rows" ? 1 : 9 });
      await submit();
      expect(await lookUp()).toStrictEqual({ kind: "read", value: { kind: "nothing" } });
    },
  );
});
