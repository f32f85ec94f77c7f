/** Follows a webhook's hint: finds the transactions that it means, and starts a flow for each that looks it up. */
import { createHash } from "node:crypto";
import { claimId } from "../domain/ids.ts";
import { isFresh } from "../domain/session.ts";
import { isInDoubt } from "../domain/transaction.ts";
import { type FlowStarter, flowInputOf } from "../flow/starter.ts";
import type { ConfiguredConnection } from "../providers/connections.ts";
import type { WebhookHint } from "../providers/port.ts";
import type { ClaimStore, SessionStore, TransactionStore } from "../store/port.ts";
import type { Clock } from "./dependencies.ts";
import { errorFields, log } from "./log.ts";

export interface HintDependencies extends Clock {
  /** Read only: whatever a webhook says, it is the flow's lookup that changes something. */
  readonly transactions: Pick<TransactionStore, "get">;
  readonly claims: ClaimStore;
  readonly sessions: Pick<SessionStore, "get">;
  readonly flow: FlowStarter;
}

/** A webhook that was read. */
export interface Hinted {
  readonly connection: ConfiguredConnection;
  readonly hint: WebhookHint;
  /** Whether the provider signed it: anybody can send one that is not signed. */
  readonly isAuthentic: boolean;
  /** What came, byte for byte. */
  readonly body: Buffer;
  readonly requestId: string;
}

/** How many transactions one webhook may be about. Those that providers document are about one. */
const hintsMax = 10;

/** How long the provider may take to say which transaction it means. */
const questionMs = 4_000;

/** What is not signed is followed once in this time, per transaction. */
const windowMs = 10_000;

/** How many questions the unsigned webhooks of a connection can cause in a window: a stranger must not use up its rate, so a tenth of it. */
const questionsMax = 32;

function questionsOf({ config: { requestsPerSecond } }: ConfiguredConnection): number {
  if (requestsPerSecond === undefined) return questionsMax;
  return Math.max(1, Math.min(questionsMax, Math.floor((requestsPerSecond * windowMs) / 10_000)));
}

/** A failure at one transaction is logged, and keeps nothing from the others. @throws StoreUnavailableError before the first one */
export async function followHint(hinted: Hinted, dependencies: HintDependencies): Promise<void> {
  const { connection, hint, isAuthentic, body } = hinted;
  if (isAuthentic && !(await isFirst(["delivery", connection.id, digestOf(body)], dependencies))) return;
  const references = [...new Set(hint.references)].slice(0, hintsMax);
  const unnamed = [...new Set(hint.providerTransactionIds)].slice(0, hintsMax - references.length);
  await Promise.all([
    ...references.map((id) => attempted(hinted, () => lookUp(id, hinted, dependencies))),
    ...unnamed.map((id) =>
      attempted(hinted, async () => {
        const reference = await askReference(id, hinted, dependencies);
        if (reference !== undefined) await lookUp(reference, hinted, dependencies);
      }),
    ),
  ]);
}

/** Only an order that the provider may be working on can have news: anything else needs no look, or not this connection's. */
async function lookUp(id: string, { connection, isAuthentic, requestId }: Hinted, dependencies: HintDependencies) {
  const transaction = await dependencies.transactions.get(id, "consistent");
  if (!isInDoubt(transaction) || transaction.connection !== connection.id) return;
  // After the read: a stranger's guesses are not worth a write each.
  if (!isAuthentic && !(await isFirst(["look", connection.id, id, windowOf(dependencies.now())], dependencies))) return;
  await dependencies.flow.start(flowInputOf(transaction));
  log("info", "webhook followed", { requestId, connection: connection.id, transactionId: id });
}

/** Our reference of what the provider names by an id of its own, as far as it tells in time. */
async function askReference(
  providerTransactionId: string,
  { connection, isAuthentic, requestId }: Hinted,
  dependencies: HintDependencies,
): Promise<string | undefined> {
  const { sessions, now, sleep } = dependencies;
  const { webhooks, authenticate } = connection.connector;
  if (!webhooks?.referenceOf) return undefined;
  // The same id always has the same place, so it is asked for once; and there are only so many places.
  const place = String(
    createHash("sha256").update(providerTransactionId).digest().readUInt16BE() % questionsOf(connection),
  );
  if (!isAuthentic && !(await isFirst(["question", connection.id, place, windowOf(now())], dependencies))) {
    return undefined;
  }
  const session = authenticate && (await sessions.get(connection.sessionId));
  // A login is worth the flow's while, not a hint's.
  if (authenticate && !(session && isFresh(session, now()))) return undefined;
  const reading = await Promise.race([
    webhooks.referenceOf(providerTransactionId, session?.token),
    sleep(questionMs).then(() => ({ kind: "late" }) as const),
  ]);
  if (reading.kind === "read") return reading.value;
  log("warn", "webhook not understood", { requestId, connection: connection.id, outcome: reading.kind });
  return undefined;
}

async function attempted({ connection, requestId }: Hinted, follow: () => Promise<void>): Promise<void> {
  try {
    await follow();
  } catch (error) {
    log("error", "webhook not followed", { requestId, connection: connection.id, ...errorFields(error) });
  }
}

/** Whether this is the first time. No tenant is empty, so no caller's Idempotency-Key meets one of these claims. */
async function isFirst(name: readonly string[], { claims, now }: HintDependencies): Promise<boolean> {
  const { claimed } = await claims.claim(claimId("", "webhook", JSON.stringify(name)), "webhook", now());
  return claimed;
}

function windowOf(now: Date): string {
  return String(Math.floor(now.getTime() / windowMs));
}

function digestOf(body: Buffer): string {
  return createHash("sha256").update(body).digest("base64url");
}
