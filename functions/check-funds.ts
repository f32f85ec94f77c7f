/** Task `GetBalance`: whether the payer's balance covers the amount. */
import { ProviderUnavailableError } from "../lib/domain/errors.ts";
import { covers } from "../lib/domain/money.ts";
import type { FailureCode } from "../lib/domain/outcome.ts";
import { type ConnectionBook, connectionBook } from "../lib/lambda/connection-book.ts";
import { sessionStore, transactionStore } from "../lib/lambda/dependencies.ts";
import { openConnection, rejectSession, spendbackCallsOf, spendbackOrderOf } from "../lib/lambda/order.ts";
import { type TaskInput, taskHandler } from "../lib/lambda/task.ts";
import { httpClient } from "../lib/providers/http.ts";
import type { SessionStore, TransactionStore } from "../lib/store/port.ts";

export interface Dependencies {
  readonly connections: ConnectionBook;
  readonly sessions: Pick<SessionStore, "get">;
  readonly transactions: Pick<TransactionStore, "get">;
}

export type Funds = { readonly enough: true } | { readonly enough: false; readonly code: FailureCode };

export async function run(input: TaskInput, dependencies: Dependencies): Promise<Funds> {
  const transaction = await dependencies.transactions.get(input.transactionId, "consistent");
  if (!transaction) throw new Error(`there is no transaction ${input.transactionId}`);
  const { connection, session } = await openConnection(input.connection, dependencies);
  const { balance } = connection.connector;
  const account = spendbackCallsOf(connection).payer?.(spendbackOrderOf(transaction));
  // Where the balance cannot be read, the provider's own refusal has to do.
  if (!balance || account === undefined) return { enough: true };

  const reading = await balance({ account, currency: transaction.amount.currency }, session?.token);
  switch (reading.kind) {
    case "read":
      return covers(reading.value, transaction.amount)
        ? { enough: true }
        : { enough: false, code: "insufficient_funds" };
    case "refused":
      return { enough: false, code: reading.code };
    case "session-rejected":
      return rejectSession(session);
    case "unavailable":
      throw new ProviderUnavailableError(reading.detail);
  }
}

export const handler = taskHandler({ run }, () => ({
  connections: connectionBook(httpClient),
  sessions: sessionStore(),
  transactions: transactionStore(),
}));
