/** Records what the provider said of an order: the same whether its answer or a lookup told. */
import { followUpAt, followUpsOf, isOverdue } from "../domain/due-times.ts";
import type { Recorded } from "../domain/outcome.ts";
import { isPriced, type Transaction } from "../domain/transaction.ts";
import type { Actor, Transition } from "../domain/transition.ts";
import { cancelAtProvider, decline, note, succeed } from "../domain/transitions.ts";
import type { ConfiguredConnection } from "../providers/connections.ts";
import { type OriginalStore, originalId } from "../store/originals.ts";
import { type FinishDependencies, finish } from "./finish.ts";
import type { Movement } from "./movement.ts";

export interface RecordDependencies extends FinishDependencies {
  readonly originals: Pick<OriginalStore, "learn" | "release">;
}

/** Tries to note news while another execution notes its own. */
const noteTriesMax = 5;

/** The transaction as it stands after it: another execution may have been first, or have claimed another attempt. */
export async function record(
  outcome: Recorded,
  transaction: Transaction,
  connection: ConfiguredConnection,
  { exclusive }: Pick<Movement, "exclusive">,
  actor: Actor,
  dependencies: RecordDependencies,
): Promise<Transaction | undefined> {
  const end = async (transition: Transition) =>
    (await finish(transaction, transition, exclusive, actor, dependencies)).transaction;
  switch (outcome.kind) {
    case "settled":
      await rememberAsOriginal(transaction, outcome.providerTransactionId, connection, dependencies);
      return end(succeed(outcome, actor));
    case "declined":
      return end(decline(outcome, transaction.attempts, actor));
    case "canceled":
      return end(cancelAtProvider(outcome, transaction.attempts, actor));
    case "accepted":
    case "unknown": {
      let current: Transaction | undefined = transaction;
      for (let tries = 0; current?.attempt === "open" && tries < noteTriesMax; tries++) {
        const { advanced, transaction: seen } = await dependencies.transactions.advance(
          current.id,
          note(current, outcome, actor, nextLookOf(current, actor.at)),
        );
        current = seen;
        if (advanced) break;
      }
      return current;
    }
  }
}

/** One that is overdue was looked at just now, whoever asked: the next look is another interval away. */
function nextLookOf(transaction: Transaction, now: Date): string | undefined {
  return isOverdue(transaction, now) ? followUpAt(now, followUpsOf(transaction)) : undefined;
}

/**
 * What we moved ourselves can be refunded through the same connection, by its id here or at the provider: our own figure
 * counts before the word of whoever asks for the refund.
 */
export async function rememberAsOriginal(
  transaction: Transaction,
  providerTransactionId: string | undefined,
  { id, connector }: ConfiguredConnection,
  { originals }: Pick<RecordDependencies, "originals">,
): Promise<void> {
  const known = providerTransactionId ?? transaction.providerTransactionId;
  if (!connector.refund || transaction.kind === "refund" || known === undefined || !isPriced(transaction)) return;
  await originals.learn(originalId(id, known), { ...transaction.amount, source: "own" });
}
