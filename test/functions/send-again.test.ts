/**
 * Facts about sending once more what is in doubt: only where a duplicate would be rejected, only after a lookup that found
 * nothing of that attempt and could have found it, and never so that the doubt of the attempt before is forgotten.
 */
import { describe, expect, test } from "vitest";
import { run as fail } from "../../functions/fail-transaction.ts";
import { run as lookUp } from "../../functions/look-up.ts";
import { NotSentError, SessionRejectedError } from "../../lib/domain/errors.ts";
import { cancelUnsent } from "../../lib/domain/operator-transitions.ts";
import type { Finding, Outcome } from "../../lib/domain/outcome.ts";
import { claimAgain, claimAttempt, recordNotSent } from "../../lib/domain/transitions.ts";
import { submit } from "../../lib/lambda/submit.ts";
import type { ConfiguredConnection } from "../../lib/providers/connections.ts";
import type { Connector, Reservation } from "../../lib/providers/port.ts";
import { bookOf, configured, type Script } from "./scripted-connector.ts";
import { session, taskStage } from "./stage.ts";

const settled: Outcome = { kind: "settled", providerTransactionId: "p-1", detail: "Completed" };
const doubt: Outcome = { kind: "unknown", detail: "no answer within 15000 ms" };
const days = (n: number) => n * 86_400_000;

/** What the provider's documents prove, in these tests: listed after a minute, remembered for thirty days. */
const rejectsDuplicates = { lookupLagMs: 60_000, remembersMs: days(30) };

/** A call may take 15 s, and what it did is listed a minute later. */
const believedAfterMs = 75_000;

/** A provider that rejects duplicates and lists nothing; one attempt was claimed when the clock began. */
async function doubtStage(script: Script = {}, members: Partial<ConfiguredConnection> = {}) {
  const stage = await taskStage(
    { lookUp: async () => ({ kind: "read", value: { kind: "nothing" } }), rejectsDuplicates, ...script },
    members,
  );
  const input = await stage.begin();
  const actor = () => ({ by: "flow", at: stage.now() });
  const { transactionId } = input;
  await stage.transactions.advance(
    transactionId,
    claimAttempt(actor(), { attemptId: "first", snapshot: "rows before" }),
  );
  /** Claims once more, as a flow elsewhere would. */
  const claimElsewhere = (attempts: number, at = stage.now()) =>
    stage.transactions.advance(
      transactionId,
      claimAgain({ by: "flow", at }, { attempts, attemptId: "elsewhere", nextActionAt: "2026-11-20T12:00:00.000Z" }),
    );
  return {
    ...stage,
    input,
    actor,
    claimElsewhere,
    again: { ...input, submission: { outcome: "unknown", lookups: 3, sendAgainAfter: 1 } } as const,
    lookUp: (dependencies = {}) => lookUp(input, { ...stage, ...dependencies }),
    transaction: () => stage.stored(input),
  };
}

