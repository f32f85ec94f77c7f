/** What must hold at every moment: each a named question to the evidence, answered with what is wrong, if anything. */
import { isFinal, type Transaction } from "../../lib/domain/transaction.ts";
import type { Evidence, Invariants, Send, Write } from "./evidence.ts";

/** Bytes of JSON: what every write pays for. */
const itemBytesMax = 4_096;

/** Asked whenever a transaction was written. */
export const onWrite: Invariants<Write> = {
  "final-states-never-change": ({ before, after }) => {
    if (!before || !isFinal(before.status)) return undefined;
    if (after.status !== before.status) return `${after.id} went from ${before.status} to ${after.status}`;
    if (!before.owed) return `${after.id} was ${before.status} and was written again: ${after.log.at(-1)?.detail}`;
    return undefined;
  },
  "log-and-state-agree": ({ after }) => {
    const { id, status, log, attempts } = after;
    const last = log.at(-1)?.status;
    if (last !== status) return `${id} is ${status}, and its log ends with ${last}`;
    const claims = log.filter(isClaim).reduce((sum, { count }) => sum + (count ?? 1), 0);
    return attempts === claims ? undefined : `${id} has ${attempts} attempts, and its log ${claims}`;
  },
  "nothing-in-doubt-without-due-time": ({ after }) => {
    const { id, status, owed, nextActionAt } = after;
    const mustBeDue = !isFinal(status) || owed === true;
    if (mustBeDue === (nextActionAt !== undefined)) return undefined;
    return `${id} is ${status}${owed ? ", owing" : ""}, and ${mustBeDue ? "nobody will look at it" : "still due"}`;
  },
  "item-stays-small": ({ after }) => {
    const bytes = JSON.stringify(after).length;
    return bytes < itemBytesMax ? undefined : `${after.id} has ${bytes} bytes`;
  },
  "succeeded-only-when-moved": ({ after }, evidence) => {
    if (after.status !== "succeeded" || after.resolution) return undefined;
    const isThere = evidence.moving(after.id).some((moved) => moved.every(({ status }) => status === "settled"));
    return isThere ? undefined : `${after.id} succeeded, and the provider's ledger does not have it`;
  },
  "failed-only-when-not-moved": ({ after }, evidence) => {
    if ((after.status !== "failed" && after.status !== "canceled") || after.resolution) return undefined;
    return evidence.moving(after.id).length === 0 ? undefined : `${after.id} is ${after.status}, and its money moved`;
  },
};

/** Asked when a request to move money leaves. */
export const onSend: Invariants<Send> = {
  "never-sent-without-claim": ({ transactionId, attempt }, evidence) => {
    const transaction = evidence.transactions.get(transactionId);
    if (!transaction) return `an order of nobody: ${transactionId}`;
    const sent = evidence.sendsOf(transactionId).length;
    return sent < attempt ? undefined : `${transactionId}: order ${sent + 1} left with ${attempt} attempts claimed`;
  },
  "never-resent-where-forbidden": ({ transactionId }, evidence) => {
    const provider = evidence.transactions.get(transactionId)?.provider ?? "";
    if (rejectsDuplicates.has(provider)) return undefined;
    const before = evidence.sendsOf(transactionId).find(({ outcome }) => outcome !== "nothing");
    return (
      before && `${transactionId} left again, though attempt ${before.attempt} may have moved it (${before.outcome})`
    );
  },
};

/** Asked when a provider has carried out a request to move money. */
export const onArrival: Invariants<Send> = {
  "moved-at-most-once": ({ transactionId }, evidence) => {
    const times = evidence.moving(transactionId).length;
    return times <= 1 ? undefined : `the money of ${transactionId} moved ${times} times`;
  },
  "failed-never-moves-later": ({ transactionId, moved }, evidence) => {
    const { status, resolution } = evidence.transactions.get(transactionId) ?? {};
    if (moved.length === 0 || resolution || (status !== "failed" && status !== "canceled")) return undefined;
    return `${transactionId} is ${status}, and its money moved now`;
  },
  "moves-what-was-asked": ({ transactionId, moved }, evidence) => {
    const transaction = evidence.transactions.get(transactionId);
    if (moved.length === 0 || !transaction) return undefined;
    return differenceOf(transaction, rowsOf(moved));
  },
  "splits-add-up": ({ transactionId, moved }, evidence) => {
    const transaction = evidence.transactions.get(transactionId);
    if (moved.length === 0 || !transaction?.splits) return undefined;
    return wrongShareOf(transaction, rowsOf(moved));
  },
  "refunds-within-original": ({ moved }, evidence) => {
    const original = moved[0]?.original;
    if (original === undefined) return undefined;
    return original && exceeds(original, evidence);
  },
};

/** Paysafe's documents prove that a reference is taken once (409/5031). */
const rejectsDuplicates = new Set(["paysafe"]);

function isClaim({ detail }: Transaction["log"][number]): boolean {
  return detail?.startsWith("attempt claimed") ?? false;
}

/** What leaves somebody's account; or, where that is not booked, what comes in. */
function rowsOf(moved: Send["moved"]): Send["moved"] {
  const debits = moved.filter(({ direction }) => direction === "debit");
  return debits.length > 0 ? debits : moved;
}

function differenceOf({ id, amount }: Transaction, rows: Send["moved"]): string | undefined {
  const sum = rows.reduce((total, row) => total + row.amount.value, 0);
  if (sum !== amount?.value) return `${id} is of ${amount?.value}, and ${sum} moved`;
  const hasOther = rows.some((row) => row.amount.currency !== amount.currency);
  return hasOther ? `${id} moved in another currency` : undefined;
}

/** Each share is of the account that it was asked from; what none of them takes is the main account's. */
function wrongShareOf({ id, splits = [] }: Transaction, rows: Send["moved"]): string | undefined {
  const paidBy = (account: string): number => rows.find((row) => row.account === account)?.amount.value ?? 0;
  const wrong = splits.find(({ linkedAccount, amount = 0 }) => amount !== paidBy(linkedAccount));
  return wrong && `${id}: ${wrong.linkedAccount} pays ${paidBy(wrong.linkedAccount)} instead of ${wrong.amount}`;
}

/** What the provider returned of an original, against what there was when the first refund looked. */
function exceeds(original: string, evidence: Evidence): string | undefined {
  const returned = evidence
    .movements()
    .filter((movement) => movement.original === original && movement.status !== "failed")
    .reduce((sum, { amount }) => sum + amount.value, 0);
  const limit = evidence.limits.get(original);
  return limit === undefined || returned <= limit ? undefined : `${returned} of ${limit} returned of ${original}`;
}
