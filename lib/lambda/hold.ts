/** Holds a refund's part of its original, before anything is sent: what the flow's GetBalance does for a refund. */
import type { Balance } from "../domain/money.ts";
import type { FailureCode } from "../domain/outcome.ts";
import { sharesOf } from "../domain/splits.ts";
import { isPriced, type PricedTransaction, type Transaction } from "../domain/transaction.ts";
import { price } from "../domain/transitions.ts";
import type { ReturnsOriginal } from "../providers/port.ts";
import { type Figure, type OriginalStore, originalId, type Remaining } from "../store/originals.ts";
import type { TransactionStore } from "../store/port.ts";
import { refundDraftOf } from "./movement.ts";

export interface HoldDependencies {
  readonly transactions: Pick<TransactionStore, "get" | "advance">;
  readonly originals: OriginalStore;
  readonly now: () => Date;
}

interface Refused {
  readonly kind: "refused";
  readonly code: FailureCode;
}

type NotNow = { readonly kind: "session-rejected" } | { readonly kind: "unavailable"; readonly detail: string };

export type Hold = { readonly kind: "held" } | Refused | NotNow;

/**
 * Learns what is left of the original, fixes the amount of a refund of "the rest", and holds it. A figure that nobody has
 * relied on yet, and into which this refund does not fit, is asked for again: it may be old, or have been wrong.
 */
export async function holdRefund(
  transaction: Transaction,
  calls: ReturnsOriginal,
  token: string | undefined,
  dependencies: HoldDependencies,
): Promise<Hold> {
  const { originals } = dependencies;
  const key = originalId(transaction.connection, transaction.providerOriginal ?? transaction.original ?? "");
  const ask = () => figureOf(transaction, calls, token);

  const known = await originals.remaining(key);
  if (known) {
    const hold = await holdWithin(known, key, transaction, dependencies);
    if (hold.kind === "held" || known.isTouched) return hold;
    const figure = await ask();
    if (figure.kind !== "figure") return figure;
    // Nobody talks a provider's figure, or our own record, up.
    if (figure.value.source === "caller" && known.source !== "caller") return hold;
    await originals.relearn(key, known, figure.value);
    const relearned = await originals.remaining(key);
    if (!relearned) throw new Error(`nothing is known any more of the original of ${transaction.id}`);
    return holdWithin(relearned, key, transaction, dependencies);
  }
  const figure = await ask();
  if (figure.kind !== "figure") return figure;
  return holdWithin(await originals.learn(key, figure.value), key, transaction, dependencies);
}

/** The provider's own figure where it has one, else our own record's or the caller's word, which came with the transaction. */
async function figureOf(
  transaction: Transaction,
  calls: ReturnsOriginal,
  token: string | undefined,
): Promise<{ readonly kind: "figure"; readonly value: Figure } | Refused | NotNow> {
  const reading = await calls.remaining(refundDraftOf(transaction), token);
  if (reading.kind === "refused") return { kind: "refused", code: reading.code };
  if (reading.kind !== "read") return reading;
  if (reading.value) return { kind: "figure", value: { ...reading.value, source: "provider" } };
  const { originalAmount, providerOriginal } = transaction;
  if (!originalAmount) return { kind: "refused", code: "original_unknown" };
  return { kind: "figure", value: { ...originalAmount, source: providerOriginal === undefined ? "caller" : "own" } };
}

async function holdWithin(
  left: Remaining,
  key: string,
  transaction: Transaction,
  dependencies: HoldDependencies,
): Promise<{ readonly kind: "held" } | Refused> {
  const named = transaction.account?.currency;
  if (named !== undefined && named !== left.currency) return { kind: "refused", code: "currency_mismatch" };
  const priced = isPriced(transaction) ? transaction : await fixPrice(transaction, left, dependencies);
  if (!("id" in priced)) return priced;
  const hold = await dependencies.originals.hold(key, priced.id, priced.amount);
  switch (hold.kind) {
    case "held":
      return { kind: "held" };
    case "exceeds":
    case "given-back":
      return { kind: "refused", code: "refund_exceeds_remaining" };
    case "other-currency":
      return { kind: "refused", code: "currency_mismatch" };
    case "not-learned":
      throw new Error(`nothing is known of the original of ${transaction.id}`);
  }
}

/** Fixes what the rest is, unless another execution of the same flow has: then what is left is without it already. */
async function fixPrice(
  transaction: Transaction,
  left: Balance,
  { transactions, now }: HoldDependencies,
): Promise<PricedTransaction | Refused> {
  const current = await transactions.get(transaction.id, "consistent");
  if (current && isPriced(current)) return current;
  if (left.value < 1) return { kind: "refused", code: "refund_exceeds_remaining" };
  const shares = sharesWithin(left.value, transaction);
  if (shares === "above") return { kind: "refused", code: "split_rejected" };
  const amount = { value: left.value, currency: left.currency };
  const fixed = await transactions.advance(transaction.id, price(amount, shares, { by: "flow", at: now() }));
  const { transaction: after } = fixed;
  return after && isPriced(after) ? after : { kind: "refused", code: "refund_exceeds_remaining" };
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
