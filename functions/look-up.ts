/** Task `LookUp`: asks the provider, by our reference, what became of a submission in doubt. */

import { deadlineOf } from "../lib/domain/due-times.ts";
import { ProviderUnavailableError } from "../lib/domain/errors.ts";
import { attemptsPerhapsSent } from "../lib/domain/log-entry.ts";
import { askForReview, type Review } from "../lib/domain/operator-transitions.ts";
import { type Finding, type Reading, unknown } from "../lib/domain/outcome.ts";
import { isInDoubt, type Transaction } from "../lib/domain/transaction.ts";
import type { Actor } from "../lib/domain/transition.ts";
import { lookupWaitsSeconds, type Submission } from "../lib/flow/starter.ts";
import { type ConnectionBook, callingConnections } from "../lib/lambda/connection-book.ts";
import { clock, nameStore, originalStore, sessionStore, transactionStore } from "../lib/lambda/dependencies.ts";
import { httpWhenCalled } from "../lib/lambda/http-when-called.ts";
import { type Movement, movementOf } from "../lib/lambda/movement.ts";
import { openConnection, rejectSession } from "../lib/lambda/open-connection.ts";
import { type RecordDependencies, record } from "../lib/lambda/record.ts";
import { maySendAgain, unlistedForMs } from "../lib/lambda/send-again.ts";
import { type TaskInput, taskHandler } from "../lib/lambda/task.ts";
import type { ConfiguredConnection } from "../lib/providers/connections.ts";
import { movementName } from "../lib/store/originals.ts";
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
  if (!isInDoubt(transaction)) return over("unknown", lookups);

  const { connection, session } = await openConnection(input, dependencies);
  const movement = movementOf(connection, transaction);
  const reading = await find({ transaction, connection, movement }, session?.token, dependencies);
  switch (reading.kind) {
    case "read":
      return conclude(reading.value, { transaction, connection, movement, lookups }, dependencies);
    case "session-rejected":
      return rejectSession(session, dependencies.connections);
    case "refused":
      // The code, not the words: what is thrown becomes part of the flow's state.
      throw new ProviderUnavailableError(reading.code);
    case "unavailable":
      throw new ProviderUnavailableError(reading.detail);
  }
}

interface Asked {
  readonly transaction: Transaction;
  readonly connection: ConfiguredConnection;
  readonly movement: Movement;
}

interface Doubt extends Asked {
  readonly lookups: number;
}

/**
 * Asks the provider. Where it keeps no reference of ours, what it lists late may be an earlier transaction's: that one has the
 * movement's name by then, and the provider is asked again without it.
 */
async function find(
  { transaction, connection, movement }: Asked,
  token: string | undefined,
  { names }: Dependencies,
): Promise<Reading<Finding>> {
  const reading = await movement.lookUp(token);
  if (reading.kind !== "read" || movement.exclusive === undefined) return reading;
  const others: string[] = [];
  for (const id of candidatesIn(reading.value)) {
    const holder = await names.holder(movementName(connection.id, id));
    if (holder !== undefined && holder !== transaction.id) others.push(id);
  }
  return others.length === 0 ? reading : movementOf(connection, transaction, others).lookUp(token);
}

function candidatesIn(finding: Finding): readonly string[] {
  if (finding.kind === "contradiction") return finding.candidates ?? [];
  const { providerTransactionId } =
    finding.kind === "found" && finding.outcome.kind === "settled" ? finding.outcome : {};
  return providerTransactionId === undefined ? [] : [providerTransactionId];
}

/**
 * What is found is recorded. "Nothing" proves nothing, since a provider may list a movement late: it is noted, and the order is
 * sent again only where a duplicate would be rejected. What is still open at the deadline is for an operator.
 */
async function conclude(finding: Finding, doubt: Doubt, dependencies: Dependencies): Promise<Submission> {
  const { transaction, connection, movement, lookups } = doubt;
  const at = dependencies.now();
  const actor: Actor = { by: "flow", at };
  if (finding.kind === "duplicate") {
    return handOver({ detail: finding.detail, alarm: "duplicate_detected" }, doubt, actor, dependencies);
  }
  const unlistedMs = unlistedForMs(transaction, connection, movement, at);
  if (finding.kind === "contradiction") {
    if (unlistedMs <= 0) return handOver({ detail: finding.detail }, doubt, actor, dependencies);
    await record(unknown(finding.detail), transaction, connection, movement, actor, dependencies);
    return ourAnswerFirst(unlistedMs, lookups);
  }
  const found = finding.kind === "found" ? finding.outcome : unknown("lookup found nothing");
  // Sent twice, it may have two rows: what ended without moving may be the first one's, while the second is on its way.
  const isPerhapsAnother =
    (found.kind === "declined" || found.kind === "canceled") && unlistedMs > 0 && attemptsPerhapsSent(transaction) > 1;
  const outcome = isPerhapsAnother ? unknown(`found as ${found.kind}, perhaps an earlier attempt`) : found;
  const current = await record(outcome, transaction, connection, movement, actor, dependencies);
  if (!isInDoubt(current)) return over(outcome.kind, lookups);
  const { deadlineHours } = connection.config;
  if (at >= deadlineOf(transaction, deadlineHours)) {
    if (unlistedMs > 0) return ourAnswerFirst(unlistedMs, lookups);
    const detail = `no last word within ${deadlineHours} h: ${"detail" in outcome ? outcome.detail : outcome.message}`;
    return handOver({ detail }, doubt, actor, dependencies);
  }
  if (finding.kind === "nothing" && maySendAgain(current, transaction.attempts, connection, movement, at)) {
    return { outcome: "unknown", over: false, lookups, waitSeconds: 0, sendAgainAfter: transaction.attempts };
  }
  const waitSeconds = lookupWaitsSeconds[lookups];
  const word = outcome.kind === "accepted" ? "accepted" : "unknown";
  return waitSeconds === undefined ? over(word, lookups) : { outcome: word, over: false, lookups, waitSeconds };
}

/** The answer to our own call may come yet, and an operator's word would shut it out. */
function ourAnswerFirst(unlistedMs: number, lookups: number): Submission {
  return { outcome: "unknown", over: false, lookups, waitSeconds: Math.ceil(unlistedMs / 1_000) };
}

/** Refused where another attempt has been claimed since the lookup: then its outcome is on the way. */
async function handOver(
  review: Pick<Review, "detail" | "alarm">,
  { transaction: { id, tenant, attempts }, lookups }: Doubt,
  actor: Actor,
  { transactions }: Dependencies,
): Promise<Submission> {
  await transactions.advance(id, askForReview({ tenant, attempts, ...review }, actor));
  return over("unknown", lookups);
}

function over(outcome: Submission["outcome"], lookups: number): Submission {
  return { outcome, over: true, lookups, waitSeconds: 0 };
}

/** IsItOver; and WaitToLookUp, but for a flow that begins with the lookup. */
const statesAround = ({ submission }: TaskInput) => ((submission?.waitSeconds ?? 0) > 0 ? 2 : 1);

export const handler = taskHandler({ run, statesAround }, () => ({
  connections: callingConnections(httpWhenCalled),
  sessions: sessionStore(),
  transactions: transactionStore(),
  originals: originalStore(),
  names: nameStore(),
  now: clock.now,
}));
