/** Task `Refund`: claims the attempt and makes the one call that moves the money. */
import { connectionBook } from "../lib/lambda/connection-book.ts";
import {
  clock,
  nameStore,
  newAttemptId,
  originalStore,
  sessionStore,
  transactionStore,
} from "../lib/lambda/dependencies.ts";
import { submit } from "../lib/lambda/submit.ts";
import { taskHandler } from "../lib/lambda/task.ts";
import { httpClient } from "../lib/providers/http.ts";

export const handler = taskHandler({ run: submit }, () => ({
  connections: connectionBook(httpClient),
  sessions: sessionStore(),
  transactions: transactionStore(),
  originals: originalStore(),
  names: nameStore(),
  now: clock.now,
  newId: newAttemptId,
}));
