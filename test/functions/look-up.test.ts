/** Facts about the task `LookUp`: what each finding means for a transaction in doubt. */
import { describe, expect, test } from "vitest";
import { run } from "../../functions/look-up.ts";
import { ProviderUnavailableError, SessionRejectedError } from "../../lib/domain/errors.ts";
import type { Finding, Reading } from "../../lib/domain/outcome.ts";
import { succeed } from "../../lib/domain/transitions.ts";
import { session, standing, taskStage } from "./stage.ts";

const found = (outcome: Extract<Finding, { kind: "found" }>["outcome"]): Finding => ({ kind: "found", outcome });

/** Looks up a transaction with an open attempt; the flow has made `lookups` before. */
const lookedUp = async (answer: Finding | Reading<Finding>, lookups?: number) => {
  const reading: Reading<Finding> =
    answer.kind === "found" || answer.kind === "nothing" || answer.kind === "contradiction"
      ? { kind: "read", value: answer }
      : answer;
  const stage = await taskStage({ lookUp: async () => reading });
  const input = await stage.begin(standing.open);
  const submission = lookups === undefined ? {} : { submission: { outcome: "unknown", lookups } };
  const result: unknown = await run({ ...input, ...submission }, stage).catch((error: unknown) => error);
  return { stage, input, result, transaction: await stage.stored(input) };
};

describe("a lookup", () => {
  test("asks for the transaction by our reference, with the cached token", async () => {
    const { stage, input } = await lookedUp({ kind: "nothing" });
    expect(stage.calls).toMatchObject([
      { name: "lookUp", asked: { reference: input.transactionId, amount: { value: 1999 } }, token: "token-1" },
    ]);
  });

  test("that finds it settled ends it as succeeded", async () => {
    const { result, transaction } = await lookedUp(
      found({ kind: "settled", providerTransactionId: "p-1", detail: "Settled" }),
    );
    expect(result).toEqual({ outcome: "settled", over: true, lookups: 1, waitSeconds: 0 });
    expect(transaction).toMatchObject({ status: "succeeded", providerTransactionId: "p-1" });
    expect(transaction).not.toHaveProperty("nextActionAt");
  });

  test("that finds it declined ends it as failed", async () => {
    const { result, transaction } = await lookedUp(
      found({ kind: "declined", code: "provider_declined", message: "Voided", providerCode: "3" }),
    );
    expect(result).toEqual({ outcome: "declined", over: true, lookups: 1, waitSeconds: 0 });
    expect(transaction).toMatchObject({ status: "failed", failure: { code: "provider_declined", providerCode: "3" } });
  });

  test("that finds it taken back ends it as canceled", async () => {
    const { result, transaction } = await lookedUp(found({ kind: "canceled", detail: "taken back" }));
    expect(result).toEqual({ outcome: "canceled", over: true, lookups: 1, waitSeconds: 0 });
    expect(transaction.status).toBe("canceled");
  });

  test.each([
    ["accepted", found({ kind: "accepted", providerTransactionId: "p-1", detail: "Pending" }), "accepted: Pending"],
    ["unknown", found({ kind: "unknown", detail: "status 9" }), "unknown: status 9"],
    ["unknown", { kind: "nothing" } as const, "unknown: lookup found nothing"],
  ] as const)("that finds no last word (%s) notes it and waits", async (outcome, finding, detail) => {
    const { result, transaction } = await lookedUp(finding);
    expect(result).toEqual({ outcome, over: false, lookups: 1, waitSeconds: 2 });
    expect(transaction).toMatchObject({
      status: "processing",
      attempt: "open",
      nextActionAt: "2026-11-20T09:31:30.000Z",
    });
    expect(transaction.log.at(-1)?.detail).toBe(detail);
  });

  test("that finds nothing never opens the way to send again", async () => {
    const { stage, input, transaction } = await lookedUp({ kind: "nothing" });
    for (let again = 0; again < 5; again++) await run(input, stage);
    expect(transaction.attempt).toBe("open");
    expect(await stage.stored(input)).toMatchObject({ status: "processing", attempt: "open", attempts: 1 });
  });

  test("that contradicts what we asked for hands it to an operator", async () => {
    const { result, transaction } = await lookedUp({
      kind: "contradiction",
      detail: "2 movements carry this reference",
    });
    expect(result).toEqual({ outcome: "unknown", over: true, lookups: 1, waitSeconds: 0 });
    expect(transaction).toMatchObject({ status: "needs_review", nextActionAt: "2026-11-20T09:30:00.000Z" });
    expect(transaction.log.at(-1)?.detail).toBe("2 movements carry this reference");
  });

  test("that finds the same again is counted, not written again", async () => {
    const { stage, input } = await lookedUp({ kind: "nothing" });
    stage.clock.advance(5_000);
    await run(input, stage);
    const { log } = await stage.stored(input);
    expect(log).toHaveLength(2);
    expect(log.at(-1)).toMatchObject({ count: 2, lastAt: "2026-11-20T09:30:05.000Z" });
  });

  test("is made six times by a flow, with growing waits: one minute with the first", async () => {
    const waits: unknown[] = [];
    for (const lookups of [0, 1, 2, 3, 4, 5]) waits.push((await lookedUp({ kind: "nothing" }, lookups)).result);
    expect(waits).toEqual([
      { outcome: "unknown", over: false, lookups: 1, waitSeconds: 2 },
      { outcome: "unknown", over: false, lookups: 2, waitSeconds: 4 },
      { outcome: "unknown", over: false, lookups: 3, waitSeconds: 8 },
      { outcome: "unknown", over: false, lookups: 4, waitSeconds: 15 },
      { outcome: "unknown", over: false, lookups: 5, waitSeconds: 30 },
      { outcome: "unknown", over: true, lookups: 6, waitSeconds: 0 },
    ]);
  });

  test("with a rejected session names it and changes nothing", async () => {
    const { result, transaction } = await lookedUp({ kind: "session-rejected", detail: "401" });
    expect(result).toBeInstanceOf(SessionRejectedError);
    expect(result).toHaveProperty("message", session.issuedAt);
    expect(transaction.log).toHaveLength(1);
  });

  test.each([
    { kind: "unavailable", detail: "HTTP 503" },
    { kind: "refused", code: "provider_rejected_request", message: "bad request" },
  ] as const)("that is $kind is tried again and changes nothing", async (reading) => {
    const { result, transaction } = await lookedUp(reading);
    expect(result).toBeInstanceOf(ProviderUnavailableError);
    expect(transaction.log).toHaveLength(1);
  });

  test.each(["pending", "not sent", "needs review", "succeeded", "failed", "canceled"] as const)(
    "is not made for a transaction that is %s",
    async (state) => {
      const stage = await taskStage();
      const input = await stage.begin(standing[state]);
      expect(await run(input, stage)).toEqual({ outcome: "unknown", over: true, lookups: 1, waitSeconds: 0 });
      expect(stage.calls).toEqual([]);
    },
  );

  test("changes nothing where another execution was quicker", async () => {
    const finding = found({ kind: "declined", code: "provider_declined", message: "Voided" });
    const stage = await taskStage({
      lookUp: async ({ reference }) => {
        const quicker = succeed({ kind: "settled", detail: "Completed" }, { by: "flow", at: stage.now() });
        await stage.transactions.advance(reference, quicker);
        return { kind: "read", value: finding };
      },
    });
    const input = await stage.begin(standing.open);
    expect(await run(input, stage)).toMatchObject({ over: true });
    expect(await stage.stored(input)).toMatchObject({ status: "succeeded" });
  });
});
