/** Claims the attempt and makes the one call that moves the money: what the three money-moving tasks do. */

import { flowGraceMs } from "../domain/due-times.ts";
import { wait } from "../domain/due-transitions.ts";
import { NotSentError } from "../domain/errors.ts";
import { unknown } from "../domain/outcome.ts";
import { isFinal, type Transaction } from "../domain/transaction.ts";
import type { Actor } from "../domain/transition.ts";
import { claimAgain, claimAttempt, failUnsent, recordNotSent } from "../domain/transitions.ts";
import { lookupWaitsSeconds, type Submission } from "../flow/starter.ts";
import type { ConfiguredConnection } from "../providers/connections.ts";
import { turnName } from "../store/originals.ts";
import type { SessionStore, TransactionStore } from "../store/port.ts";
import type { ConnectionBook } from "./connection-book.ts";
import { finish } from "./finish.ts";
import { movementOf } from "./movement.ts";
import { openConnection, rejectSession } from "./open-connection.ts";
import { type RecordDependencies, record } from "./record.ts";
import type { TaskInput, TaskTime } from "./task.ts";

export interface SubmitDependencies extends RecordDependencies {
  readonly connections: ConnectionBook;
  readonly sessions: Pick<SessionStore, "get">;
  readonly transactions: Pick<TransactionStore, "get" | "advance">;
  readonly now: () => Date;
  /** Draws a name for an attempt. */
  readonly newId: () => string;
}

/** What recording the outcome takes at most. A call that ends later than the Lambda lives would be in doubt for nothing. */
const recordingMs = 3_000;

/**
 * Everything that can go wrong without a trace comes before the claim; between the claim and the call there is nothing.
 *
 *   connection, session, turn, snapshot ── claim attempt ── call the provider ── record the outcome
 *                                          │                │                    └ dies: the attempt is open, the lookup records it
 *                                          │                └ dies: the attempt is open, so nobody calls again; the lookup tells
 *                                          └ refused: another execution has it, or it is over
 *
 * Where a lookup found nothing and the provider rejects duplicates, the same way is gone once more, by `submission.sendAgainAfter`.
 * What the attempt before came to stays in doubt then, whatever becomes of this one.
 *
 * @throws NotSentError, SessionRejectedError only where it is certain, and recorded, that nothing was sent by this attempt
 */
export async function submit(
  input: TaskInput,
  dependencies: SubmitDependencies,
  { remainingMs }: TaskTime = unlimited,
): Promise<Submission> {
  const { transactions, now, newId } = dependencies;
  const actor = (): Actor => ({ by: "flow", at: now() });
  const { sendAgainAfter, lookups = 0 } = input.submission ?? {};
  const isAgain = sendAgainAfter !== undefined;
  const { connection, session } = await openConnection(input, dependencies);
  const calls = connection.connector[input.kind];
  if (!calls) throw new Error(`the connection ${input.connection} moves no ${input.kind}`);

  // Most providers need neither a turn nor a snapshot, and then nothing is read before the claim.
  let snapshot: string | undefined;
  if (!isAgain && (calls.exclusive || calls.prepare)) {
    const found = await transactions.get(input.transactionId, "consistent");
    if (!found || !canBeSent(found)) return claimedElsewhere(found);
    const prepared = await prepare(connection, found, session?.token, dependencies);
    if (prepared.kind === "over") return over("declined");
    if (prepared.kind === "session-rejected") return rejectSession(session, dependencies.connections);
    snapshot = prepared.snapshot;
  }
  // Whatever must be waited for is waited for now: a claim without its call would leave a doubt for nothing.
  const reservation = await connection.reserve?.();
  const isLate = remainingMs() < connection.config.timeoutMs + recordingMs;
  const release = () => reservation?.kind === "reserved" && reservation.release();
  if (isLate || reservation?.kind === "refused") {
    release();
    // A flow has its number of lookups: it does not go round between a lookup and a refusal until its time is over.
    if (isAgain) return lookups < lookupWaitsSeconds.length ? lookUpSoon("unknown", lookups) : over("unknown");
    throw new NotSentError(reservation?.kind === "refused" ? reservation.detail : "too little time is left");
  }

  const attemptId = newId();
  const claim = await transactions.advance(
    input.transactionId,
    isAgain
      ? claimAgain(actor(), { attempts: sendAgainAfter, attemptId, nextActionAt: afterFlow(now()) })
      : claimAttempt(actor(), { id: input.transactionId, attemptId, ...(snapshot !== undefined && { snapshot }) }),
  );
  // Refused by our own claim, whose answer was lost on the way: it is ours all the same.
  const isOurs = claim.advanced || (claim.transaction?.attempt === "open" && claim.transaction.attemptId === attemptId);
  if (!isOurs || !claim.transaction) {
    release();
    return claimedElsewhere(claim.transaction, lookups);
  }

  const transaction = claim.transaction;
  const movement = movementOf(connection, transaction);
  const outcome = await movement.submit(session?.token);
  if (outcome.kind === "not-sent") {
    const { id, attempts, log } = transaction;
    if (isAgain) {
      const detail = unknown(`not sent again, ${outcome.reason}: ${outcome.detail}`);
      await record(detail, transaction, connection, movement, actor(), dependencies);
    } else await transactions.advance(id, recordNotSent(outcome, attempts, actor(), log));
    if (outcome.reason === "session-rejected") return rejectSession(session, dependencies.connections);
    if (isAgain) return lookUpSoon("unknown", lookups);
    throw new NotSentError(outcome.reason);
  }
  const recorded = await record(outcome, transaction, connection, movement, actor(), dependencies);
  const isOpen = recorded?.status === "processing";
  return isOpen ? lookUpSoon(outcome.kind === "accepted" ? "accepted" : "unknown", lookups) : over(outcome.kind);
}

