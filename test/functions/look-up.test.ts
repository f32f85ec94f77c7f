/** Facts about the task `LookUp`: what each finding means for a transaction in doubt. */
import { describe, expect, test } from "vitest";
import { run } from "../../functions/look-up.ts";
import { ProviderUnavailableError, SessionRejectedError } from "../../lib/domain/errors.ts";
import type { Finding, Outcome, Reading } from "../../lib/domain/outcome.ts";
import { claimAgain, succeed } from "../../lib/domain/transitions.ts";
import { submit } from "../../lib/lambda/submit.ts";
import { config } from "./scripted-connector.ts";
import { session, standing, taskStage } from "./stage.ts";

const found = (outcome: Extract<Finding, { kind: "found" }>["outcome"]): Finding => ({ kind: "found", outcome });

/** Looks up a transaction with an open attempt; the flow has made `lookups` before. */
const lookedUp = async (answer: Finding | Reading<Finding>, lookups?: number) => {
  const reading: Reading<Finding> =
    answer.kind === "read" ||
    answer.kind === "refused" ||
    answer.kind === "session-rejected" ||
    answer.kind === "unavailable"
      ? answer
      : { kind: "read", value: answer };
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
    for (let hours = 0; hours < 71; hours++) {
      stage.clock.advance(3_600_000);
      expect(await run(input, stage)).not.toHaveProperty("sendAgainAfter");
    }
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
    expect(transaction).not.toHaveProperty("alarm");
  });

  test("that finds more than one movement hands it to an operator, with an alarm", async () => {
    const { result, transaction } = await lookedUp({ kind: "duplicate", detail: "2 movements carry this reference" });
    expect(result).toEqual({ outcome: "unknown", over: true, lookups: 1, waitSeconds: 0 });
    expect(transaction).toMatchObject({ status: "needs_review", alarm: "duplicate_detected" });
  });

  test("that finds a contradiction leaves alone what has been claimed again meanwhile", async () => {
    const stage = await taskStage({
      lookUp: async ({ reference }) => {
        const next = { attempts: 1, attemptId: "other", nextActionAt: "2026-11-20T09:40:00.000Z" };
        await stage.transactions.advance(reference, claimAgain({ by: "flow", at: stage.now() }, next));
        return { kind: "read", value: { kind: "contradiction", detail: "another amount" } };
      },
    });
    const input = await stage.begin(standing.open);
    expect(await run(input, stage)).toMatchObject({ over: true });
    expect(await stage.stored(input)).toMatchObject({ status: "processing", attempt: "open", attempts: 2 });
  });

  test("of what is overdue moves the time of the next action on, whoever asked for it", async () => {
    const stage = await taskStage({ lookUp: async () => ({ kind: "read", value: { kind: "nothing" } }) });
    const input = await stage.begin(standing.open);
    stage.clock.advance(90_000);
    await run(input, stage);
    expect((await stage.stored(input)).nextActionAt).toBe("2026-11-20T09:31:40.000Z");
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

describe("at the deadline", () => {
  /** A lookup so many milliseconds after the deadline, which is an hour after 09:30. */
  const atDeadline = async (finding: Finding, ms: number) => {
    const stage = await taskStage(
      {
        lookUp: async () => ({ kind: "read", value: finding }),
        rejectsDuplicates: { lookupLagMs: 0, remembersMs: 864_000_000 },
      },
      { config: { ...config, deadlineHours: 1 } },
    );
    const claimed = {
      at: "2026-11-20T09:30:00.000Z",
      status: "processing",
      by: "flow",
      detail: "attempt claimed",
    } as const;
    const input = await stage.begin({ ...standing.open, log: [claimed] });
    stage.clock.advance(3_600_000 + ms);
    return { result: await run(input, stage), transaction: await stage.stored(input) };
  };

  test.each([
    ["accepted", found({ kind: "accepted", detail: "Pending" }), "no last word within 1 h: Pending"],
    ["unknown", found({ kind: "unknown", detail: "status 9" }), "no last word within 1 h: status 9"],
    ["nothing", { kind: "nothing" } as const, "no last word within 1 h: lookup found nothing"],
  ] as const)(
    "an outcome that is still open (%s) is for an operator, and nothing is sent again",
    async (_name, finding, detail) => {
      const { result, transaction } = await atDeadline(finding, 0);
      expect(result).toEqual({ outcome: "unknown", over: true, lookups: 1, waitSeconds: 0 });
      expect(transaction).toMatchObject({
        status: "needs_review",
        attempts: 1,
        nextActionAt: "2026-11-20T10:30:00.000Z",
      });
      expect(transaction).not.toHaveProperty("failure");
      expect(transaction.log.at(-1)?.detail).toBe(detail);
    },
  );

  test("a moment before it, it is not", async () => {
    const { transaction } = await atDeadline(found({ kind: "accepted", detail: "Pending" }), -1);
    expect(transaction.status).toBe("processing");
  });

  test("a last word that is found is recorded, also after it", async () => {
    for (const ms of [0, 200_000]) {
      const settled = await atDeadline(found({ kind: "settled", detail: "Settled" }), ms);
      expect(settled.transaction.status).toBe("succeeded");
      const declined = await atDeadline(found({ kind: "declined", code: "provider_declined", message: "Voided" }), ms);
      expect(declined.transaction.status).toBe("failed");
    }
  });
});

describe("while our own call may be on its way", () => {
  const contradiction: Finding = { kind: "contradiction", detail: "another amount" };
  const settled: Outcome = { kind: "settled", providerTransactionId: "p-1", detail: "Completed" };

  /** A call that is sent `ms` after the transaction began, is given 15 s, and is answered when the test says. */
  const sent = async (finding: Finding, ms = 0) => {
    let answer = (_outcome: Outcome): void => undefined;
    const stage = await taskStage(
      {
        lookUp: async () => ({ kind: "read", value: finding }),
        submit: () =>
          new Promise((resolve) => {
            answer = resolve;
          }),
      },
      { config: { ...config, deadlineHours: 1 } },
    );
    const input = await stage.begin();
    stage.clock.advance(ms);
    const sending = submit(input, stage);
    while (stage.count("submit") === 0) await new Promise(setImmediate);
    const answered = async () => {
      answer(settled);
      await sending;
      return stage.stored(input);
    };
    return { stage, answered, looked: () => run(input, stage), stored: () => stage.stored(input) };
  };

  test.each([
    ["a contradiction", contradiction, 0, "unknown: another amount"],
    ["the deadline", { kind: "nothing" }, 3_599_000, "unknown: lookup found nothing"],
  ] as const)("%s is noted, and its answer counts", async (_name, finding, ms, detail) => {
    const { stage, answered, looked, stored } = await sent(finding, ms);
    stage.clock.advance(3_000);
    expect(await looked()).toEqual({ outcome: "unknown", over: false, lookups: 1, waitSeconds: 12 });
    const noted = await stored();
    expect(noted.status).toBe("processing");
    expect(noted.log.at(-1)?.detail).toBe(detail);
    expect(await answered()).toMatchObject({ status: "succeeded", providerTransactionId: "p-1" });
  });

  test.each([
    ["a contradiction", contradiction, 0],
    ["the deadline", { kind: "nothing" }, 3_599_000],
  ] as const)("%s is for an operator as soon as no answer can come any more", async (_name, finding, ms) => {
    const { stage, looked, stored } = await sent(finding, ms);
    stage.clock.advance(14_999);
    expect(await looked()).toMatchObject({ over: false, waitSeconds: 1 });
    stage.clock.advance(1);
    expect(await looked()).toMatchObject({ over: true });
    expect((await stored()).status).toBe("needs_review");
  });
});
