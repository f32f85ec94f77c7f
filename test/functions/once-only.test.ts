/**
 * The promise itself: however submissions, lookups, failures and follow-ups of one transaction interleave, and wherever
 * the database fails before or after a write, the provider is never asked to move the money twice.
 */
import { describe, expect, test } from "vitest";
import { run as fail } from "../../functions/fail-transaction.ts";
import { run as followUp } from "../../functions/follow-up.ts";
import { run as lookUp } from "../../functions/look-up.ts";
import type { Finding, Outcome } from "../../lib/domain/outcome.ts";
import type { FlowInput } from "../../lib/flow/starter.ts";
import { submit } from "../../lib/lambda/submit.ts";
import { captureLog } from "../lambda/api-event.ts";
import { fc } from "../property.ts";
import { taskStage } from "./stage.ts";

/** What the provider does with an order, and what we hear of it. */
const answers = {
  settled: { moves: true, outcome: { kind: "settled", detail: "Completed" } },
  accepted: { moves: true, outcome: { kind: "accepted", detail: "Pending" } },
  "moved, answer lost": { moves: true, outcome: { kind: "unknown", detail: "timeout" } },
  "not moved, answer lost": { moves: false, outcome: { kind: "unknown", detail: "timeout" } },
  "moved, caller died": { moves: true, outcome: undefined },
  "not moved, caller died": { moves: false, outcome: undefined },
  declined: { moves: false, outcome: { kind: "declined", code: "provider_declined", message: "no" } },
  unreachable: { moves: false, outcome: { kind: "not-sent", reason: "unreachable", detail: "ECONNREFUSED" } },
  "session rejected": { moves: false, outcome: { kind: "not-sent", reason: "session-rejected", detail: "401" } },
} as const satisfies Record<string, { moves: boolean; outcome: Outcome | undefined }>;

type Answer = keyof typeof answers;
type Execution = "submit" | "look-up" | "fail" | "follow-up";
type Fault = "none" | "before" | "after";

const executionOf = fc.constantFrom<Execution>("submit", "submit", "look-up", "fail", "follow-up");
const answerOf = fc.constantFrom(...(Object.keys(answers) as Answer[]));
const faultOf = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Fault>("none") },
  { weight: 1, arbitrary: fc.constantFrom<Fault>("before", "after") },
);

/** One call at the provider, in the order of events: when it began, and when we heard of it. */
interface Sent {
  readonly answer: Answer;
  heard: boolean;
}

