/** i-payout's connector against the sandbox: the common suite in both forms, and what only i-payout has. */
import { describe, expect, test } from "vitest";
import { amountOf } from "../../../lib/domain/money.ts";
import { httpClient } from "../../../lib/providers/http.ts";
import type { SpendbackOrder } from "../../../lib/providers/port.ts";
import { connectorSuite, logIn, type Rig } from "../connector-suite.ts";
import { startSandboxRig } from "../sandbox-rig.ts";
import { connect, orderOf, type Profile, profiles } from "./sample-connection.ts";

/** Long enough for a local answer on a busy machine, short enough to wait for. */
const impatientMs = 500;

async function setup(profile: Profile) {
  const { baseUrl, ...sandbox } = await startSandboxRig("ipayout");
  const connector = connect(httpClient, { profile, baseUrl });
  return {
    ...sandbox,
    baseUrl,
    connector,
    calls: connector.spendback,
    impatient: connect(httpClient, { profile, baseUrl, timeoutMs: impatientMs }).spendback,
    authenticate: connector.authenticate,
    order: orderOf(),
    // Alice has 1000.00 USD.
    tooLarge: orderOf({ reference: "too_large", amount: amountOf(100_001, "USD") }),
    approach: ({ recipient, amount }: SpendbackOrder, token: string | undefined) =>
      connector.balance({ account: recipient.id ?? "", currency: amount.currency }, token),
    operations: { submit: "spendback", lookUp: "lookup" },
    says: profile === "guide" ? ({ success: "settled", pending: "unknown" } as const) : accepts,
    repeats: "move again",
    sayUnheardOf: () => sandbox.turn("transaction-status", 77),
    refuseSession: async (way: string, operation: string) => {
      await sandbox.turn("auth-failure", way === "HTTP 401" ? "401" : "envelope");
      await sandbox.arm(operation, "expired-token");
    },
  } satisfies Rig<SpendbackOrder> & Record<string, unknown>;
}

/** The contract file's form has no status of its own: success and pending look the same until the lookup. */
const accepts = { success: "accepted", pending: "accepted" } as const;

/** The documents list 401 for failed authentication; a failed login was recorded as shape C, inside an HTTP 200. */
const sessionRefusals = ["HTTP 401", "shape C"];

for (const profile of profiles) connectorSuite(`i-payout, ${profile} form`, () => setup(profile), { sessionRefusals });

