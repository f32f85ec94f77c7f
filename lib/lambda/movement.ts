/** One transaction at its provider: the connector's calls for its kind, with the order made from it. */

import { attemptsPerhapsSent } from "../domain/log-entry.ts";
import type { Finding, Outcome, Reading } from "../domain/outcome.ts";
import { isPriced, type PricedTransaction, type Transaction } from "../domain/transaction.ts";
import type { ConfiguredConnection } from "../providers/connections.ts";
import type {
  Cancellation,
  CashbackOrder,
  DuplicateRejection,
  MovementCalls,
  Order,
  RefundDraft,
  RefundOrder,
  SpendbackOrder,
} from "../providers/port.ts";

export interface Movement {
  readonly submit: (token: string | undefined) => Promise<Outcome>;
  readonly lookUp: (token: string | undefined) => Promise<Reading<Finding>>;
  readonly rejectsDuplicates: false | DuplicateRejection;
  readonly cancel?: (token: string | undefined) => Promise<Cancellation>;
  readonly prepare?: (token: string | undefined) => Promise<Reading<string>>;
  /** What only one such order may be in flight for. Absent: any number may be. */
  readonly exclusive?: string;
  /** The account whose balance must cover the order, where that can be read. */
  readonly payer?: string;
}

/** @throws Error for a kind that the connection does not move; the API refuses those before anything is recorded */
export function movementOf(
  { id, connector }: ConfiguredConnection,
  transaction: Transaction,
  othersMovements?: readonly string[],
): Movement {
  if (!isPriced(transaction)) throw new Error(`the amount of ${transaction.id} is not known yet`);
  const { spendback, refund, cashback } = connector;
  switch (transaction.kind) {
    case "spendback": {
      if (!spendback) break;
      const order = spendbackOrder(transaction);
      return withPayer(bind(spendback, order), spendback.payer?.(order));
    }
    case "refund": {
      if (!refund) break;
      return bind(refund, { ...refundOrder(transaction), ...(othersMovements && { othersMovements }) });
    }
    case "cashback": {
      if (!cashback) break;
      const order = cashbackOrder(transaction);
      return withPayer(bind(cashback, order), cashback.payer?.(order));
    }
  }
  throw new Error(`the connection ${id} moves no ${transaction.kind}`);
}

/** A refund as the connector is asked what is left of its original: with or without an amount. */
export function refundDraftOf(transaction: Transaction): RefundDraft {
  const { amount, original, providerOriginal, account, splits, description } = transaction;
  return {
    original: providerOriginal ?? original ?? "",
    account: account ?? {},
    splits: (splits ?? []).map((split) => ({ ...split, amount: split.amount ?? 0 })),
    ...(amount && { amount }),
    ...(description && { description }),
  };
}

function bind<Of extends Order>(calls: MovementCalls<Of, never>, order: Of): Movement {
  const { submit, lookUp, rejectsDuplicates, cancel, prepare, exclusive } = calls;
  return {
    submit: (token) => submit(order, token),
    lookUp: (token) => lookUp(order, token),
    rejectsDuplicates,
    ...(cancel && { cancel: (token: string | undefined) => cancel(order, token) }),
    ...(prepare && { prepare: (token: string | undefined) => prepare(order, token) }),
    ...(exclusive && { exclusive: exclusive(order) }),
  };
}

function withPayer(movement: Movement, payer: string | undefined): Movement {
  return payer === undefined ? movement : { ...movement, payer };
}

function orderOf(transaction: PricedTransaction): Order {
  const { id, createdAt, amount, description, providerTransactionId, snapshot } = transaction;
  const attempt = attemptsPerhapsSent(transaction);
  return {
    reference: id,
    createdAt: new Date(createdAt),
    amount,
    ...(description && { description }),
    ...(providerTransactionId && { providerTransactionId }),
    ...(snapshot !== undefined && { snapshot }),
    ...(attempt > 0 && { attempt }),
  };
}

function spendbackOrder(transaction: PricedTransaction): SpendbackOrder {
  return { ...orderOf(transaction), recipient: transaction.recipient ?? {} };
}

function refundOrder(transaction: PricedTransaction): RefundOrder {
  const { original, account, splits } = refundDraftOf(transaction);
  return { ...orderOf(transaction), original, account, splits };
}

function cashbackOrder(transaction: PricedTransaction): CashbackOrder {
  const { sender, receiver } = transaction;
  return { ...orderOf(transaction), receiver: receiver ?? { walletNumber: "" }, ...(sender && { sender }) };
}
