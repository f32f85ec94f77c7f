/** Facts about a webhook that is quicker than the provider's own answer: whoever records the outcome first, it is recorded once. */
import { describe, expect, test } from "vitest";
import { run as lookUp } from "../../functions/look-up.ts";
import { NotSentError } from "../../lib/domain/errors.ts";
import type { Finding, Outcome } from "../../lib/domain/outcome.ts";
import { submit } from "../../lib/lambda/submit.ts";
import type { WebhookReading } from "../../lib/providers/port.ts";
import { captureLog } from "../lambda/api-event.ts";
import { webhookStage } from "./webhook-stage.ts";

const log = captureLog();

const settled: Outcome = { kind: "settled", providerTransactionId: "p-1", detail: "Completed" };

/**
 * A submission that waits for its answer; meanwhile a webhook comes, and the flow that it starts looks up what `finding`
 * says. Then the answer comes.
 */
async function webhookFirst(finding: Finding, answer: Outcome) {
  const sent = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<Outcome>();
  const stage = await webhookStage({
    submit: () => {
      sent.resolve();
      return answered.promise;
    },
    lookUp: async () => ({ kind: "read", value: finding }),
  });
  const input = await stage.begin();
  const submission = submit(input, stage).catch((error: unknown) => error);
  await sent.promise;

  const reading: WebhookReading = {
    kind: "authentic",
    hint: { references: [input.transactionId], providerTransactionIds: [] },
  };
  await stage.deliver(reading);
  for (const start of stage.started) await lookUp(start, stage);
  const meanwhile = await stage.stored(input);
  answered.resolve(answer);
  return { stage, input, meanwhile, submission: await submission };
}

describe("a webhook that comes while the provider's answer is awaited", () => {
  const answers: readonly (readonly [string, Outcome])[] = [
    ["settles, too", settled],
    ["accepts", { kind: "accepted", providerTransactionId: "p-1", detail: "Pending" }],
    ["is in doubt", { kind: "unknown", detail: "no answer within 15000 ms" }],
    ["contradicts", { kind: "declined", code: "provider_declined", message: "Voided" }],
    ["takes it back", { kind: "canceled", detail: "taken back" }],
    ["says that nothing was sent", { kind: "not-sent", reason: "busy", detail: "570" }],
  ];

  test.each(answers)(
    "records the success that the lookup found; an answer that %s changes nothing",
    async (_, answer) => {
      const { stage, input, meanwhile, submission } = await webhookFirst({ kind: "found", outcome: settled }, answer);
      expect(stage.startedIds()).toEqual([input.transactionId]);
      expect(meanwhile).toMatchObject({ status: "succeeded", providerTransactionId: "p-1", attempts: 1 });
      expect(meanwhile.log.map(({ status }) => status)).toEqual(["pending", "processing", "succeeded"]);
      expect(await stage.stored(input)).toEqual(meanwhile);
      expect(stage.count("submit")).toBe(1);
      // No crash: an outcome, or the one error that the flow knows and tries again, in vain.
      if (answer.kind === "not-sent") expect(submission).toBeInstanceOf(NotSentError);
      else expect(submission).toMatchObject({ outcome: answer.kind });
      expect(log.lines().map(({ level, event }) => `${level} ${event}`)).toEqual(["info webhook followed"]);
    },
  );

  test("and finds nothing yet leaves the attempt to its answer", async () => {
    const { stage, input, meanwhile, submission } = await webhookFirst({ kind: "nothing" }, settled);
    expect(meanwhile).toMatchObject({ status: "processing", attempt: "open", attempts: 1 });
    expect(submission).toMatchObject({ outcome: "settled", over: true });
    expect(await stage.stored(input)).toMatchObject({ status: "succeeded", attempts: 1 });
    expect(stage.count("submit")).toBe(1);
  });

  test("is tried again by the flow after an answer that nothing was sent, and nothing is sent again", async () => {
    const notSent: Outcome = { kind: "not-sent", reason: "busy", detail: "570" };
    const { stage, input } = await webhookFirst({ kind: "found", outcome: settled }, notSent);
    expect(await submit(input, stage)).toMatchObject({ over: true });
    expect(stage.count("submit")).toBe(1);
    expect(await stage.stored(input)).toMatchObject({ status: "succeeded" });
  });
});
