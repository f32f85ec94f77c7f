/** Accepts a request to move money: claims its key, records the transaction, starts the flow. In this order, and only once. */

import { dueNow } from "../domain/due-transitions.ts";
import { VisibleError } from "../domain/errors.ts";
import { claimId, fingerprint, transactionId } from "../domain/ids.ts";
import { begin, isRefused, type NewTransaction, refuse } from "../domain/new-transaction.ts";
import type { Kind, Transaction } from "../domain/transaction.ts";
import { type FlowStarter, flowInputOf } from "../flow/starter.ts";
import type { ClaimStore, TransactionStore } from "../store/port.ts";
import type { Clock } from "./dependencies.ts";
import type { Door } from "./endpoint.ts";
import { lastTry } from "./last-try.ts";
import { errorFields, log } from "./log.ts";

export interface Acceptance {
  /** What the key stands for now: where its transaction failed and a batch's retry has tried again, the last try. */
  readonly transaction: Transaction;
  /** Whether an earlier call with this key made it. */
  readonly replayed: boolean;
}

export interface AcceptDependencies extends Clock {
  readonly transactions: TransactionStore;
  readonly claims: ClaimStore;
  readonly flow: FlowStarter;
}

export interface Wish {
  readonly tenant: string;
  /** Scopes the key: `POST /v1/spendbacks` and `POST /v1/refunds` may use one key each for themselves. */
  readonly operation: string;
  readonly key: string;
  /** What is compared when the key comes again. */
  readonly request: unknown;
  readonly transaction: Omit<NewTransaction, "id" | "tenant" | "fingerprint">;
  readonly requestId: string;
  /** The door that it came through. */
  readonly by: Door;
  /** Why a wish that is new is refused, if it is; a repeat is answered whatever has changed since. May throw for what is wrong with it. */
  readonly refuse?: () => Promise<Refusal | undefined>;
}

/** What stands against a wish. It is recorded, so that of two calls at once with one key not one is refused and the other accepted. */
export interface Refusal {
  readonly code: "refund_exceeds_remaining";
  /** For the caller. */
  readonly detail: string;
}

/** After this long a transaction that is still pending has a flow that never started, or died before its first step. */
const startOverdueMs = 5_000;

/**
 * The ways a call can die, and what the next call with the same key finds:
 *
 *   claim ─┬─ transaction ─┬─ flow start ─┬─ answer
 *          │               │              └─ a transaction under way: answered as a repeat
 *          │               └─ a pending transaction: answered as a repeat, and started; the due index has it, too
 *          └─ a claim without a transaction: the transaction is made now, with the same id
 *
 * @throws VisibleError idempotency_key_reused when the key stands for another request; refund_exceeds_remaining, again for each repeat
 */
export async function accept(wish: Wish, dependencies: AcceptDependencies): Promise<Acceptance> {
  const { tenant, operation, key } = wish;
  const { transactions, claims, now } = dependencies;
  const print = fingerprint(wish.request);
  const id = transactionId(tenant, operation, key);

  const claim = await claims.claim(claimId(tenant, operation, key), print, now());
  if (!claim.claimed) {
    // The common repeat: one read instead of a write that must fail. The transaction, not the claim, says what the key
    // stands for: after thirty days another request may have taken the claim, in vain.
    const transaction = await transactions.get(id, "consistent");
    if (transaction) return replay(transaction, print, wish, dependencies);
    if (claim.fingerprint !== print) throw reused();
  }

  const refusal = await wish.refuse?.();
  const request = { ...wish.transaction, id, tenant, fingerprint: print };
  const actor = { by: wish.by, at: now() };
  const begun = refusal ? refuse(request, refusal.code, actor) : begin(request, actor);
  const { created, transaction } = await transactions.create(begun);
  if (!transaction) throw reused();
  // There already: another call was faster, or the claim had expired, and the key still stands for what it stood for. But where
  // the claim is ours and the moment the same, it is our own, and the answer that said so was lost: a second start would do no harm.
  const isSame = transaction.createdAt === begun.createdAt && transaction.status === begun.status;
  const isOurs = created || (claim.claimed && isSame);
  if (!isOurs || transaction.fingerprint !== print) return replay(transaction, print, wish, dependencies);
  if (refusal) throw new VisibleError(refusal.code, refusal.detail);

  await start(transaction, wish, dependencies);
  return { transaction, replayed: !created };
}

async function replay(
  first: Transaction,
  print: string,
  wish: Wish,
  dependencies: AcceptDependencies,
): Promise<Acceptance> {
  if (first.fingerprint !== print) throw reused();
  const transaction = await lastTry(first, wish, dependencies);
  if (isRefused(transaction)) throw refusedBefore(transaction);
  // One whose turn is yet to come is started then.
  const { createdAt, notBefore = createdAt } = transaction;
  const ageMs = dependencies.now().getTime() - Date.parse(notBefore);
  if (transaction.status === "pending" && ageMs >= startOverdueMs) await start(transaction, wish, dependencies);
  return { transaction, replayed: true };
}

/** A start that fails takes nothing back: the transaction is accepted, and due at once. Where even that cannot be noted, it is due later. */
async function start(
  transaction: Transaction,
  { requestId, by }: Wish,
  { flow, transactions, now }: AcceptDependencies,
): Promise<void> {
  const { id } = transaction;
  try {
    await flow.start(flowInputOf(transaction));
  } catch (error) {
    log("error", "flow not started", { requestId, transactionId: id, ...errorFields(error) });
    await transactions.advance(id, dueNow({ by, at: now() })).catch((unnoted: unknown) => {
      log("error", "not made due", { requestId, transactionId: id, ...errorFields(unnoted) });
    });
  }
}

function refusedBefore({ failure }: Transaction): VisibleError {
  return new VisibleError(
    "refund_exceeds_remaining",
    `${failure?.message ?? ""} This Idempotency-Key was refused before: ask again with a new one.`.trim(),
  );
}

export function reused(): VisibleError {
  return new VisibleError(
    "idempotency_key_reused",
    "This Idempotency-Key was used for another request. Use a new key for a new wish, and the same key to repeat one.",
  );
}

/**
 * Checks a request, unless it was accepted before: a repeat is answered with its transaction, whatever has changed since in
 * the connections. A caller who hears "unknown connection" about money that moved pays it again elsewhere.
 */
export async function unlessAccepted<Checked>(
  wish: Pick<Wish, "tenant" | "operation" | "key" | "request">,
  { transactions }: Pick<AcceptDependencies, "transactions">,
  check: () => Promise<Checked>,
): Promise<{ readonly accepted: Acceptance } | { readonly checked: Checked }> {
  try {
    return { checked: await check() };
  } catch (error) {
    if (!(error instanceof VisibleError)) throw error;
    const { tenant, operation, key, request } = wish;
    const first = await transactions.get(transactionId(tenant, operation, key), "consistent");
    if (first?.fingerprint !== fingerprint(request)) throw error;
    const transaction = await lastTry(first, wish, { transactions });
    if (isRefused(transaction)) throw refusedBefore(transaction);
    return { accepted: { transaction, replayed: true } };
  }
}

/** Kinds and their operations: what scopes a key. */
export const operationOf: Readonly<Record<Kind, string>> = {
  spendback: "spendback",
  refund: "refund",
  cashback: "cashback",
};
