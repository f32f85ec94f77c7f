/** Task `Spendback`: claims the attempt and makes the one call that moves the money. */
import { NotSentError } from "../lib/domain/errors.ts";
import { isFinal, type Transaction } from "../lib/domain/transaction.ts";
import {
  type Actor,
  cancelAtProvider,
  claimAttempt,
  decline,
  note,
  recordNotSent,
  succeed,
} from "../lib/domain/transitions.ts";
import { lookupWaitsSeconds, type Submission } from "../lib/flow/starter.ts";
import { type ConnectionBook, connectionBook } from "../lib/lambda/connection-book.ts";
import { clock, sessionStore, transactionStore } from "../lib/lambda/dependencies.ts";
import { openConnection, rejectSession, spendbackCallsOf, spendbackOrderOf } from "../lib/lambda/order.ts";
import { type TaskInput, taskHandler } from "../lib/lambda/task.ts";
import { httpClient } from "../lib/providers/http.ts";
import type { SessionStore, TransactionStore } from "../lib/store/port.ts";

export interface Dependencies {
  readonly connections: ConnectionBook;
  readonly sessions: Pick<SessionStore, "get">;
  readonly transactions: Pick<TransactionStore, "advance">;
  readonly now: () => Date;
}

/**
 * Everything that can go wrong without a trace comes before the claim; between the claim and the call there is nothing.
 *
 *   connection, session ── claim attempt ── call the provider ── record the outcome
 *                          │                │                    └ dies: the attempt is open, the lookup records it
 *                          │                └ dies: the attempt is open, so nobody calls again; the lookup tells
 *                          └ refused: another execution has it, or it is over
 *
 * @throws NotSentError, SessionRejectedError only after it is recorded that nothing was sent
 */
export async function run(input: TaskInput, dependencies: Dependencies): Promise<Submission> {
  const { transactions } = dependencies;
  const { connection, session } = await openConnection(input.connection, dependencies);
  const calls = spendbackCallsOf(connection);
  const actor = (): Actor => ({ by: "flow", at: dependencies.now() });

  const claim = await transactions.advance(input.transactionId, claimAttempt(actor()));
  if (!claim.advanced) return claimedElsewhere(claim.transaction);

  const { id, attempts } = claim.transaction;
  const outcome = await calls.submit(spendbackOrderOf(claim.transaction), session?.token);
  switch (outcome.kind) {
    case "settled":
      await transactions.advance(id, succeed(outcome, actor()));
      return over("settled");
    case "declined":
      await transactions.advance(id, decline(outcome, actor()));
      return over("declined");
    case "canceled":
      await transactions.advance(id, cancelAtProvider(outcome, actor()));
      return over("canceled");
    case "accepted":
    case "unknown":
      await transactions.advance(id, note(claim.transaction, outcome, actor()));
      return lookUpSoon(outcome.kind);
    case "not-sent":
      await transactions.advance(id, recordNotSent(outcome, attempts, actor()));
      if (outcome.reason === "session-rejected") return rejectSession(session);
      throw new NotSentError(outcome.reason);
  }
}

/** Somebody else has the attempt: what came of it is for the lookup to find. */
function claimedElsewhere(transaction: Transaction | undefined): Submission {
  if (!transaction || isFinal(transaction.status) || transaction.status === "needs_review") return over("unknown");
  return lookUpSoon("unknown");
}

function over(outcome: Submission["outcome"]): Submission {
  return { outcome, over: true, lookups: 0, waitSeconds: 0 };
}

function lookUpSoon(outcome: Submission["outcome"]): Submission {
  return { outcome, over: false, lookups: 0, waitSeconds: lookupWaitsSeconds[0] };
}

export const handler = taskHandler({ run }, () => ({
  connections: connectionBook(httpClient),
  sessions: sessionStore(),
  transactions: transactionStore(),
  now: clock.now,
}));
