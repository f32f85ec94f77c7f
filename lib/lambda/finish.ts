/** Ends a transaction, and gives back what it held: a part of the original, the turn at an account. */
import type { Transaction } from "../domain/transaction.ts";
import { type Actor, gaveBack, owing, type Transition } from "../domain/transitions.ts";
import { type OriginalStore, originalId, type TurnStore, turnId } from "../store/originals.ts";
import type { TransactionStore } from "../store/port.ts";

export interface FinishDependencies {
  readonly transactions: Pick<TransactionStore, "advance">;
  readonly originals: Pick<OriginalStore, "release">;
  readonly turns: Pick<TurnStore, "pass">;
}

/**
 * Carries out a transition. Where it ends a transaction that holds something, the end is recorded first, as owing, and what
 * was held is given back after it: the other way round, an execution that still runs could send what is no longer held.
 *
 *   end, owing ── release ── gave back
 *              │          └ dies: still due, released again (once counts), then done
 *              └ dies: still due, released by follow-up
 */
export async function finish(
  transaction: Pick<Transaction, "id" | "kind">,
  transition: Transition,
  isExclusive: boolean,
  actor: Actor,
  dependencies: FinishDependencies,
): Promise<Awaited<ReturnType<TransactionStore["advance"]>>> {
  const ends = transition.set.status;
  const isReturned = ends === "failed" || ends === "canceled";
  const owes = transaction.kind === "refund" && (isReturned || (isExclusive && ends === "succeeded"));
  const result = await dependencies.transactions.advance(transaction.id, owes ? owing(transition, actor) : transition);
  if (result.advanced && owes) await giveBack(result.transaction, actor, dependencies);
  return result;
}

/** Gives back what an ended transaction owes. May be repeated: each part is given back once. */
export async function giveBack(
  transaction: Transaction,
  actor: Actor,
  { transactions, originals, turns }: FinishDependencies,
): Promise<void> {
  const { id, status, connection, original, providerOriginal, account } = transaction;
  if (!transaction.owed || (status !== "succeeded" && status !== "failed" && status !== "canceled")) return;
  if (status !== "succeeded") await originals.release(originalId(connection, providerOriginal ?? original ?? ""), id);
  if (account) await turns.pass(turnId(connection, account), id);
  await transactions.advance(id, gaveBack(status, actor));
}
