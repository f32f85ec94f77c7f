/** Facts about the task `GetBalance`. */
import { describe, expect, test } from "vitest";
import { run } from "../../functions/check-funds.ts";
import { ProviderUnavailableError, SessionRejectedError } from "../../lib/domain/errors.ts";
import type { MinorUnits } from "../../lib/domain/money.ts";
import { taskStage } from "./stage.ts";

const holding = (value: number, currency = "USD") => ({
  balance: async () => ({ kind: "read" as const, value: { value: value as MinorUnits, currency } }),
});

describe("the payer's funds", () => {
  test.each([
    [1_000_000, true],
    [2_000, true],
    [1_999, true],
    [1_998, false],
    [0, false],
    [-5, false],
  ])("of %i cover 1999: %s", async (value, enough) => {
    const stage = await taskStage(holding(value));
    const funds = await run(await stage.begin(), stage);
    expect(funds).toEqual(enough ? { enough: true } : { enough: false, code: "insufficient_funds" });
  });

  test("are asked of the payer's account in the order's currency, with the cached token", async () => {
    const stage = await taskStage(holding(5_000));
    await run(await stage.begin(), stage);
    expect(stage.calls).toEqual([
      { name: "balance", asked: { account: "wallet of b-1", currency: "USD" }, token: "token-1" },
    ]);
  });

  test("in another currency are no answer", async () => {
    const stage = await taskStage(holding(5_000, "EUR"));
    await expect(run(await stage.begin(), stage)).rejects.toThrow(RangeError);
  });

  test("that the provider refuses to tell are not enough, for the reason it gives", async () => {
    const refused = { kind: "refused", code: "recipient_not_found", message: "no such beneficiary" } as const;
    const stage = await taskStage({ balance: async () => refused });
    expect(await run(await stage.begin(), stage)).toEqual({ enough: false, code: "recipient_not_found" });
  });

  test("are not known where the session is rejected: the error names that session", async () => {
    const stage = await taskStage({ balance: async () => ({ kind: "session-rejected", detail: "401" }) });
    const error: unknown = await run(await stage.begin(), stage).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SessionRejectedError);
    expect(error).toHaveProperty("message", "2026-11-20T09:00:00.000Z");
    expect(JSON.stringify(error) + String(error)).not.toContain("token-1");
  });

  test("are not known where nothing is cached: no call is made", async () => {
    const stage = await taskStage(holding(5_000));
    const other = { ...stage, sessions: { get: async () => undefined } };
    await expect(run(await stage.begin(), other)).rejects.toThrow(SessionRejectedError);
    expect(stage.calls).toEqual([]);
  });

  test("are not known where the provider does not answer", async () => {
    const stage = await taskStage({ balance: async () => ({ kind: "unavailable", detail: "HTTP 503" }) });
    await expect(run(await stage.begin(), stage)).rejects.toThrow(ProviderUnavailableError);
  });

  test.each([{ noBalance: true }, { noPayer: true }])(
    "that cannot be read are the provider's to judge: %j",
    async (script) => {
      const stage = await taskStage(script);
      expect(await run(await stage.begin(), stage)).toEqual({ enough: true });
      expect(stage.calls).toEqual([]);
    },
  );

  test("change nothing that is stored, whatever they are", async () => {
    for (const value of [0, 5_000]) {
      const stage = await taskStage(holding(value));
      const input = await stage.begin();
      const before = await stage.stored(input);
      await run(input, stage);
      expect(await stage.stored(input)).toEqual(before);
    }
  });

  test("of a transaction that is not there are not asked for", async () => {
    const stage = await taskStage(holding(5_000));
    await expect(run({ ...(await stage.begin()), transactionId: "txn_none" }, stage)).rejects.toThrow("txn_none");
    expect(stage.calls).toEqual([]);
  });
});
