/** Facts about `POST /v1/transactions/{id}/cancel` of what was sent: the provider is asked, unless another call of ours is on its way. */
import { describe, expect, test } from "vitest";
import { run } from "../../functions/cancel-transaction.ts";
import { claimAgain, claimAttempt } from "../../lib/domain/transitions.ts";
import type { Connector } from "../../lib/providers/port.ts";
import { callWith } from "./refund-stage.ts";
import { bookOf, configured } from "./scripted-connector.ts";
import { taskStage } from "./stage.ts";

/** A provider that takes back whatever it is asked for, lists a movement a minute late, and was sent one order so many times. */
async function sentTimes(times: 1 | 2) {
  const stage = await taskStage({ rejectsDuplicates: { lookupLagMs: 60_000, remembersMs: 2_592_000_000 } });
  const { transactionId: id } = await stage.begin();
  const actor = { by: "flow", at: stage.now() };
  await stage.transactions.advance(id, claimAttempt(actor));
  const next = { attempts: 1, attemptId: "second", nextActionAt: "2026-11-20T09:40:00.000Z" };
  if (times === 2) await stage.transactions.advance(id, claimAgain(actor, next));
  let asked = 0;
  const { spendback } = stage.connection.connector;
  const cancel = async () => {
    asked += 1;
    return { kind: "canceled", detail: "taken back" } as const;
  };
  const connector = { ...stage.connection.connector, spendback: { ...spendback, cancel } } as Connector;
  const dependencies = { ...stage, connections: bookOf([configured(connector)]) };
  return {
    clock: stage.clock,
    asked: () => asked,
    cancel: () => run({ id }, dependencies, { ...callWith("cancel"), tenant: stage.tenant }),
    stored: () => stage.stored({ transactionId: id }),
  };
}

describe("canceling what was sent", () => {
  test("once is asked for at the provider at once, and recorded", async () => {
    const stage = await sentTimes(1);
    expect((await stage.cancel()).body).toMatchObject({ status: "canceled" });
    expect(stage.asked()).toBe(1);
  });

  test("twice is answered 503 without asking while the second call may be on its way: the first one's row is not all", async () => {
    const stage = await sentTimes(2);
    const before = await stage.stored();
    // The call may take 15 s, and what it did is listed a minute later.
    stage.clock.advance(74_999);
    await expect(stage.cancel()).rejects.toMatchObject({
      code: "provider_unavailable",
      message: expect.stringContaining("it is being sent once more"),
    });
    expect(stage.asked()).toBe(0);
    expect(await stage.stored()).toEqual(before);
  });

  test("twice is asked for at the provider once both would be listed", async () => {
    const stage = await sentTimes(2);
    stage.clock.advance(75_000);
    expect((await stage.cancel()).body).toMatchObject({ status: "canceled" });
    expect(stage.asked()).toBe(1);
  });
});
