/** What must hold when everything has come to rest, and nobody will act any more. */
import { isFinal, type Transaction } from "../../lib/domain/transaction.ts";
import type { Evidence, Invariants } from "./evidence.ts";
import type { Stores } from "./simulated-stores.ts";

/** Asked of each transaction before operators have their say. */
export const beforeOperators: Invariants<Transaction> = {
  converges: ({ id, status }) =>
    isFinal(status) || status === "needs_review" ? undefined : `${id} is ${status}, and nobody will look at it again`,
  "asks-operators-only-in-doubt": (transaction, evidence) => {
    if (transaction.status !== "needs_review") return undefined;
    return isReasonToAsk(transaction, evidence) ? undefined : `${transaction.id}: ${transaction.log.at(-1)?.detail}`;
  },
};

/** Asked of each transaction at the very end. */
export const atTheEnd: Invariants<Transaction> = {
  "succeeded-iff-moved": ({ id, status }, evidence) => {
    const moves = evidence.moving(id).length > 0;
    return status === "succeeded" && !moves ? `${id} succeeded, and nothing moved` : undefined;
  },
  "failed-iff-not-moved": ({ id, status }, evidence) => {
    const moves = evidence.moving(id).length > 0;
    return (status === "failed" || status === "canceled") && moves
      ? `${id} is ${status}, and its money moved`
      : undefined;
  },
  "holds-of-the-failed-are-given-back": ({ id, status }, evidence) => {
    if (status === "succeeded" || status === "needs_review") return undefined;
    const kept = [...evidence.originals].find(([, { holds }]) => (holds.get(id) ?? 0) > 0);
    return kept && `${id} is ${status} and still holds a part of ${kept[0]}`;
  },
  "holds-of-the-succeeded-stay": ({ id, kind, status, amount }, evidence) => {
    if (kind !== "refund" || status !== "succeeded") return undefined;
    const held = [...evidence.originals.values()].reduce((sum, { holds }) => sum + (holds.get(id) ?? 0), 0);
    return held === amount?.value ? undefined : `${id} succeeded with ${amount?.value} and holds ${held}`;
  },
  "turns-free-at-rest": ({ id, status }, evidence) => {
    if (!isFinal(status)) return undefined;
    const waiting = [...evidence.transactions.values()].find(
      (other) => !isFinal(other.status) && other.log.some(({ detail }) => detail?.includes(`waits: ${id}`)),
    );
    return waiting && `${id} is over, and ${waiting.id} waits for it`;
  },
};

/** What remains of each original and what is held of it is what was learned. */
export async function checkOriginals(evidence: Evidence, { originals }: Stores): Promise<void> {
  for (const [id, { learned, holds }] of evidence.originals) {
    const remaining = await originals.remaining(id);
    const held = [...holds.values()].reduce((sum, value) => sum + value, 0);
    if (remaining && remaining.value + held !== learned) {
      evidence.violate("holds-given-back-once", `${id}: ${remaining.value} remain and ${held} are held of ${learned}`);
    }
  }
}

/** An operator is asked right after a last lookup: what arrived before that must have been seen. */
const lastLookupMs = 60_000;

/** No call lives as long: what is made so long after it was sent looks like somebody else's. */
const muchLaterMs = 120_000;

/**
 * A provider cannot tell of an order that did not reach it, or did so too late. What it lists as moved, as it was ordered, an
 * operator should never see; but where there is no reference, two movements can be taken for each other, and so can an old and
 * a new one where clocks differ, or where it was carried out much later than it was sent.
 */
function isReasonToAsk({ id, log }: Transaction, evidence: Evidence): boolean {
  const [moving] = evidence.moving(id);
  if (!moving) return true;
  const asked = Date.parse(log.find(({ status }) => status === "needs_review")?.at ?? "");
  const { at = 0, arrivedAt = 0 } = evidence.sendsOf(id).find(({ moved }) => moved.length > 0) ?? {};
  const isListedLate = moving.some(({ plan, lookups }) => plan?.hidden !== undefined || lookups !== undefined);
  if (arrivedAt > asked - lastLookupMs || isListedLate) return true;
  const isNamed = moving.every(({ reference }) => reference === id);
  const isAlone = evidence
    .movements()
    .every((other) => moving.some((one) => one.id === other.id) || other.account !== moving[0]?.account);
  // A process that slept between its claim and its call sent what nobody was waiting for any more.
  const claimed = Date.parse(log.findLast(({ detail }) => detail?.startsWith("attempt claimed"))?.at ?? "");
  const isLate = arrivedAt - Math.min(at, claimed) > muchLaterMs;
  return !isNamed && (!isAlone || isLate || evidence.areClocksSkewed);
}
