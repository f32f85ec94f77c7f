/** Holds a refund's part of its original, before anything is sent: what the flow's GetBalance does for a refund. */
import type { Balance } from "../domain/money.ts";
import type { FailureCode } from "../domain/outcome.ts";
import { sharesOf } from "../domain/splits.ts";
import { isFinal, isPriced, type PricedTransaction, type Transaction } from "../domain/transaction.ts";
import { price } from "../domain/transitions.ts";
import type { ReturnsOriginal } from "../providers/port.ts";
import { type OriginalStore, originalId } from "../store/originals.ts";
import type { TransactionStore } from "../store/port.ts";
import { refundDraftOf } from "./movement.ts";

export interface HoldDependencies {
  readonly transactions: Pick<TransactionStore, "get" | "advance">;
  readonly originals: OriginalStore;
  readonly now: () => Date;
}

export type Hold =
  | { readonly kind: "held" }
  | { readonly kind: "refused"; readonly code: FailureCode }
  | { readonly kind: "session-rejected" }
  | { readonly kind: "unavailable"; readonly detail: string };

/**
 * Learns once what is left of the original, fixes the amount of a refund of "the rest", and holds it.
 *
 *   learn ── price ── hold ── look again: still open?
 *                              └ no: it ended meanwhile, so what was just held goes back
 */
export async function holdRefund(
  transaction: Transaction,
  calls: ReturnsOriginal,
  token: string | undefined,
  dependencies: HoldDependencies,
): Promise<Hold> {
  const { transactions, originals } = dependencies;
  const { id, connection, original, providerOriginal } = transaction;
  const key = originalId(connection, providerOriginal ?? original ?? "");

  const left = await learn(key, transaction, calls, token, originals);
  if ("kind" in left) return left;
  const priced = isPriced(transaction) ? transaction : await fixPrice(transaction, left, dependencies);
  if ("kind" in priced && priced.kind === "refused") return priced;
  if (!("id" in priced)) return { kind: "refused", code: "refund_exceeds_remaining" };

  const hold = await originals.hold(key, id, priced.amount);
  switch (hold.kind) {
    case "held": {
      const now = await transactions.get(id, "consistent");
      if (now && isFinal(now.status) && now.status !== "succeeded") await originals.release(key, id);
      return { kind: "held" };
    }
    case "exceeds":
    case "given-back":
      return { kind: "refused", code: "refund_exceeds_remaining" };
    case "other-currency":
      return { kind: "refused", code: "currency_mismatch" };
    case "not-learned":
      throw new Error(`nothing is known of the original of ${id}`);
  }
}

/** By the provider's own figure where it has one, else by our own record or the caller's word, which came with the transaction. */
async function learn(
  key: string,
  transaction: Transaction,
  calls: ReturnsOriginal,
  token: string | undefined,
  originals: OriginalStore,
): Promise<Balance | Hold> {
  const known = await originals.remaining(key);
  if (known) return known;
  const reading = await calls.remaining(refundDraftOf(transaction), token);
  if (reading.kind === "refused") return { kind: "refused", code: reading.code };
  if (reading.kind !== "read") return reading;
  const figure = reading.value ?? transaction.originalAmount;
  if (!figure) return { kind: "refused", code: "original_unknown" };
  await originals.learn(key, figure);
  return (await originals.remaining(key)) ?? figure;
}

async function fixPrice(
  transaction: Transaction,
  left: Balance,
  { transactions, now }: HoldDependencies,
): Promise<PricedTransaction | { kind: "refused"; code: FailureCode }> {
  if (left.value < 1) return { kind: "refused", code: "refund_exceeds_remaining" };
  const shares = sharesWithin(left.value, transaction);
  if (shares === "above") return { kind: "refused", code: "split_rejected" };
  const fixed = await transactions.advance(transaction.id, price(left, shares, { by: "flow", at: now() }));
  // Not advanced: another execution has fixed it.
  const current = fixed.transaction;
  if (!current || !isPriced(current)) return { kind: "refused", code: "refund_exceeds_remaining" };
  return current;
}

function sharesWithin(total: number, { splits }: Transaction) {
  if (!splits) return undefined;
  try {
    return sharesOf(total, splits);
  } catch (error) {
    if (error instanceof RangeError) return "above";
    throw error;
  }
}
