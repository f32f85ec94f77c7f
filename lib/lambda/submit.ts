/** Claims the attempt and makes the one call that moves the money: what the three money-moving tasks do. */
import { NotSentError } from "../domain/errors.ts";
import { isFinal, type Transaction } from "../domain/transaction.ts";
import {
  type Actor,
  cancelAtProvider,
  claimAttempt,
  decline,
  note,
  recordNotSent,
  succeed,
  type Transition,
} from "../domain/transitions.ts";
import { lookupWaitsSeconds, type Submission } from "../flow/starter.ts";
import { type TurnStore, turnId } from "../store/originals.ts";
import type { SessionStore, TransactionStore } from "../store/port.ts";
import type { ConnectionBook } from "./connection-book.ts";
import { type FinishDependencies, finish } from "./finish.ts";
import { type Movement, movementOf } from "./movement.ts";
import { openConnection, rejectSession } from "./open-connection.ts";
import type { TaskInput } from "./task.ts";

export interface SubmitDependencies extends FinishDependencies {
  readonly connections: ConnectionBook;
  readonly sessions: Pick<SessionStore, "get">;
  readonly transactions: Pick<TransactionStore, "get" | "advance">;
  readonly turns: TurnStore;
  readonly now: () => Date;
}

/**
 * Everything that can go wrong without a trace comes before the claim; between the claim and the call there is nothing.
 *
 *   connection, session, turn, snapshot ── claim attempt ── call the provider ── record the outcome
 *                                          │                │                    └ dies: the attempt is open, the lookup records it
 *                                          │                └ dies: the attempt is open, so nobody calls again; the lookup tells
 *                                          └ refused: another execution has it, or it is over
 *
 * @throws NotSentError, SessionRejectedError only where it is certain, and recorded, that nothing was sent
 */
export async function submit(input: TaskInput, dependencies: SubmitDependencies): Promise<Submission> {
  const { transactions, now } = dependencies;
  const actor = (): Actor => ({ by: "flow", at: now() });
  const { connection, session } = await openConnection(input.connection, dependencies);
  const calls = connection.connector[input.kind];
  if (!calls) throw new Error(`the connection ${input.connection} moves no ${input.kind}`);

  // Most providers need neither a turn nor a snapshot, and then nothing is read before the claim.
  let snapshot: string | undefined;
  if (calls.exclusive || calls.prepare) {
    const found = await transactions.get(input.transactionId, "consistent");
    if (!found || !canBeSent(found)) return claimedElsewhere(found);
    const prepared = await prepare(movementOf(connection, found), found, session?.token, dependencies);
    if (prepared.kind === "session-rejected") return rejectSession(session);
    snapshot = prepared.value;
  }

  const claim = await transactions.advance(input.transactionId, claimAttempt(actor(), snapshot));
  if (!claim.advanced) return givenUp(claim.transaction, calls.exclusive !== undefined, dependencies);

  const { id, attempts } = claim.transaction;
  const movement = movementOf(connection, claim.transaction);
  const outcome = await movement.submit(session?.token);
  const end = (transition: Transition) =>
    finish(claim.transaction, transition, movement.isExclusive, actor(), dependencies);
  switch (outcome.kind) {
    case "settled":
      await end(succeed(outcome, actor()));
      return over("settled");
    case "declined":
      await end(decline(outcome, actor()));
      return over("declined");
    case "canceled":
      await end(cancelAtProvider(outcome, actor()));
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

function canBeSent({ status, attempt }: Transaction): boolean {
  return status === "pending" || (status === "processing" && attempt === "not-sent");
}

/** Takes the turn at the account, and notes what the lookup will compare with. Nothing is sent in here. */
async function prepare(
  movement: Movement,
  { id, connection, account = {} }: Transaction,
  token: string | undefined,
  { turns }: SubmitDependencies,
): Promise<{ kind: "ready"; value?: string } | { kind: "session-rejected" }> {
  if (movement.isExclusive && !(await turns.take(turnId(connection, account), id))) {
    throw new NotSentError("another refund of this account is in flight");
  }
  if (!movement.prepare) return { kind: "ready" };
  const note = await movement.prepare(token);
  switch (note.kind) {
    case "read":
      return { kind: "ready", value: note.value };
    case "session-rejected":
      return { kind: "session-rejected" };
    case "refused":
    case "unavailable":
      throw new NotSentError("what was there before cannot be read");
  }
}

/** The claim was refused. A turn that was taken for a transaction that is over by now must not stay taken. */
async function givenUp(
  transaction: Transaction | undefined,
  isExclusive: boolean,
  { turns }: SubmitDependencies,
): Promise<Submission> {
  if (isExclusive && transaction && isFinal(transaction.status)) {
    await turns.pass(turnId(transaction.connection, transaction.account ?? {}), transaction.id);
  }
  return claimedElsewhere(transaction);
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
