/** Task `LookUp`: asks the provider, by our reference, what became of a submission in doubt. */
import { ProviderUnavailableError } from "../lib/domain/errors.ts";
import type { Finding, Recorded } from "../lib/domain/outcome.ts";
import type { Transaction } from "../lib/domain/transaction.ts";
import type { Actor } from "../lib/domain/transition.ts";
import { askForReview } from "../lib/domain/transitions.ts";
import { lookupWaitsSeconds, type Submission } from "../lib/flow/starter.ts";
import { type ConnectionBook, connectionBook } from "../lib/lambda/connection-book.ts";
import { clock, nameStore, originalStore, sessionStore, transactionStore } from "../lib/lambda/dependencies.ts";
import { type Movement, movementOf } from "../lib/lambda/movement.ts";
import { openConnection, rejectSession } from "../lib/lambda/open-connection.ts";
import { type RecordDependencies, record } from "../lib/lambda/record.ts";
import { type TaskInput, taskHandler } from "../lib/lambda/task.ts";
import type { ConfiguredConnection } from "../lib/providers/connections.ts";
import { httpClient } from "../lib/providers/http.ts";
import type { SessionStore, TransactionStore } from "../lib/store/port.ts";

export interface Dependencies extends RecordDependencies {
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
      const actor: Actor = { by: "flow", at: dependencies.now() };
      const outcome = await recordFinding(reading.value, transaction, connection, movement, actor, dependencies);
      const waitSeconds = lookupWaitsSeconds[lookups];
      const isOpen = outcome === "accepted" || outcome === "unknown";
      if (!isOpen || waitSeconds === undefined) return over(outcome === "review" ? "unknown" : outcome, lookups);
      return { outcome, over: false, lookups, waitSeconds };
    }
    case "session-rejected":
      return rejectSession(session, dependencies.connections);
    case "refused":
      // The code, not the words: what is thrown becomes part of the flow's state.
      throw new ProviderUnavailableError(reading.code);
    case "unavailable":
      throw new ProviderUnavailableError(reading.detail);
  }
}

/** "Nothing found" proves nothing: a provider may list a movement late. It is noted, and never sent again. */
async function recordFinding(
  finding: Finding,
  transaction: Transaction,
  connection: ConfiguredConnection,
  movement: Movement,
  actor: Actor,
  dependencies: Dependencies,
): Promise<Recorded["kind"] | "review"> {
  if (finding.kind === "contradiction") {
    const { id, tenant } = transaction;
    await dependencies.transactions.advance(id, askForReview(tenant, finding.detail, actor));
    return "review";
  }
  const outcome: Recorded =
    finding.kind === "found" ? finding.outcome : { kind: "unknown", detail: "lookup found nothing" };
  await record(outcome, transaction, connection, movement, actor, dependencies);
  return outcome.kind;
}

function over(outcome: Submission["outcome"], lookups: number): Submission {
  return { outcome, over: true, lookups, waitSeconds: 0 };
}

export const handler = taskHandler({ run }, () => ({
  connections: connectionBook(httpClient),
  sessions: sessionStore(),
  transactions: transactionStore(),
  originals: originalStore(),
  names: nameStore(),
  now: clock.now,
}));
