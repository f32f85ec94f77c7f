/** Facts about the task `Spendback`: the one call that moves the money, and what is recorded of it. */
import { describe, expect, test } from "vitest";
import { run as lookUp } from "../../functions/look-up.ts";
import { NotSentError, SessionRejectedError } from "../../lib/domain/errors.ts";
import type { Declined, Finding, NotSent, Outcome, Settled } from "../../lib/domain/outcome.ts";
import { submit as run } from "../../lib/lambda/submit.ts";
import { type Crash, CrashError, crashPoint, everyCrash } from "../lambda/crash.ts";
import { session, standing, taskStage } from "./stage.ts";

const settled: Settled = { kind: "settled", providerTransactionId: "p-1", detail: "Completed" };
const declined: Declined = { kind: "declined", code: "provider_declined", message: "Voided", providerCode: "3" };
const accepted: Outcome = { kind: "accepted", providerTransactionId: "p-1", detail: "Pending" };
const unknown: Outcome = { kind: "unknown", detail: "no answer within 15000 ms" };
const notSent = (reason: NotSent["reason"]): NotSent => ({ kind: "not-sent", reason, detail: "why" });

const submitted = async (outcome: Outcome) => {
  const stage = await taskStage({ submit: async () => outcome });
  const input = await stage.begin({ description: "October" });
  const answer: unknown = await run(input, stage).catch((error: unknown) => error);
  return { stage, input, answer, transaction: await stage.stored(input) };
};

