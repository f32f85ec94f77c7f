/** Ends a transaction, and gives back what it held: a part of the original, the turn at an account. */

import { gaveBack, owing } from "../domain/due-transitions.ts";
import { askForReview } from "../domain/operator-transitions.ts";
import { isFinal, type Transaction } from "../domain/transaction.ts";
import type { Actor, Transition } from "../domain/transition.ts";
import { movementName, type NameStore, type OriginalStore, originalId, turnName } from "../store/originals.ts";
import type { TransactionStore } from "../store/port.ts";

export interface FinishDependencies {
  readonly transactions: Pick<TransactionStore, "advance">;
  readonly originals: Pick<OriginalStore, "release">;
  readonly names: NameStore;
}

/** What is known of a transaction that comes to its end. */
export type Ending = Pick<Transaction, "id" | "tenant" | "connection" | "kind">;

/**
 * Carries out a transition. Where it ends a transaction that holds a part of an original, the end is recorded first, as
 * owing, and the part is given back after it: the other way round, an execution that still runs could send what is no
 * longer held.
 *
 *   end, owing ── release ── gave back
 *              │          └ dies: still due, released again (once counts), then done
 *              └ dies: still due, released by follow-up
 *
 * `exclusive` names the turn that the transaction had. A turn that is not passed on, because the process died, is taken
 * over by the next one: see submit.ts.
 */
export async function finish(
  transaction: Ending,
  transition: Transition,
  exclusive: string | undefined,
  actor: Actor,
  dependencies: FinishDependencies,
): Promise<Awaited<ReturnType<TransactionStore["advance"]>>> {
  const { transactions, names } = dependencies;
  const { id, tenant, connection, kind } = transaction;
  const { status, providerTransactionId } = transition.set;
  const isReturned = status === "failed" || status === "canceled";
  let end = kind === "refund" && isReturned ? owing(id, transition, actor) : transition;

  // A movement found without a reference of ours is believed by one transaction only.
  if (exclusive !== undefined && status === "succeeded" && providerTransactionId !== undefined) {
    const claim = await names.take(movementName(connection, providerTransactionId), id);
    const detail = `movement ${providerTransactionId} is another transaction's: ${claim.taken ? "" : claim.holder}`;
    if (!claim.taken) end = askForReview({ tenant, detail }, actor);
  }

  const result = await transactions.advance(id, end);
  // Ended by somebody else without moving, it has no movement: this one may be another transaction's. Before its end it
  // keeps the name, since somebody else may be about to end it with this movement.
  const isReturnedElsewhere = result.transaction?.status === "failed" || result.transaction?.status === "canceled";
  if (!result.advanced && isReturnedElsewhere && exclusive !== undefined && providerTransactionId !== undefined) {
    await names.pass(movementName(connection, providerTransactionId), id);
  }
  // What an operator must look at keeps its turn: what became of it is open, and the next one could be taken for it.
  if (result.advanced && exclusive !== undefined && isFinal(result.transaction.status)) {
    await names.pass(turnName(connection, exclusive), id);
  }
  if (result.advanced) await giveBack(result.transaction, actor, dependencies);
  return result;
}

/** Gives back what an ended transaction owes. May be repeated: it is given back once. */
export async function giveBack(
  transaction: Transaction,
  actor: Actor,
  { transactions, originals }: Pick<FinishDependencies, "transactions" | "originals">,
): Promise<void> {
  const { id, status, connection, original, providerOriginal } = transaction;
  if (!transaction.owed || (status !== "failed" && status !== "canceled")) return;
  await originals.release(originalId(connection, providerOriginal ?? original ?? ""), id);
  await transactions.advance(id, gaveBack(status, actor));
}
