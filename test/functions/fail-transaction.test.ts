/** Facts about the task `Fail`: it ends only what was surely never sent. */
import { describe, expect, test } from "vitest";
import { run } from "../../functions/fail-transaction.ts";
import { standing, taskStage } from "./stage.ts";

const funds = { enough: false, code: "insufficient_funds" };

describe("a transaction of which nothing was sent", () => {
  test.each(["pending", "not sent"] as const)("and that is %s fails for the reason given", async (state) => {
    const stage = await taskStage();
    const input = await stage.begin(standing[state]);
    expect(await run({ ...input, funds }, stage)).toEqual({
      outcome: "declined",
      over: true,
      lookups: 0,
      waitSeconds: 0,
    });
    const transaction = await stage.stored(input);
    expect(transaction.status).toBe("failed");
    expect(transaction.failure).toEqual({
      code: "insufficient_funds",
      message: "The payer's balance does not cover the amount.",
    });
    expect(transaction.log.at(-1)?.detail).toBe("insufficient_funds, nothing was sent");
    expect(transaction).not.toHaveProperty("nextActionAt");
    expect(stage.calls).toEqual([]);
  });
});

describe("a transaction that is", () => {
  test.each(["open", "needs review", "succeeded", "failed", "canceled"] as const)(
    "%s is left as it is",
    async (state) => {
      const stage = await taskStage();
      const input = await stage.begin(standing[state]);
      const before = await stage.stored(input);
      expect(await run({ ...input, funds }, stage)).toEqual({
        outcome: "unknown",
        over: true,
        lookups: 0,
        waitSeconds: 0,
      });
      expect(await stage.stored(input)).toEqual(before);
    },
  );

  test.each([undefined, { enough: false }, { enough: false, code: "because" }, { enough: false, code: "toString" }])(
    "to fail for no known reason is left as it is: %j",
    async (given) => {
      const stage = await taskStage();
      const input = await stage.begin();
      await expect(run({ ...input, ...(given && { funds: given }) }, stage)).rejects.toThrow("no reason");
      expect((await stage.stored(input)).status).toBe("pending");
    },
  );
});