describe("a submission", () => {
  test("sends the order once, under our reference, with the cached token", async () => {
    const { stage, input } = await submitted(settled);
    expect(stage.calls).toEqual([
      {
        name: "submit",
        asked: expect.objectContaining({
          reference: input.transactionId,
          amount: { value: 1999, currency: "USD" },
          recipient: { id: "b-1" },
          description: "October",
        }),
        token: "token-1",
      },
    ]);
  });

  test("that the provider settles succeeds", async () => {
    const { answer, transaction } = await submitted(settled);
    expect(answer).toEqual({ outcome: "settled", over: true, lookups: 0, waitSeconds: 0 });
    expect(transaction).toMatchObject({ status: "succeeded", providerTransactionId: "p-1", attempts: 1 });
    expect(transaction).not.toHaveProperty("nextActionAt");
    expect(transaction.log.map(({ detail }) => detail)).toEqual([undefined, "attempt claimed", "Completed"]);
  });

  test("that the provider declines fails, with the provider's code", async () => {
    const { answer, transaction } = await submitted(declined);
    expect(answer).toEqual({ outcome: "declined", over: true, lookups: 0, waitSeconds: 0 });
    expect(transaction).toMatchObject({
      status: "failed",
      failure: { code: "provider_declined", message: "Voided", providerCode: "3" },
    });
    expect(transaction).not.toHaveProperty("nextActionAt");
  });

  test("that the provider takes back is canceled", async () => {
    const { answer, transaction } = await submitted({ kind: "canceled", detail: "taken back" });
    expect(answer).toEqual({ outcome: "canceled", over: true, lookups: 0, waitSeconds: 0 });
    expect(transaction.status).toBe("canceled");
    expect(transaction).not.toHaveProperty("nextActionAt");
  });

  test.each([
    ["accepts", accepted, { providerTransactionId: "p-1" }],
    ["leaves in doubt", unknown, {}],
  ] as const)(
    "that the provider %s stays open and due, and is looked up in a second",
    async (_name, outcome, members) => {
      const { answer, transaction } = await submitted(outcome);
      expect(answer).toEqual({ outcome: outcome.kind, over: false, lookups: 0, waitSeconds: 1 });
      expect(transaction).toMatchObject({
        status: "processing",
        attempt: "open",
        nextActionAt: "2026-11-20T09:31:30.000Z",
        ...members,
      });
      expect(transaction.log.at(-1)?.detail).toBe(
        `${outcome.kind}: ${outcome.kind === "unknown" ? outcome.detail : "Pending"}`,
      );
    },
  );

  test.each(["unreachable", "rate-limited", "busy"] as const)(
    "that was not sent (%s) says so by name, so that the flow tries again",
    async (reason) => {
      const { answer, transaction } = await submitted(notSent(reason));
      expect(answer).toBeInstanceOf(NotSentError);
      expect(transaction).toMatchObject({ status: "processing", attempt: "not-sent", attempts: 1 });
      expect(transaction.log.at(-1)?.detail).toBe(`not sent, ${reason}: why`);
    },
  );

  test("that a rejected session kept from being sent names that session", async () => {
    const { answer, transaction } = await submitted(notSent("session-rejected"));
    expect(answer).toBeInstanceOf(SessionRejectedError);
    expect(answer).toHaveProperty("message", session.issuedAt);
    expect(transaction).toMatchObject({ status: "processing", attempt: "not-sent" });
  });

  test.each([settled, declined, accepted, unknown])("that ended $kind is never made again", async (outcome) => {
    const { stage, input, transaction } = await submitted(outcome);
    const answers = await Promise.all([run(input, stage), run(input, stage)]);
    for (const answer of answers) expect(answer).toMatchObject({ outcome: "unknown" });
    expect(stage.count("submit")).toBe(1);
    expect(await stage.stored(input)).toEqual(transaction);
  });

  test("that was not sent is made again, as the second attempt", async () => {
    const outcomes = [notSent("unreachable"), settled];
    const stage = await taskStage({ submit: async () => outcomes.shift() ?? unknown });
    const input = await stage.begin();
    await expect(run(input, stage)).rejects.toThrow(NotSentError);
    expect(await run(input, stage)).toMatchObject({ outcome: "settled" });
    expect(stage.count("submit")).toBe(2);
    expect(await stage.stored(input)).toMatchObject({ status: "succeeded", attempts: 2 });
    // Nothing of the first one can have left a trace there: for the provider this is the first.
    const told = stage.calls.filter(({ name }) => name === "submit").map(({ asked }) => asked);
    expect(told).toMatchObject([{ attempt: 1 }, { attempt: 1 }]);
  });

  test("in doubt is not counted away by one that was not sent", async () => {
    const stage = await taskStage({ lookUp: async () => ({ kind: "read", value: { kind: "nothing" } }) });
    const log = [
      { at: "2026-11-20T09:30:00.000Z", status: "processing", by: "flow", detail: "attempt claimed" },
      { at: "2026-11-20T09:30:01.000Z", status: "processing", by: "flow", detail: "not sent, busy: 570", count: 3 },
    ] as const;
    const input = await stage.begin({ status: "processing", attempt: "open", attempts: 5, log: [...log] });
    await lookUp(input, stage);
    expect(stage.calls.at(-1)?.asked).toMatchObject({ attempt: 2 });
  });

  test("is made by one of 30 executions at once; the others go to the lookup", async () => {
    const stage = await taskStage({ submit: async () => unknown });
    const input = await stage.begin();
    const answers = await Promise.all(Array.from({ length: 30 }, () => run(input, stage)));
    expect(stage.count("submit")).toBe(1);
    for (const answer of answers)
      expect(answer).toEqual({ outcome: "unknown", over: false, lookups: 0, waitSeconds: 1 });
  });

  const others = [
    ["open", { outcome: "unknown", over: false, lookups: 0, waitSeconds: 1 }],
    ["needs review", { outcome: "unknown", over: true, lookups: 0, waitSeconds: 0 }],
    ["succeeded", { outcome: "unknown", over: true, lookups: 0, waitSeconds: 0 }],
    ["failed", { outcome: "unknown", over: true, lookups: 0, waitSeconds: 0 }],
    ["canceled", { outcome: "unknown", over: true, lookups: 0, waitSeconds: 0 }],
  ] as const;
  test.each(others)("is not made for a transaction that is %s", async (state, expected) => {
    const stage = await taskStage();
    const input = await stage.begin(standing[state]);
    expect(await run(input, stage)).toEqual(expected);
    expect(stage.calls).toEqual([]);
  });

  test("is not made for a transaction that is not there", async () => {
    const stage = await taskStage();
    const input = { ...(await stage.begin()), transactionId: "txn_none" };
    expect(await run(input, stage)).toMatchObject({ outcome: "unknown", over: true });
    expect(stage.calls).toEqual([]);
  });

  test("claims nothing without a session or a connection that takes spendbacks", async () => {
    const without = await taskStage({ noSpendback: true });
    const stage = await taskStage();
    const cases = [
      { stage, dependencies: { ...stage, sessions: { get: async () => undefined } }, error: SessionRejectedError },
      {
        stage,
        dependencies: { ...stage, connections: { ...stage.connections, get: async () => undefined } },
        error: Error,
      },
      { stage: without, dependencies: without, error: Error },
    ];
    for (const { stage: one, dependencies, error } of cases) {
      const input = await one.begin();
      const before = await one.stored(input);
      await expect(run(input, dependencies)).rejects.toThrow(error);
      expect(await one.stored(input)).toEqual(before);
    }
  });
});