describe("a lookup that found nothing", () => {
  test("allows one more submission once the attempt must have ended and been listed, and not a moment sooner", async () => {
    const stage = await doubtStage();
    stage.clock.advance(believedAfterMs - 1);
    expect(await stage.lookUp()).toEqual({ outcome: "unknown", over: false, lookups: 1, waitSeconds: 2 });
    stage.clock.advance(1);
    expect(await stage.lookUp()).toEqual({
      outcome: "unknown",
      over: false,
      lookups: 1,
      waitSeconds: 0,
      sendAgainAfter: 1,
    });
  });

  test("counts the time from the last attempt", async () => {
    const stage = await doubtStage();
    stage.clock.advance(believedAfterMs);
    await stage.claimElsewhere(1);
    stage.clock.advance(believedAfterMs - 1);
    expect(await stage.lookUp()).not.toHaveProperty("sendAgainAfter");
    stage.clock.advance(1);
    expect(await stage.lookUp()).toMatchObject({ sendAgainAfter: 2 });
  });

  test("says nothing about an attempt that was claimed while it looked", async () => {
    let claim = async (): Promise<unknown> => undefined;
    const stage = await doubtStage({
      lookUp: async () => {
        await claim();
        return { kind: "read", value: { kind: "nothing" } };
      },
    });
    const long = stage.now();
    stage.clock.advance(believedAfterMs);
    claim = () => stage.claimElsewhere(1, long);
    expect(await stage.lookUp()).not.toHaveProperty("sendAgainAfter");
    expect(await stage.transaction()).toMatchObject({ attempt: "open", attempts: 2 });
  });

  test("allows no seventh attempt", async () => {
    const stage = await doubtStage();
    for (const attempts of [1, 2, 3, 4]) await stage.claimElsewhere(attempts);
    stage.clock.advance(believedAfterMs);
    expect(await stage.lookUp()).toMatchObject({ sendAgainAfter: 5 });
    await stage.claimElsewhere(5);
    stage.clock.advance(believedAfterMs);
    expect(await stage.lookUp()).not.toHaveProperty("sendAgainAfter");
  });

  test("counts only what was perhaps sent: five attempts refused for the rate leave five more", async () => {
    const stage = await taskStage({
      rejectsDuplicates,
      lookUp: async () => ({ kind: "read", value: { kind: "nothing" } }),
    });
    const input = await stage.begin();
    const actor = { by: "flow", at: stage.now() };
    const limited = { kind: "not-sent", reason: "rate-limited", detail: "HTTP 429" } as const;
    for (const attempts of [1, 2, 3, 4, 5]) {
      await stage.transactions.advance(input.transactionId, claimAttempt(actor));
      await stage.transactions.advance(input.transactionId, recordNotSent(limited, attempts, actor));
    }
    await stage.transactions.advance(input.transactionId, claimAttempt(actor));
    stage.clock.advance(believedAfterMs);
    expect(await lookUp(input, stage)).toMatchObject({ sendAgainAfter: 6 });
  });

  test("allows none in the last day of what the provider remembers of the first", async () => {
    const stage = await doubtStage({ rejectsDuplicates: { lookupLagMs: 0, remembersMs: days(2) } });
    stage.clock.advance(days(1) - 1);
    expect(await stage.lookUp()).toMatchObject({ sendAgainAfter: 1 });
    await stage.claimElsewhere(1, new Date(stage.now().getTime() - believedAfterMs));
    stage.clock.advance(1);
    expect(await stage.lookUp()).not.toHaveProperty("sendAgainAfter");
  });

  test("allows none where a movement was found that has no last word", async () => {
    const stage = await doubtStage({
      lookUp: async () => ({
        kind: "read",
        value: { kind: "found", outcome: { kind: "accepted", detail: "Pending" } },
      }),
    });
    stage.clock.advance(believedAfterMs);
    expect(await stage.lookUp()).not.toHaveProperty("sendAgainAfter");
  });
});

