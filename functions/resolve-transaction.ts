/** `POST /v1/transactions/{id}/resolve`: an operator says how a transaction ended that the provider cannot tell about. */
import * as z from "zod/mini";
import { VisibleError } from "../lib/domain/errors.ts";
import { attemptsPerhapsSent } from "../lib/domain/log-entry.ts";
import { type Resolution, resolve } from "../lib/domain/operator-transitions.ts";
import { isPriced, type Transaction } from "../lib/domain/transaction.ts";
import type { Actor } from "../lib/domain/transition.ts";
import { type ConnectionBook, connectionBook } from "../lib/lambda/connection-book.ts";
import { clock, nameStore, originalStore, transactionStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { finish } from "../lib/lambda/finish.ts";
import { invalid } from "../lib/lambda/input.ts";
import { movementOf } from "../lib/lambda/movement.ts";
import { presentTransaction } from "../lib/lambda/present.ts";
import { type RecordDependencies, rememberAsOriginal } from "../lib/lambda/record.ts";
import type { ConfiguredConnection } from "../lib/providers/connections.ts";
import type { TransactionStore } from "../lib/store/port.ts";

const text = (message: string) =>
  z.string(message).check(
    z.refine((given) => given.trim().length > 0, message),
    z.maxLength(200, "must have at most 200 characters"),
  );

export const ResolveTransaction = z.strictObject({
  id: z.string(),
  outcome: z.enum(["succeeded", "failed"], 'must be "succeeded" (the money moved) or "failed" (it did not)'),
  reason: text("is required: how you know, in your words"),
  providerTransactionId: z.exactOptional(text("must be the provider's id of the movement")),
});
export type ResolveTransaction = z.infer<typeof ResolveTransaction>;

export interface Dependencies extends RecordDependencies {
  readonly transactions: Pick<TransactionStore, "get" | "advance">;
  readonly connections: ConnectionBook;
  readonly now: () => Date;
}

/** Resolving twice alike is resolving once: the second call is answered with the resolved transaction. */
export async function run(input: ResolveTransaction, dependencies: Dependencies, call: Call): Promise<Answer> {
  const { id, ...resolution } = input;
  if (resolution.outcome === "failed" && resolution.providerTransactionId !== undefined) {
    const message = 'must not be given with "failed": what did not move has no movement';
    throw invalid([{ path: "providerTransactionId", message }]);
  }
  const transaction = await dependencies.transactions.get(id, "consistent");
  if (transaction?.tenant !== call.tenant) throw new VisibleError("not_found", `There is no transaction "${id}".`);
  const connection = await dependencies.connections.get(transaction.connection);
  if (isResolvedAlike(transaction, resolution)) return remembered(transaction, connection, dependencies);
  if (transaction.status !== "needs_review") throw notResolvable(`It is ${transaction.status}, not needs_review.`);
  if (resolution.outcome === "succeeded" && attemptsPerhapsSent(transaction) === 0) {
    throw notResolvable("Nothing of it was ever sent, so it cannot have succeeded.");
  }

  const actor: Actor = { by: `key:${call.keyId}`, at: dependencies.now() };
  const exclusive = connection && turnOf(transaction, connection);
  const end = resolve(resolution, actor);
  const { advanced, transaction: current } = await finish(transaction, end, exclusive, actor, dependencies);
  if (current && (advanced || isResolvedAlike(current, resolution))) {
    return remembered(current, connection, dependencies);
  }
  if (current?.status !== "needs_review") throw notResolvable(`It is ${current?.status ?? "gone"} by now.`);
  throw notResolvable(`The movement ${resolution.providerTransactionId} is the outcome of another transaction.`);
}

/** A repeat keeps the figure, too: the process may have died between the operator's word and that. */
async function remembered(
  transaction: Transaction,
  connection: ConfiguredConnection | undefined,
  dependencies: Dependencies,
): Promise<Answer> {
  if (connection && transaction.status === "succeeded") {
    await rememberAsOriginal(transaction, transaction.providerTransactionId, connection, dependencies);
  }
  return answer(transaction);
}

function turnOf(transaction: Transaction, connection: ConfiguredConnection): string | undefined {
  // A connection that moves this kind no more has no turns of it; whoever waits for this one finds it over.
  const isMoved = connection.connector[transaction.kind] !== undefined && isPriced(transaction);
  return isMoved ? movementOf(connection, transaction).exclusive : undefined;
}

/** Whether an operator, or this call whose first answer was lost, has said the same before. */
function isResolvedAlike(transaction: Transaction, { outcome, reason, providerTransactionId }: Resolution): boolean {
  const { status, resolution, providerTransactionId: known } = transaction;
  const isSameMovement = providerTransactionId === undefined || providerTransactionId === known;
  return status === outcome && resolution?.reason === reason && isSameMovement;
}

function notResolvable(why: string): VisibleError {
  return new VisibleError("not_resolvable", `This transaction cannot be resolved. ${why}`);
}

function answer(transaction: Transaction): Answer {
  return { status: 200, body: presentTransaction(transaction), transactionId: transaction.id };
}

export const handler = endpointHandler(
  { scope: "transactions:resolve", mutates: true, from: "path and body", input: ResolveTransaction, run },
  (): Dependencies => ({
    transactions: transactionStore(),
    originals: originalStore(),
    names: nameStore(),
    connections: connectionBook(),
    now: clock.now,
  }),
);
