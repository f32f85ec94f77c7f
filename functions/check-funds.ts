/** Task `GetBalance`: whether the payer's balance covers the amount; or, for a refund, whether it fits what is left, which it holds. */

import { ProviderUnavailableError } from "../lib/domain/errors.ts";
import { covers } from "../lib/domain/money.ts";
import type { FailureCode } from "../lib/domain/outcome.ts";
import { isPriced } from "../lib/domain/transaction.ts";
import { type ConnectionBook, callingConnections } from "../lib/lambda/connection-book.ts";
import { clock, originalStore, sessionStore, transactionStore } from "../lib/lambda/dependencies.ts";
import { type HoldDependencies, holdRefund } from "../lib/lambda/hold.ts";
import { httpWhenCalled } from "../lib/lambda/http-when-called.ts";
import { movementOf } from "../lib/lambda/movement.ts";
import { openConnection, rejectSession } from "../lib/lambda/open-connection.ts";
import { type TaskInput, taskHandler } from "../lib/lambda/task.ts";
import type { SessionStore } from "../lib/store/port.ts";

export interface Dependencies extends HoldDependencies {
  readonly connections: ConnectionBook;
  readonly sessions: Pick<SessionStore, "get">;
}

export type Funds = { readonly enough: true } | { readonly enough: false; readonly code: FailureCode };

export async function run(input: TaskInput, dependencies: Dependencies): Promise<Funds> {
  const transaction = await dependencies.transactions.get(input.transactionId, "consistent");
  if (!transaction) throw new Error(`there is no transaction ${input.transactionId}`);
  // Under way or over: whether it fitted was decided before, and the next task knows what to do.
  if (transaction.status !== "pending" && transaction.attempt !== "not-sent") return { enough: true };
  const { connection, session } = await openConnection(input, dependencies);
  const { refund, balance } = connection.connector;

  if (transaction.kind === "refund") {
    if (!refund) throw new Error(`the connection ${input.connection} moves no refund`);
    const hold = await holdRefund(transaction, refund, session?.token, dependencies);
    switch (hold.kind) {
      case "held":
        return { enough: true };
      case "refused":
        return { enough: false, code: hold.code };
      case "session-rejected":
        return rejectSession(session, dependencies.connections);
      case "unavailable":
        throw new ProviderUnavailableError(hold.detail);
    }
  }

  const { payer } = movementOf(connection, transaction);
  // Where the balance cannot be read, the provider's own refusal has to do.
  if (!balance || payer === undefined || !isPriced(transaction)) return { enough: true };
  const reading = await balance({ account: payer, currency: transaction.amount.currency }, session?.token);
  switch (reading.kind) {
    case "read":
      return covers(reading.value, transaction.amount)
        ? { enough: true }
        : { enough: false, code: "insufficient_funds" };
    case "refused":
      return { enough: false, code: reading.code };
    case "session-rejected":
      return rejectSession(session, dependencies.connections);
    case "unavailable":
      throw new ProviderUnavailableError(reading.detail);
  }
}

export const handler = taskHandler(
  // Enough.
  { run, statesAround: 1 },
  () => ({
    connections: callingConnections(httpWhenCalled),
    sessions: sessionStore(),
    transactions: transactionStore(),
    originals: originalStore(),
    now: clock.now,
  }),
);