describe("a submission that is made again", () => {
  test("is claimed and counted before it is sent, under the same reference, and is due when its flow should be through", async () => {
    let atCall: unknown;
    const stage = await doubtStage({
      submit: async () => {
        atCall = await stage.transaction();
        return settled;
      },
    });
    stage.clock.advance(believedAfterMs);
    expect(await submit(stage.again, stage)).toMatchObject({ outcome: "settled", over: true });
    expect(atCall).toMatchObject({
      status: "processing",
      attempt: "open",
      attempts: 2,
      nextActionAt: "2026-11-20T09:32:45.000Z",
    });
    expect(stage.calls).toMatchObject([
      { name: "submit", asked: { reference: stage.input.transactionId, attempt: 2, snapshot: "rows before" } },
    ]);
    expect(await stage.transaction()).toMatchObject({ status: "succeeded", providerTransactionId: "p-1", attempts: 2 });
  });

  test("is made once where two flows are told to make it; the other looks up", async () => {
    const stage = await doubtStage({ submit: async () => doubt });
    const answers = await Promise.all([submit(stage.again, stage), submit(stage.again, stage)]);
    expect(stage.count("submit")).toBe(1);
    for (const answer of answers) expect(answer).toMatchObject({ outcome: "unknown", over: false });
    expect((await stage.transaction()).attempts).toBe(2);
  });

  test("is not prepared anew: the snapshot and the turn are those of the first attempt", async () => {
    const stage = await doubtStage({ submit: async () => doubt });
    let prepared = 0;
    const { spendback } = stage.connection.connector;
    const connector = {
      ...stage.connection.connector,
      spendback: {
        ...spendback,
        exclusive: () => "the account",
        prepare: async () => {
          prepared += 1;
          return { kind: "read", value: "rows after" };
        },
      },
    } as Connector;
    await submit(stage.again, { ...stage, connections: bookOf([configured(connector)]) });
    expect(prepared).toBe(0);
    expect((await stage.transaction()).snapshot).toBe("rows before");
    expect(stage.count("submit")).toBe(1);
  });

  test.each(["unreachable", "rate-limited", "busy"] as const)(
    "and surely not sent (%s) leaves the first one in doubt: it cannot fail, be canceled, or start anew",
    async (reason) => {
      const stage = await doubtStage({ submit: async () => ({ kind: "not-sent", reason, detail: "why" }) });
      expect(await submit(stage.again, stage)).toEqual({ outcome: "unknown", over: false, lookups: 3, waitSeconds: 1 });
      const left = await stage.transaction();
      expect(left).toMatchObject({ status: "processing", attempt: "open", attempts: 2 });
      expect(left.log.at(-1)?.detail).toBe(`unknown: not sent again, ${reason}: why`);

      await fail({ ...stage.input, funds: { enough: false, code: "insufficient_funds" } }, stage);
      const { transactionId } = stage.input;
      expect((await stage.transactions.advance(transactionId, cancelUnsent(stage.actor()))).advanced).toBe(false);
      await submit(stage.input, stage);
      expect(stage.count("submit")).toBe(1);
      expect(await stage.transaction()).toEqual(left);
    },
  );

  test("whose session is rejected names that session and stays in doubt", async () => {
    const stage = await doubtStage({
      submit: async () => ({ kind: "not-sent", reason: "session-rejected", detail: "401" }),
    });
    const error = await submit(stage.again, stage).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SessionRejectedError);
    expect(error).toHaveProperty("message", session.issuedAt);
    expect(await stage.transaction()).toMatchObject({ status: "processing", attempt: "open", attempts: 2 });
    // Back at the lookup, it is too early to send a third time.
    expect(await stage.lookUp()).not.toHaveProperty("sendAgainAfter");
  });

  test("and refused in a way that may be the first one's trace is in doubt, as its connector says", async () => {
    const stage = await doubtStage({
      submit: async ({ attempt }) =>
        attempt === 2
          ? { kind: "unknown", detail: "refused, perhaps because of the first attempt" }
          : { kind: "declined", code: "original_not_refundable", message: "already refunded" },
    });
    await submit(stage.again, stage);
    expect(await stage.transaction()).toMatchObject({ status: "processing", attempt: "open" });
  });

  test("makes the first one's late refusal count for nothing, and its late success for all", async () => {
    for (const [late, status] of [
      [{ kind: "declined", code: "provider_declined", message: "no" }, "processing"],
      [{ kind: "not-sent", reason: "unreachable", detail: "ECONNREFUSED" }, "processing"],
      [settled, "succeeded"],
    ] as const) {
      let answerFirst = (_outcome: Outcome): void => undefined;
      const answers: Promise<Outcome>[] = [
        new Promise((resolve) => {
          answerFirst = resolve;
        }),
        Promise.resolve(doubt),
      ];
      const stage = await taskStage({ rejectsDuplicates, submit: async () => answers.shift() ?? doubt });
      const input = await stage.begin();
      const first = submit(input, stage).catch((error: unknown) => error);
      while (stage.count("submit") === 0) await Promise.resolve();
      await submit({ ...input, submission: { outcome: "unknown", lookups: 0, sendAgainAfter: 1 } }, stage);
      answerFirst(late);
      await first;
      expect(await stage.stored(input)).toMatchObject({
        status,
        attempts: 2,
        ...(status === "processing" && { attempt: "open" }),
      });
    }
  });
});

