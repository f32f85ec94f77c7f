/** Records what the provider said of an order: the same whether its answer or a lookup told. */
import type { Recorded } from "../domain/outcome.ts";
import { isPriced, type Transaction } from "../domain/transaction.ts";
import type { Actor } from "../domain/transition.ts";
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

export async function record(
  outcome: Recorded,
  transaction: Transaction,
  connection: ConfiguredConnection,
  { exclusive }: Pick<Movement, "exclusive">,
  actor: Actor,
  dependencies: RecordDependencies,
): Promise<void> {
  switch (outcome.kind) {
    case "settled":
      await rememberAsOriginal(transaction, outcome.providerTransactionId, connection, dependencies);
      await finish(transaction, succeed(outcome, actor), exclusive, actor, dependencies);
      return;
    case "declined":
      await finish(transaction, decline(outcome, actor), exclusive, actor, dependencies);
      return;
    case "canceled":
      await finish(transaction, cancelAtProvider(outcome, actor), exclusive, actor, dependencies);
      return;
    case "accepted":
    case "unknown": {
      let current: Transaction | undefined = transaction;
      for (let tries = 0; current?.attempt === "open" && tries < noteTriesMax; tries++) {
        const noted = await dependencies.transactions.advance(current.id, note(current, outcome, actor));
        if (noted.advanced) return;
        current = noted.transaction;
      }
    }
  }
}

/**
 * What we moved ourselves can be refunded through the same connection, by its id here or at the provider: our own figure
 * counts before the word of whoever asks for the refund.
 */
async function rememberAsOriginal(
  transaction: Transaction,
  providerTransactionId: string | undefined,
  { id, connector }: ConfiguredConnection,
  { originals }: RecordDependencies,
): Promise<void> {
  const known = providerTransactionId ?? transaction.providerTransactionId;
  if (!connector.refund || transaction.kind === "refund" || known === undefined || !isPriced(transaction)) return;
  await originals.learn(originalId(id, known), { ...transaction.amount, source: "own" });
}
