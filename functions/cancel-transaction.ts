/** `POST /v1/transactions/{id}/cancel`: takes back what has not been sent, or what the provider can still take back. */

import * as z from "zod/mini";
import { VisibleError } from "../lib/domain/errors.ts";
import { attemptsPerhapsSent } from "../lib/domain/log-entry.ts";
import { cancelUnsent } from "../lib/domain/operator-transitions.ts";
import { isPriced, type Transaction } from "../lib/domain/transaction.ts";
import type { Actor } from "../lib/domain/transition.ts";
import { cancelAtProvider } from "../lib/domain/transitions.ts";
import { type ConnectionBook, callingConnections } from "../lib/lambda/connection-book.ts";
import { clock, nameStore, originalStore, sessionStore, transactionStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { type FinishDependencies, finish } from "../lib/lambda/finish.ts";
import { httpWhenCalled } from "../lib/lambda/http-when-called.ts";
import { movementOf } from "../lib/lambda/movement.ts";
import { presentTransaction } from "../lib/lambda/present.ts";
import { unlistedForMs } from "../lib/lambda/send-again.ts";
import type { SessionStore, TransactionStore } from "../lib/store/port.ts";

export const CancelTransaction = z.strictObject({ id: z.string() });
export type CancelTransaction = z.infer<typeof CancelTransaction>;

export interface Dependencies extends FinishDependencies {
  readonly transactions: Pick<TransactionStore, "get" | "advance">;
  readonly connections: ConnectionBook;
  readonly sessions: Pick<SessionStore, "get">;
  readonly now: () => Date;
}

/** Canceling twice is canceling once: the second call is answered with the canceled transaction. */
export async function run({ id }: CancelTransaction, dependencies: Dependencies, call: Call): Promise<Answer> {
  const { transactions, now } = dependencies;
  const transaction = await transactions.get(id, "consistent");
  if (transaction?.tenant !== call.tenant) throw new VisibleError("not_found", `There is no transaction "${id}".`);
  if (transaction.status === "canceled") return answer(transaction);
  const actor = { by: `key:${call.keyId}`, at: now() };

  const unsent = await finish(transaction, cancelUnsent(actor), undefined, actor, dependencies);
  if (unsent.advanced) return answer(unsent.transaction);
  const current = unsent.transaction ?? transaction;
  if (current.status !== "processing") throw notCancelable(`It is ${current.status}.`);
  return answer(await cancelThere(current, actor, dependencies));
}

/** @throws VisibleError not_cancelable, provider_unavailable */
async function cancelThere(transaction: Transaction, actor: Actor, dependencies: Dependencies): Promise<Transaction> {
  const connection = await dependencies.connections.get(transaction.connection);
  const movement = connection && isPriced(transaction) ? movementOf(connection, transaction) : undefined;
  if (!connection || !movement?.cancel) throw notCancelable("It was sent, and the provider takes nothing back.");
  // Sent twice, one of its rows may be taken back while the other is on its way.
  const isOnItsWay = unlistedForMs(transaction, connection, movement, dependencies.now()) > 0;
  if (isOnItsWay && attemptsPerhapsSent(transaction) > 1) throw notNow("it is being sent once more");
  const session = connection.connector.authenticate && (await dependencies.sessions.get(connection.sessionId));

  const cancellation = await movement.cancel(session?.token);
  switch (cancellation.kind) {
    case "canceled": {
      const end = cancelAtProvider({ kind: "canceled", detail: cancellation.detail }, transaction.attempts, actor);
      const { transaction: ended } = await finish(transaction, end, movement.exclusive, actor, dependencies);
      return ended ?? transaction;
    }
    case "refused":
      throw notCancelable(`The provider takes it back no more: ${cancellation.detail}.`);
    case "session-rejected":
    case "unknown":
      throw notNow(`the provider did not say whether it took it back (${cancellation.detail})`);
  }
}

function notNow(why: string): VisibleError {
  return new VisibleError(
    "provider_unavailable",
    `Whether it can be canceled is not known now: ${why}. Call again, or read the transaction later.`,
    { headers: { "retry-after": "5" } },
  );
}

function notCancelable(why: string): VisibleError {
  return new VisibleError("not_cancelable", `This transaction cannot be canceled. ${why}`);
}

function answer(transaction: Transaction): Answer {
  return { status: 200, body: presentTransaction(transaction), transactionId: transaction.id };
}

export const handler = endpointHandler(
  { scope: "transactions:write", mutates: true, from: "parameters", input: CancelTransaction, run },
  (): Dependencies => ({
    transactions: transactionStore(),
    originals: originalStore(),
    names: nameStore(),
    connections: callingConnections(httpWhenCalled),
    sessions: sessionStore(),
    now: clock.now,
  }),
);