describe("while a second call is on its way", () => {
  /** The second call, sent when the first one must have ended; `answer` is what it says. */
  const sentTwice = async (finding: Finding) => {
    let answer = (_outcome: Outcome): void => undefined;
    const stage = await doubtStage({
      lookUp: async () => ({ kind: "read", value: finding }),
      submit: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    stage.clock.advance(believedAfterMs);
    const sending = submit(stage.again, stage);
    while (stage.count("submit") === 0) await new Promise(setImmediate);
    const answered = async (outcome: Outcome) => {
      answer(outcome);
      await sending;
    };
    return { ...stage, answered };
  };
  const ended: readonly Extract<Finding, { kind: "found" }>["outcome"][] = [
    { kind: "declined", code: "provider_declined", message: "Internal" },
    { kind: "canceled", detail: "taken back" },
  ];

  test.each(ended)(
    "a row that says $kind may be the first one's: it ends nothing, and the second's success counts",
    async (outcome) => {
      const stage = await sentTwice({ kind: "found", outcome });
      expect(await stage.lookUp()).toMatchObject({ outcome: "unknown", over: false });
      const left = await stage.transaction();
      expect(left).toMatchObject({ status: "processing", attempt: "open", attempts: 2 });
      expect(left.log.at(-1)?.detail).toBe(`unknown: found as ${outcome.kind}, perhaps an earlier attempt`);
      await stage.answered(settled);
      expect(await stage.transaction()).toMatchObject({ status: "succeeded", providerTransactionId: "p-1" });
    },
  );

  test("a row that says settled is the movement, whichever made it", async () => {
    const stage = await sentTwice({ kind: "found", outcome: settled });
    expect(await stage.lookUp()).toMatchObject({ outcome: "settled", over: true });
    expect((await stage.transaction()).status).toBe("succeeded");
  });

  test.each(ended)("and once it would be listed, a row that says $kind is believed", async (outcome) => {
    const stage = await sentTwice({ kind: "found", outcome });
    await stage.answered(doubt);
    stage.clock.advance(believedAfterMs - 1);
    expect(await stage.lookUp()).toMatchObject({ over: false });
    stage.clock.advance(1);
    expect(await stage.lookUp()).toMatchObject({ outcome: outcome.kind, over: true });
  });
});

describe("a reservation", () => {
  const reserving = async (answer: Reservation) => {
    const events: string[] = [];
    const released = () => {
      events.push("released");
    };
    const stage = await doubtStage(
      {
        submit: async () => {
          events.push("sent");
          return doubt;
        },
      },
      {
        reserve: async () => {
          events.push("reserved");
          return answer.kind === "reserved" ? { ...answer, release: released } : answer;
        },
      },
    );
    const { advance } = stage.transactions;
    const transactions = {
      ...stage.transactions,
      advance: async (id: string, transition: Parameters<typeof advance>[1]) => {
        if (transition.attempts) events.push("claimed");
        return advance(id, transition);
      },
    };
    return { ...stage, stage, transactions, events };
  };
  const reserved: Reservation = { kind: "reserved", release: () => undefined };
  const refused: Reservation = { kind: "refused", detail: "the provider is not called: its rate is used up" };

  test("is asked for before the claim, so that nothing is waited for between the claim and the call", async () => {
    const stage = await reserving(reserved);
    await submit(await stage.begin(), stage);
    await submit(stage.again, stage);
    expect(stage.events).toEqual(["reserved", "claimed", "sent", "reserved", "claimed", "sent"]);
  });

  test("that is refused leaves a first attempt unclaimed, to be tried again", async () => {
    const stage = await reserving(refused);
    const input = await stage.begin();
    const before = await stage.stored(input);
    await expect(submit(input, stage)).rejects.toThrow(NotSentError);
    expect(stage.events).toEqual(["reserved"]);
    expect(await stage.stored(input)).toEqual(before);
  });

  test("that is refused leaves one in doubt as it is, to be looked up again", async () => {
    const stage = await reserving(refused);
    const before = await stage.transaction();
    expect(await submit(stage.again, stage)).toEqual({ outcome: "unknown", over: false, lookups: 3, waitSeconds: 1 });
    expect(stage.events).toEqual(["reserved"]);
    expect(await stage.transaction()).toEqual(before);
  });

  test("that is refused again and again ends with the flow's lookups; follow-up goes on", async () => {
    const stage = await reserving(refused);
    const last = { ...stage.again, submission: { ...stage.again.submission, lookups: 6 } };
    expect(await submit(last, stage)).toMatchObject({ outcome: "unknown", over: true });
    expect((await stage.transaction()).nextActionAt).toBe("2026-11-20T09:31:30.000Z");
  });

  test("is worth nothing where too little time is left for the call", async () => {
    const stage = await reserving(reserved);
    const late = { remainingMs: () => 17_999 };
    await expect(submit(await stage.begin(), stage, late)).rejects.toThrow(NotSentError);
    expect(await submit(stage.again, stage, late)).toMatchObject({ outcome: "unknown", over: false });
    expect(stage.events).toEqual(["reserved", "released", "reserved", "released"]);
    await submit(stage.again, stage, { remainingMs: () => 18_000 });
    expect(stage.events).toContain("sent");
  });

  test("is given back where another execution has claimed the attempt", async () => {
    const stage = await reserving(reserved);
    await submit(stage.again, stage);
    stage.events.length = 0;
    await submit(stage.again, stage);
    expect(stage.events).toEqual(["reserved", "claimed", "released"]);
  });
});