async function play(scheduler: fc.Scheduler, first: Execution[], script: Answer[], faults: Fault[]) {
  const sent: Sent[] = [];
  const violations: string[] = [];
  let fault = 0;
  /** Lets the scheduler decide when a call takes place, and the script whether it throws before or after it did. */
  const interleaved = <Given extends unknown[], Result>(call: (...given: Given) => Promise<Result>) =>
    scheduler.scheduleFunction(async (...given: Given): Promise<Result> => {
      const todays = faults[fault++] ?? "none";
      if (todays === "before") throw new Error("the database did not answer");
      const result = await call(...given);
      if (todays === "after") throw new Error("the database's answer was lost");
      return result;
    });

  const moved = () => sent.filter(({ answer }) => answers[answer].moves).length;
  const stage = await taskStage({
    submit: async (): Promise<Outcome> => {
      await scheduler.schedule(Promise.resolve(), "the order leaves");
      // The heart of it: whoever sends must know that everything sent before surely did nothing.
      for (const { answer, heard } of sent) {
        if (!heard) violations.push("an order was sent while another was on its way");
        else if (answers[answer].outcome?.kind !== "not-sent") violations.push("an order was sent again");
      }
      const mine: Sent = { answer: script[sent.length] ?? "settled", heard: false };
      sent.push(mine);
      await scheduler.schedule(Promise.resolve(), "the answer arrives");
      const { outcome } = answers[mine.answer];
      if (!outcome) throw new Error("the caller died");
      mine.heard = true;
      return outcome;
    },
    lookUp: scheduler.scheduleFunction(async () => ({ kind: "read" as const, value: findingOf() })),
  });
  const findingOf = (): Finding => {
    if (moved() > 0) return { kind: "found", outcome: { kind: "settled", detail: "Settled" } };
    const declined = sent.some(({ answer }) => answer === "declined");
    return declined
      ? { kind: "found", outcome: { kind: "declined", code: "provider_declined", message: "no" } }
      : { kind: "nothing" };
  };

  const input = await stage.begin();
  const faulty = {
    create: stage.transactions.create,
    list: stage.transactions.list,
    get: interleaved(stage.transactions.get),
    advance: interleaved(stage.transactions.advance),
    due: interleaved(stage.transactions.due),
    waiting: interleaved(stage.transactions.waiting),
  };
  let hours = 0;
  const running: Promise<unknown>[] = [];
  const flow = {
    start: async ({ submission }: FlowInput) => {
      begin(submission ? "look-up" : "submit");
    },
  };
  const begin = (execution: Execution): void => {
    const dependencies = { ...stage, transactions: faulty };
    const runs: Readonly<Record<Execution, () => Promise<unknown>>> = {
      submit: () => submit(input, dependencies),
      "look-up": () => lookUp(input, dependencies),
      fail: () => fail({ ...input, funds: { enough: false, code: "insufficient_funds" } }, dependencies),
      // Each an hour after the one before, so that the transaction is due again.
      "follow-up": () => {
        hours += 1;
        const at = new Date(Date.UTC(2026, 10, 20, 10 + hours));
        return followUp({ ...dependencies, flow, now: () => at });
      },
    };
    // An execution may die of a fault; what counts is what it leaves behind.
    running.push(runs[execution]().catch(() => undefined));
  };
  const allDone = async (): Promise<void> => {
    for (let one = 0; one < running.length; one++) await running[one];
  };

  for (const execution of first) begin(execution);
  await scheduler.waitFor(allDone());
  const left = await stage.stored(input);

  // The database has recovered, and everything is repeated until nothing more comes of it.
  faults.length = 0;
  for (const execution of ["submit", "look-up", "follow-up", "submit", "look-up"] as const) {
    begin(execution);
    await scheduler.waitFor(allDone());
  }
  return { sent, violations, moved: moved(), left, end: await stage.stored(input) };
}

describe("the provider", () => {
  captureLog();
  test("is never asked twice to move the same money", async () => {
    const ends: Record<string, number> = {};
    let submissions = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(executionOf, { minLength: 2, maxLength: 7 }),
        fc.array(answerOf, { minLength: 1, maxLength: 4 }),
        fc.array(faultOf, { maxLength: 40 }),
        async (scheduler, executions, script, faults) => {
          const { sent, violations, moved, left, end } = await play(scheduler, executions, script, [...faults]);
          expect(violations).toEqual([]);
          expect(moved).toBeLessThanOrEqual(1);
          for (const { status } of [left, end]) {
            if (status === "succeeded") expect(moved).toBe(1);
            if (status === "failed") expect(moved).toBe(0);
          }
          // Money that moved is found in the end, whatever was lost on the way.
          if (moved === 1) expect(end.status).toBe("succeeded");
          expect(end.status).not.toBe("pending");
          const claims = end.log.filter(({ detail }) => detail === "attempt claimed").length;
          expect(end.attempts).toBe(claims);
          expect(sent.length).toBeLessThanOrEqual(claims);
          ends[end.status] = (ends[end.status] ?? 0) + 1;
          submissions = Math.max(submissions, sent.length);
        },
      ),
      { numRuns: 600 },
    );
    // The search has seen what it is about: every end, and orders that were rightly sent again.
    expect(Object.keys(ends).sort()).toEqual(["failed", "processing", "succeeded"]);
    expect(submissions).toBeGreaterThan(1);
  });
});