describe.each(profiles)("i-payout, %s form, beyond the suite", (profile) => {
  async function ready(changes: Partial<SpendbackOrder> = {}) {
    const rig = await setup(profile);
    const order = orderOf(changes);
    const token = await logIn(rig);
    return { ...rig, order, token, ...rig.calls };
  }

  test("logs in for the documented day", async () => {
    const { authenticate } = await ready();
    expect(await authenticate()).toMatchObject({ kind: "read", value: { lifetimeMs: 86_400_000 } });
  });

  test("is told that its credentials are wrong", async () => {
    const { baseUrl } = await ready();
    const { authenticate } = connect(httpClient, { profile, baseUrl, password: "wrong" });
    expect(await authenticate()).toMatchObject({ kind: "refused", code: "credentials_rejected" });
  });

  test.each(["contract", "guide"])(
    "reads the balance in the %s's form, and again after the money moved",
    async (form) => {
      const { turn, approach, order, token, submit } = await ready();
      await turn("balance-form", form);
      expect(await approach(order, token)).toStrictEqual({ kind: "read", value: { value: 100_000, currency: "USD" } });
      await submit(order, token);
      expect(await approach(order, token)).toStrictEqual({ kind: "read", value: { value: 90_000, currency: "USD" } });
    },
  );

  test("is told that a wallet does not exist when it reads the balance", async () => {
    const { connector, token } = await ready();
    expect(await connector.balance({ account: "ben-nobody", currency: "USD" }, token)).toMatchObject({
      kind: "refused",
      code: "account_not_found",
      providerCode: "-5",
    });
  });

  test.each(sessionRefusals)("asks for another session when the balance's is refused (%s)", async (way) => {
    const { approach, order, token, refuseSession, ...rig } = await ready();
    await refuseSession(way, "balance");
    expect(await approach(order, token)).toMatchObject({ kind: "session-rejected" });
    expect(await approach(order, await logIn(rig))).toMatchObject({ kind: "read" });
  });

  test("is declined by a wallet that is suspended, and nothing moves", async () => {
    const { approach, order, token, submit, truth } = await ready({ recipient: { id: "ben-carol", ref: "carol" } });
    await approach(order, token);
    expect(await submit(order, token)).toMatchObject({ kind: "declined", providerCode: "-5" });
    expect(await truth.movements(order)).toStrictEqual([]);
  });

  test.each([
    [1999, "USD"],
    [1999, "JPY"],
    [1234, "TND"],
    [1, "USD"],
    [10, "TND"],
  ])("moves exactly %d minor units of %s and finds them again", async (value, currency) => {
    const { approach, order, token, submit, lookUp, truth } = await ready({ amount: amountOf(value, currency) });
    await approach(order, token);
    await submit(order, token);
    expect(await truth.movements(order)).toMatchObject([{ amount: { value, currency } }]);
    expect(await lookUp(order, token)).toMatchObject({ value: { kind: "found", outcome: { kind: "settled" } } });
  });

  test("debits the wallet whose balance it read", async () => {
    const { approach, order, token, submit, truth } = await ready({
      recipient: { id: "ben-bob", ref: "bob" },
      amount: amountOf(5_000, "USD"),
    });
    await approach(order, token);
    await submit(order, token);
    expect(await truth.movements(order)).toMatchObject([{ account: "ben-bob", status: "settled" }]);
  });

  test.each([
    [-1, "declined"],
    [0, "accepted"],
    [1, "settled"],
    [2, "unknown"],
    [3, "declined"],
    [4, "unknown"],
    [5, "accepted"],
    [6, "accepted"],
    [7, "accepted"],
    [8, "accepted"],
    [9, "unknown"],
    [10, "accepted"],
    [-100, "unknown"],
  ])("finds the status %d %s", async (status, kind) => {
    const { approach, order, token, submit, lookUp, turn } = await ready();
    await approach(order, token);
    await submit(order, token);
    await turn("transaction-status", status);
    expect(await lookUp(order, token)).toMatchObject({ value: { kind: "found", outcome: { kind } } });
  });

  test("finds nothing where lookups do not list spendbacks, and where an empty list is null", async () => {
    const { approach, order, token, submit, lookUp, turn } = await ready();
    await approach(order, token);
    await submit(order, token);
    await turn("spendbacks-listed", "none");
    for (const form of ["array", "null"]) {
      await turn("empty-lookup", form);
      expect(await lookUp(order, token)).toStrictEqual({ kind: "read", value: { kind: "nothing" } });
    }
  });

  test("does not take the unknown code of a refused reference for a decline, and finds the first movement", async () => {
    const { approach, order, token, submit, lookUp, turn, truth } = await ready();
    await turn("duplicate-reference", "reject");
    await approach(order, token);
    await submit(order, token);
    await approach(order, token);
    expect((await submit(order, token)).kind).toBe("unknown");
    expect((await truth.movements(order)).length).toBe(1);
    expect(await lookUp(order, token)).toMatchObject({ value: { kind: "found", outcome: { kind: "settled" } } });
  });
});

describe("i-payout, contract file's form, beyond the suite", () => {
  test("is told that the payer does not exist", async () => {
    const { calls, truth, ...rig } = await setup("openapi");
    const order = orderOf({ recipient: { id: "ben-alice", ref: "nobody" } });
    expect(await calls.submit(order, await logIn(rig))).toMatchObject({
      kind: "declined",
      code: "recipient_not_found",
      providerCode: "-2",
    });
    expect(await truth.movements(order)).toStrictEqual([]);
  });

  test.each([
    [-15, "declined"],
    [-1, "unknown"],
    [-56, "unknown"],
  ])("takes an item's code %d inside a successful answer for %s", async (code, kind) => {
    const { calls, truth, turn, order, ...rig } = await setup("openapi");
    await turn("item-failure", code);
    expect((await calls.submit(order, await logIn(rig))).kind).toBe(kind);
    expect(await truth.movements(order)).toStrictEqual([]);
  });
});

describe("i-payout, guide's form, beyond the suite", () => {
  test.each(["Pending", "Failed", "Sideways"])("leaves the status %s to the lookup", async (status) => {
    const { approach, calls, order, turn, ...rig } = await setup("guide");
    const token = await logIn(rig);
    await turn("guide-status", status);
    await approach(order, token);
    expect((await calls.submit(order, token)).kind).toBe("unknown");
    expect(await calls.lookUp(order, token)).toMatchObject({ value: { outcome: { kind: "settled" } } });
  });

  test("shows in the lookup that another wallet was debited than the one that was meant", async () => {
    const { calls, ...rig } = await setup("guide");
    const order = orderOf({ recipient: { id: "ben-bob", ref: "bob" } });
    const token = await logIn(rig);
    // No balance was read, so the sandbox debits its default wallet: the form itself names none.
    expect((await calls.submit(order, token)).kind).toBe("settled");
    expect(await calls.lookUp(order, token)).toMatchObject({ value: { kind: "contradiction" } });
  });
});
