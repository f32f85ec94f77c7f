/** Task `LookUp`: asks the provider, by our reference, what became of a submission in doubt. */
import { ProviderUnavailableError } from "../lib/domain/errors.ts";
import type { Finding } from "../lib/domain/outcome.ts";
import type { Transaction } from "../lib/domain/transaction.ts";
import {
  type Actor,
  askForReview,
  cancelAtProvider,
  decline,
  note,
  succeed,
  type Transition,
} from "../lib/domain/transitions.ts";
import { lookupWaitsSeconds, type Submission } from "../lib/flow/starter.ts";
import { type ConnectionBook, connectionBook } from "../lib/lambda/connection-book.ts";
import { clock, originalStore, sessionStore, transactionStore, turnStore } from "../lib/lambda/dependencies.ts";
import { type FinishDependencies, finish } from "../lib/lambda/finish.ts";
import { movementOf } from "../lib/lambda/movement.ts";
import { openConnection, rejectSession } from "../lib/lambda/open-connection.ts";
import { type TaskInput, taskHandler } from "../lib/lambda/task.ts";
import { httpClient } from "../lib/providers/http.ts";
import type { SessionStore, TransactionStore } from "../lib/store/port.ts";

export interface Dependencies extends FinishDependencies {
  readonly connections: ConnectionBook;
  readonly sessions: Pick<SessionStore, "get">;
  readonly transactions: Pick<TransactionStore, "get" | "advance">;
  readonly now: () => Date;
}

export async function run(input: TaskInput, dependencies: Dependencies): Promise<Submission> {
  const { transactions } = dependencies;
  const lookups = (input.submission?.lookups ?? 0) + 1;
  const transaction = await transactions.get(input.transactionId, "consistent");
  // Over, or nothing was sent: there is nothing to find.
  if (transaction?.status !== "processing" || transaction.attempt !== "open") return over("unknown", lookups);

  const { connection, session } = await openConnection(input.connection, dependencies);
  const movement = movementOf(connection, transaction);
  const reading = await movement.lookUp(session?.token);
  switch (reading.kind) {
    case "read": {
      const actor = { by: "flow", at: dependencies.now() };
      const transition = transitionOf(reading.value, transaction, actor);
      await finish(transaction, transition, movement.isExclusive, actor, dependencies);
      const outcome = reading.value.kind === "found" ? reading.value.outcome.kind : "unknown";
      const waitSeconds = lookupWaitsSeconds[lookups];
      if (transition.set.status !== undefined || waitSeconds === undefined) return over(outcome, lookups);
      return { outcome, over: false, lookups, waitSeconds };
    }
    case "session-rejected":
      return rejectSession(session);
    case "refused":
    case "unavailable":
      throw new ProviderUnavailableError(reading.kind === "refused" ? reading.message : reading.detail);
  }
}

/** "Nothing found" proves nothing: a provider may list a movement late. It is noted, and never sent again. */
function transitionOf(finding: Finding, transaction: Transaction, actor: Actor): Transition {
  switch (finding.kind) {
    case "nothing":
      return note(transaction, { kind: "unknown", detail: "lookup found nothing" }, actor);
    case "contradiction":
      return askForReview(transaction.tenant, finding.detail, actor);
    case "found":
      switch (finding.outcome.kind) {
        case "settled":
          return succeed(finding.outcome, actor);
        case "declined":
          return decline(finding.outcome, actor);
        case "canceled":
          return cancelAtProvider(finding.outcome, actor);
        case "accepted":
        case "unknown":
          return note(transaction, finding.outcome, actor);
      }
  }
}

function over(outcome: Submission["outcome"], lookups: number): Submission {
  return { outcome, over: true, lookups, waitSeconds: 0 };
}

export const handler = taskHandler({ run }, () => ({
  connections: connectionBook(httpClient),
  sessions: sessionStore(),
  transactions: transactionStore(),
  originals: originalStore(),
  turns: turnStore(),
  now: clock.now,
}));