/** A provider that keeps a ledger: what it did under which reference, whatever became of its answer. */
async function ledgerStage(outcome: Outcome, found: Settled | Declined) {
  const ledger: string[] = [];
  const findingOf = (reference: string): Finding =>
    ledger.includes(reference) ? { kind: "found", outcome: found } : { kind: "nothing" };
  let point = crashPoint();
  const provider = {
    submit: async (reference: string): Promise<Outcome> => {
      ledger.push(reference);
      return outcome;
    },
  };
  const stage = await taskStage({
    submit: ({ reference }) => point.wrap("provider", provider).submit(reference),
    lookUp: async ({ reference }) => ({ kind: "read", value: findingOf(reference) }),
  });
  const dying = (crash?: Crash) => {
    point = crashPoint(crash);
    const wrapped = {
      ...stage,
      connections: point.wrap("connections", stage.connections),
      sessions: point.wrap("sessions", stage.sessions),
      transactions: point.wrap("transactions", stage.transactions),
    };
    return { wrapped, calls: point.calls };
  };
  return { stage, dying, ledger, heal: () => dying().wrapped };
}

describe("a crash of a submission", () => {
  const crashes = everyCrash(5);

  test("can happen at five calls, and nothing lies between the claim and the provider", async () => {
    const { stage, dying } = await ledgerStage(settled, settled);
    const { wrapped, calls } = dying();
    await run(await stage.begin(), wrapped);
    expect(calls).toEqual([
      "connections.get",
      "sessions.get",
      "transactions.advance",
      "provider.submit",
      "transactions.advance",
    ]);
  });

  test.each(crashes)(
    "$when call $at leaves nothing claimed, an open attempt that is due, or the outcome",
    async (crash) => {
      for (const [outcome, found, final] of [
        [settled, settled, "succeeded"],
        [accepted, settled, "succeeded"],
        [unknown, settled, "succeeded"],
        [declined, declined, "failed"],
      ] as const) {
        const { stage, dying, ledger, heal } = await ledgerStage(outcome, found);
        const input = await stage.begin();
        await expect(run(input, dying(crash).wrapped)).rejects.toThrow(CrashError);

        const left = await stage.stored(input);
        if (left.status === "pending") {
          expect(left.attempts).toBe(0);
          expect(ledger).toEqual([]);
        } else if (left.status === "processing") {
          expect(left.attempt).toBe("open");
          expect(await stage.transactions.due(new Date("2026-11-20T09:31:30.000Z"), 10)).toEqual([input.transactionId]);
        } else {
          expect([crash, left.status]).toEqual([{ at: 4, when: "after" }, final]);
        }

        // Whatever runs again, in whatever order, the provider is called once at most, and the lookup settles it.
        await run(input, heal());
        await lookUp(input, heal());
        await run(input, heal());
        expect(ledger.length).toBeLessThanOrEqual(1);
        const healed = await stage.stored(input);
        if (ledger.length === 1) expect(healed.status).toBe(final);
        // Died between claim and call: nobody can know that nothing was sent, so nothing is ever sent.
        else expect(healed).toMatchObject({ status: "processing", attempt: "open" });
      }
    },
  );
});
