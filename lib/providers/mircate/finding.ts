/** Finds a refund among an account's rows. Mircate takes no reference, so a row is told by being the only new one, and by what it says. */
import type { Finding, Recorded } from "../../domain/outcome.ts";
import type { RefundOrder } from "../port.ts";
import { fromWireDigits } from "./amounts.ts";
import type { MircateConnection } from "./config.ts";
import { isMadeSince } from "./created-at.ts";
import type { Listing } from "./listing.ts";
import { readSnapshot } from "./snapshot.ts";
import type { Row } from "./wire.ts";

/** The documented types that are no refund (List Transactions, read 2026-11): they show where a server ignores the filter. */
const otherTypes = new Set(["EARNED", "FIX", "SPENT", "LOADED", "INITIALIZED"]);

type Rules = Pick<MircateConnection, "amountUnit" | "sharedAccounts">;

/**
 * By Mircate's id where an answer named it, else by comparison with the note:
 *
 *   new rows that name another original, or are no refunds ── left aside
 *   of the others: none ── nothing · one that fits ── ours · anything else ── contradiction
 *
 * A new row that does not fit (amount, original, time) shows that somebody else refunds at the account, or that Mircate made
 * of our refund what we did not ask for: then even a row that fits may not be ours, and an operator decides.
 * Undefined where the listing is not complete, and the row may be among those that did not come.
 */
export function findingOf({ rows, isComplete }: Listing, order: RefundOrder, rules: Rules): Finding | undefined {
  const id = order.providerTransactionId;
  if (id !== undefined) {
    const row = rows.find(({ transactionId }) => transactionId === id);
    if (!row) return isComplete ? { kind: "nothing" } : undefined;
    return isForeign(row, order) ? contradiction("found as another transaction") : findingOfRow(row, order, rules);
  }

  const snapshot = readSnapshot(order.snapshot);
  if (!snapshot) return contradiction("which refunds the account had before is not known in full");
  if (!isComplete) return undefined;
  const others = new Set(order.othersMovements);
  const fresh = rows.filter(
    (row) => !snapshot.knows(row.transactionId) && !others.has(row.transactionId) && !isForeign(row, order),
  );
  const candidates = fresh.map(({ transactionId }) => transactionId);
  const doubtful = (detail: string): Finding => ({ kind: "contradiction", detail, candidates });
  const [row, second] = fresh;
  if (!row) return { kind: "nothing" };
  if (second) return doubtful(`${fresh.length} new refunds at the account may be this one`);
  if (rules.sharedAccounts && !row.refundedTransactionId) {
    return doubtful("a new refund at the account does not say what it returns");
  }
  if (!isMadeSince(row.createdAt, snapshot.at)) {
    return doubtful("a new refund at the account was not made when this one was sent");
  }
  return findingOfRow(row, order, rules);
}

function isForeign({ type, refundedTransactionId }: Row, { original }: RefundOrder): boolean {
  if (type && otherTypes.has(type)) return true;
  return Boolean(refundedTransactionId) && refundedTransactionId !== original;
}

function findingOfRow(row: Row, { amount, original }: RefundOrder, { amountUnit }: Rules): Finding {
  const value = row.amount ? fromWireDigits(row.amount, amount.currency, amountUnit) : undefined;
  if (value !== amount.value) return contradiction(`found with another amount: ${row.amount ?? "none"} on the wire`);
  const how = row.refundedTransactionId === original ? "names the original" : "is the only new one of the amount";
  return { kind: "found", outcome: outcomeOfRow(row, how) };
}

function outcomeOfRow({ transactionId, type }: Row, how: string): Recorded {
  // Rows have no status: a refund that is listed has happened.
  if (type !== "REFUNDED") return { kind: "unknown", detail: `found with the type "${type ?? ""}"` };
  return { kind: "settled", providerTransactionId: transactionId, detail: `REFUNDED, a row that ${how}` };
}

function contradiction(detail: string): Finding {
  return { kind: "contradiction", detail };
}