function afterFlow(now: Date): string {
  return new Date(now.getTime() + flowGraceMs).toISOString();
}

const unlimited: TaskTime = { remainingMs: () => Number.POSITIVE_INFINITY };

function canBeSent({ status, attempt }: Transaction): boolean {
  return status === "pending" || (status === "processing" && attempt === "not-sent");
}

/** Takes the turn at the account, and notes what the lookup will compare with. Nothing is sent in here. */
async function prepare(
  connection: ConfiguredConnection,
  transaction: Transaction,
  token: string | undefined,
  dependencies: SubmitDependencies,
): Promise<{ kind: "ready"; snapshot?: string } | { kind: "session-rejected" } | { kind: "over" }> {
  const { exclusive, prepare: note } = movementOf(connection, transaction);
  if (exclusive !== undefined) await takeTurn(turnName(connection.id, exclusive), transaction, dependencies);
  if (!note) return { kind: "ready" };
  const noted = await note(token);
  switch (noted.kind) {
    case "read":
      return { kind: "ready", snapshot: noted.value };
    case "session-rejected":
      return { kind: "session-rejected" };
    case "unavailable":
      throw new NotSentError("what was there before cannot be read");
    case "refused": {
      const actor: Actor = { by: "flow", at: dependencies.now() };
      await finish(transaction, failUnsent(noted.code, actor), exclusive, actor, dependencies);
      return { kind: "over" };
    }
  }
}

/** A turn whose holder is over was never passed on, because the process died: it is taken over. */
async function takeTurn(
  name: string,
  transaction: Transaction,
  { names, transactions, now }: SubmitDependencies,
): Promise<void> {
  const { id } = transaction;
  const first = await names.take(name, id);
  if (first.taken) return;
  const holder = await transactions.get(first.holder, "consistent");
  if (!holder || isFinal(holder.status)) {
    await names.pass(name, first.holder);
    if ((await names.take(name, id)).taken) return;
  }
  await transactions.advance(id, wait(transaction, first.holder, { by: "flow", at: now() }));
  throw new NotSentError("another order of this account is in flight");
}

/** Somebody else has the attempt: what came of it is for the lookup to find. */
function claimedElsewhere(transaction: Transaction | undefined, lookups = 0): Submission {
  if (!transaction || isFinal(transaction.status) || transaction.status === "needs_review") return over("unknown");
  return lookUpSoon("unknown", lookups);
}

function over(outcome: Submission["outcome"]): Submission {
  return { outcome, over: true, lookups: 0, waitSeconds: 0 };
}

function lookUpSoon(outcome: Submission["outcome"], lookups = 0): Submission {
  return { outcome, over: false, lookups, waitSeconds: lookupWaitsSeconds[0] };
}
