/** The guards that the guarantees stand on, each with the change that takes it out and what must notice. */
import type { Mutation } from "./mutation.ts";

const transitions = "lib/domain/transitions.ts";
const submit = "lib/lambda/submit.ts";

export const mutations: readonly Mutation[] = [
  {
    name: "drop the claim's condition",
    file: transitions,
    find: `    expect: [{ status: "pending" }, { status: "processing", attempt: "not-sent" }],
    set: { status: "processing", attempt: "open", ...claim },`,
    replace: `    expect: [{ status: "pending" }, { status: "processing" }],
    set: { status: "processing", attempt: "open", ...claim },`,
    caughtBy: { invariants: ["moved-at-most-once", "never-resent-where-forbidden"], near: 14 },
  },
  {
    name: "drop the hold's condition",
    file: "lib/store/memory-originals.ts",
    find: `      if (original.left.value < value) return { kind: "exceeds" };\n`,
    replace: "",
    caughtBy: { invariants: ["refunds-within-original", "holds-given-back-once"] },
  },
  {
    name: "drop the hold's condition in DynamoDB",
    file: "lib/store/dynamodb-originals.ts",
    find: `"remaining >= :amount AND currency = :currency AND attribute_not_exists(holds.#transaction)"`,
    replace: `"currency = :currency AND attribute_not_exists(holds.#transaction)"`,
    caughtBy: { test: "test/store/originals.test.ts", named: "of 50 holds" },
  },
  {
    name: "hold twice for one transaction",
    file: "lib/store/memory-originals.ts",
    find: `      if (held !== undefined) return held === 0 ? { kind: "given-back" } : { kind: "held" };\n`,
    replace: "",
    caughtBy: { invariants: ["holds-given-back-once", "holds-of-the-succeeded-stay"] },
  },
  {
    name: "re-send on timeout",
    file: submit,
    find: `  if (outcome.kind === "not-sent") {`,
    replace: `  if (outcome.kind === "unknown") Object.assign(outcome, { kind: "not-sent", reason: "unreachable" });
  if ((outcome.kind as string) === "not-sent" && outcome.kind === "not-sent") {`,
    caughtBy: { invariants: ["never-resent-where-forbidden", "moved-at-most-once"] },
  },
  {
    name: "fail on reset",
    file: submit,
    find: `  const recorded = await record(outcome, `,
    replace: `  const told = outcome.kind === "unknown" ? ({ kind: "declined", code: "provider_declined", message: "reset" } as const) : outcome;
  const recorded = await record(told, `,
    caughtBy: { invariants: ["failed-only-when-not-moved", "failed-never-moves-later"] },
  },
  {
    name: "give the attempt back when the step throws",
    file: submit,
    find: `  const recorded = await record(outcome, transaction, connection, movement, actor(), dependencies);`,
    replace: `  const recorded = await record(outcome, transaction, connection, movement, actor(), dependencies).catch(async () => {
    const thrown = { kind: "not-sent", reason: "unreachable", detail: "threw" } as const;
    return (await transactions.advance(transaction.id, recordNotSent(thrown, transaction.attempts, actor()))).transaction;
  });`,
    caughtBy: { invariants: ["never-resent-where-forbidden", "failed-only-when-not-moved"], near: 269 },
  },
  {
    name: "take an empty lookup for a proof",
    file: "lib/lambda/send-again.ts",
    find: `  if (!rejectsDuplicates || first === undefined) return false;`,
    replace: `  if (!rejectsDuplicates) return true;
  if (first === undefined) return false;`,
    caughtBy: { invariants: ["never-resent-where-forbidden", "moved-at-most-once"], near: 16 },
  },
  {
    name: "fail what a lookup does not find",
    file: "functions/look-up.ts",
    find: `unknown("lookup found nothing")`,
    replace: `({ kind: "declined", code: "provider_declined", message: "not found" } as const)`,
    caughtBy: { invariants: ["failed-only-when-not-moved", "failed-never-moves-later"], near: 16 },
  },
  {
    name: "send again without claiming again",
    file: transitions,
    find: `    expect: [{ status: "processing", attempt: "open", attempts }],
    set: { attemptId, nextActionAt },`,
    replace: `    expect: [{ status: "processing", attempt: "open" }],
    set: { attemptId, nextActionAt },`,
    caughtBy: { test: "test/domain/transitions.test.ts", named: "claimed again by one of two" },
  },
  {
    name: "fail by the word about an older attempt",
    file: transitions,
    find: `    expect: [{ status: "processing", attempt: "open", attempts }],
    set: {
      status: "failed",`,
    replace: `    expect: [{ status: "processing", attempt: "open" }],
    set: {
      status: "failed",`,
    caughtBy: {
      test: "test/domain/transitions.test.ts",
      named: "leaves the refusals of the one before it without effect",
    },
  },
  {
    name: "forget which attempt sent nothing",
    file: transitions,
    find: `    expect: [{ status: "processing", attempt: "open", attempts }],
    set: { attempt: "not-sent" },`,
    replace: `    expect: [{ status: "processing", attempt: "open" }],
    set: { attempt: "not-sent" },`,
    caughtBy: { test: "test/domain/transitions.test.ts", named: "is not freed by the news of an earlier one" },
  },
  {
    name: "fail while an attempt is open",
    file: transitions,
    find: `    expect: [{ status: "pending" }, { status: "processing", attempt: "not-sent" }],
    set: { status: "failed", failure: { code, message: failureMessages[code] } },`,
    replace: `    expect: [{ status: "pending" }, { status: "processing" }],
    set: { status: "failed", failure: { code, message: failureMessages[code] } },`,
    caughtBy: { test: "test/domain/transitions.test.ts", named: "only what has no open attempt" },
  },
  {
    name: "cancel while an attempt is open",
    file: "lib/domain/operator-transitions.ts",
    find: `    expect: [{ status: "pending" }, { status: "processing", attempt: "not-sent" }],
    set: { status: "canceled" },`,
    replace: `    expect: [{ status: "pending" }, { status: "processing" }],
    set: { status: "canceled" },`,
    caughtBy: { invariants: ["failed-only-when-not-moved", "failed-never-moves-later"], near: 32 },
  },
  {
    name: "take an acceptance for a settlement",
    file: "lib/lambda/record.ts",
    find: `  switch (outcome.kind) {
    case "settled":`,
    replace: `  switch (outcome.kind) {
    case "accepted":
      return end(succeed({ ...outcome, kind: "settled" }, actor));
    case "settled":`,
    caughtBy: { invariants: ["succeeded-only-when-moved", "succeeded-iff-moved"] },
  },
  {
    name: "adopt a row without comparing",
    file: "lib/providers/ipayout/mapping.ts",
    find: `  if (!isAmount(row.amount, row.currencycode, order)) {`,
    replace: `  if (row.amount === "") {`,
    caughtBy: { test: "test/providers/ipayout/mapping.test.ts", named: "amount" },
  },
  {
    name: "adopt one of two rows",
    file: "lib/providers/nexio/provider.ts",
    find: `  if (second) return`,
    replace: `  if (second === null) return`,
    caughtBy: { test: "test/providers/nexio/connector.test.ts", named: "used twice" },
  },
  {
    name: "skip the fingerprint",
    file: "lib/lambda/accept.ts",
    find: `  if (first.fingerprint !== print) throw reused();\n`,
    replace: "",
    caughtBy: { invariants: ["other-request-refused"] },
  },
  {
    name: "refuse without writing it down",
    file: "lib/lambda/accept.ts",
    find: `  const request = { ...wish.transaction, id, tenant, fingerprint: print };`,
    replace: `  if (refusal) throw new VisibleError(refusal.code, refusal.detail);
  const request = { ...wish.transaction, id, tenant, fingerprint: print };`,
    caughtBy: { test: "test/lambda/accept.test.ts", named: "stays refused" },
  },
  {
    name: "draw the transaction's id",
    file: "lib/domain/ids.ts",
    find: `derivedId("txn", tenant, operation, key)`,
    replace: `derivedId("txn", tenant, operation, key, String(Math.random()))`,
    caughtBy: { invariants: ["same-key-same-transaction", "moved-at-most-once"], near: 10 },
  },
  {
    name: "begin without a due time",
    file: "lib/domain/new-transaction.ts",
    find: `    nextActionAt: nextActionAt.toISOString(),\n`,
    replace: "",
    caughtBy: { invariants: ["nothing-in-doubt-without-due-time", "converges"] },
  },
  {
    name: "give back before the end is written down, and not after",
    file: "lib/lambda/finish.ts",
    find: `  let end = kind === "refund" && isReturned ? owing(id, transition, actor) : transition;`,
    replace: "  let end = transition;",
    caughtBy: { invariants: ["holds-of-the-failed-are-given-back"], near: 30 },
  },
  {
    name: "give back twice",
    file: "lib/store/memory-originals.ts",
    find: `      original.holds.set(transactionId, 0);
      if (held`,
    replace: "      if (held",
    caughtBy: {
      invariants: ["holds-of-the-failed-are-given-back", "holds-given-back-once", "refunds-within-original"],
      near: 30,
    },
  },
  {
    name: "fix the price of the rest twice",
    file: transitions,
    find: `    expect: [{ status: "pending", unpriced: true }],`,
    replace: `    expect: [{ status: "pending" }],`,
    caughtBy: { test: "test/domain/transitions.test.ts", named: "is fixed once" },
  },
  {
    name: "take no turns at an account",
    file: submit,
    find: `  if (exclusive !== undefined) await takeTurn(turnName(connection.id, exclusive), transaction, dependencies);\n`,
    replace: "",
    caughtBy: { test: "test/functions/refund.test.ts", named: "keeps its part and its turn" },
  },
  {
    name: "let a timer fail what could not be asked about",
    file: "lib/lambda/end-at-deadline.ts",
    find: `  await transactions.advance(id, askForReview({ tenant, detail, attempts }, actor));`,
    replace: `  const { decline } = await import("../domain/transitions.ts");
  const late = { kind: "declined", code: "provider_declined", message: detail } as const;
  await transactions.advance(
    id,
    attempt === "open" ? decline(late, attempts, actor) : askForReview({ tenant, detail, attempts }, actor),
  );`,
    caughtBy: { test: "test/functions/take-up.test.ts", named: "goes to an operator five minutes later" },
  },
  {
    name: "ask an operator about an attempt that nobody looked at",
    file: "lib/lambda/end-at-deadline.ts",
    find: "askForReview({ tenant, detail, attempts }, actor)",
    replace: "askForReview({ tenant, detail }, actor)",
    caughtBy: { test: "test/functions/take-up.test.ts", named: "is left to whoever sends it" },
  },
  {
    name: "never ask an operator",
    file: "functions/look-up.ts",
    find: `  if (at >= deadlineOf(transaction, deadlineHours)) {`,
    replace: "  if (deadlineHours < 0) {",
    caughtBy: { test: "test/functions/look-up.test.ts", named: "at the deadline" },
  },
  {
    name: "show a tenant what is another's",
    file: "functions/get-transaction.ts",
    find: `  if (transaction?.tenant !== call.tenant)`,
    replace: `  if (!transaction)`,
    caughtBy: { invariants: ["tenants-see-nothing"], near: 16 },
  },
  {
    name: "round each share up",
    file: "lib/domain/splits.ts",
    find: "whole / 2n) / whole",
    replace: "whole - 1n) / whole",
    caughtBy: { test: "test/domain/splits.test.ts", named: "half up at every" },
  },
  {
    name: "assign an accrual that has come back since",
    file: "lib/store/memory-accruals.ts",
    find: `if (present?.state === "waiting" && present.revision === revision) {`,
    replace: `if (present?.state === "waiting" && revision >= 0) {`,
    caughtBy: { test: "test/functions/cashback-crash.test.ts", named: "changes nothing that was paid" },
  },
  {
    name: "decide twice what a payout pays",
    file: "lib/store/memory-accruals.ts",
    find: `decision: present.decision ?? structuredClone(decision)`,
    replace: `decision: structuredClone(decision)`,
    caughtBy: { test: "test/functions/cashback-crash.test.ts", named: "changes nothing that was paid" },
  },
  {
    name: "cancel an accrual that a run has taken",
    file: "lib/store/memory-accruals.ts",
    find: `      if (present?.state !== seen.state || present.payout !== seen.payout || present.revision !== seen.revision)
        return false;`,
    replace: `      if (!present) return false;`,
    caughtBy: { test: "test/store/accruals.test.ts", named: "is canceled as it was read, or not at all" },
  },
  {
    name: "let accruals wait again whose payment may come",
    file: "lib/lambda/pay-out.ts",
    find: `    case "failed":
    case "canceled":
      return letWaitAgain(decided, dependencies);`,
    replace: `    case "failed":
    case "canceled":
    case "processing" as never:
      return letWaitAgain(decided, dependencies);`,
    caughtBy: {
      invariants: ["accruals-wait-again-only-unpaid", "accruals-are-paid-once", "closed-payouts-are-over"],
      near: 1621,
    },
  },
  {
    name: "leave the rows of a canceled batch unmade",
    file: "lib/lambda/batch-sweep.ts",
    find: `?? (await makeOver(of, dependencies));`,
    replace: `?? "reused";`,
    caughtBy: { invariants: ["batches-end-at-rest", "canceled-batches-stay-still"], near: 111 },
  },
  {
    name: "retry what may have moved",
    file: "lib/lambda/batch-retry.ts",
    find: `letter === "f" ? [row] : []`,
    replace: `letter === "f" || letter === "r" || letter === "n" ? [row] : []`,
    caughtBy: { invariants: ["retried-only-what-failed", "a-key-is-one-transaction"], near: 176 },
  },
  {
    name: "make a transaction under a key that was accrued",
    file: "lib/store/memory-store.ts",
    find: `      if (reserved.has(transaction.id)) return { created: false, transaction: undefined };\n`,
    replace: "",
    caughtBy: { invariants: ["a-key-is-one-transaction"] },
  },
  {
    name: "end a batch that somebody else works on",
    file: "lib/domain/batch-changes.ts",
    find: `    if (!isHeldBy(batch, by)) return undefined;
    const { leaseUntil: _mine, leaseBy: _by, dueAt: _due, ...rest } = batch;`,
    replace: "    const { leaseUntil: _mine, leaseBy: _by, dueAt: _due, ...rest } = batch;",
    caughtBy: { test: "test/functions/run-batches.test.ts", named: "is not ended by one who slept" },
  },
  {
    name: "forget a batch's end before it is told",
    file: "lib/lambda/batch-end.ts",
    find: `    const totals = await totalsOf(batch, dependencies);\n`,
    replace:
      "    await changeBatch(batch.id, told(untold), dependencies.batches);\n    const totals = await totalsOf(batch, dependencies);\n",
    caughtBy: { invariants: ["ends-of-batches-are-told"], near: 316 },
  },
  {
    name: "believe a webhook that nobody signed",
    file: "lib/providers/nexio/webhook.ts",
    find: "if (!isSameSignature(signature.code, expected)) return",
    replace: 'if (signature.code === "") return',
    caughtBy: { test: "test/providers/nexio/webhook.test.ts", named: "is refused with another key" },
  },
];

/** @throws Error for a name that the list does not have */
export function mutationNamed(name: string): Mutation {
  const mutation = mutations.find((one) => one.name === name);
  if (!mutation) throw new Error(`there is no mutation "${name}"`);
  return mutation;
}
