/** What must hold of accruals at every moment: each is paid exactly once, or waits, or is canceled. */
import type { Accrual } from "../../lib/domain/accrual.ts";
import type { CashbackRun } from "../../lib/domain/cashback-run.ts";
import type { Payout } from "../../lib/domain/payout.ts";
import type { Written } from "./batch-invariants.ts";
import type { Evidence, Invariants, Send, Write } from "./evidence.ts";

/** The wallet of the connection, which pays what names no sender. */
const ownWallet = "1250386995";

/** Asked whenever an accrual was written. */
export const onAccrual: Invariants<Written<Accrual>> = {
  "canceled-accruals-stay-canceled": ({ before, after }) =>
    before?.state === "canceled" ? `${after.id} was canceled, and is ${after.state}` : undefined,
  "canceled-accruals-are-not-paid": ({ after }, evidence) => {
    if (after.state !== "canceled") return undefined;
    const payout = evidence.doors.payoutsOf(after).find((one) => !isInVain(one, evidence));
    return payout && `${after.id} is canceled, and ${payout.id} pays it`;
  },
  "accruals-wait-again-only-unpaid": ({ before, after }, evidence) => {
    if (before?.state !== "assigned" || after.state !== "waiting") return undefined;
    const payout = evidence.doors.payoutsOf(after).find((one) => !isInVain(one, evidence));
    return payout && `${after.id} waits again, and ${payout.id} pays it`;
  },
  "a-key-is-one-transaction": ({ before, after }, { doors }) => {
    const key = after.metadata?.["key"];
    const [id] = before || key === undefined ? [] : doors.madeFor(after.tenant, key);
    return id && `${after.id} was made for ${key}, and so was ${id}`;
  },
};

/** Asked whenever a payout was written. */
export const onPayout: Invariants<Written<Payout>> = {
  "a-payout-is-decided-once": ({ before, after }) => {
    if (!before) return undefined;
    const { decision: _first, closed: _open, ...was } = before;
    const { decision: _last, closed: _over, ...is } = after;
    const isSame = before.decision === undefined || same(before.decision, after.decision);
    return isSame && same(was, is) ? undefined : `${after.id} was changed after it was decided`;
  },
  "a-payout-is-of-one-group": ({ after }, { doors }) => {
    const run = doors.runs.get(after.run);
    const stranger = after.members.find(({ id, value }) => {
      const accrual = doors.accruals.get(id);
      return (
        accrual?.tenant !== after.tenant ||
        accrual.connection !== after.connection ||
        accrual.receiver.walletNumber !== after.receiver.walletNumber ||
        (accrual.sender?.walletNumber ?? ownWallet) !== (after.sender?.walletNumber ?? ownWallet) ||
        accrual.amount.currency !== after.currency ||
        accrual.amount.value !== value ||
        accrual.createdAt >= (run?.cutoff ?? "")
      );
    });
    return stranger && `${after.id} of ${after.run} has ${stranger.id}, which does not belong to it`;
  },
  "closed-payouts-are-over": ({ before, after }, evidence) => {
    if (!after.closed || before?.closed || after.decision?.kind !== "pay") return undefined;
    const status = transactionOf(after, evidence)?.status;
    const isOver = status === "succeeded" || status === "failed" || status === "canceled";
    return isOver ? undefined : `${after.id} is closed, and its transaction is ${status ?? "not there"}`;
  },
};

/** Asked whenever a run was written. */
export const onRun: Invariants<Written<CashbackRun>> = {
  "one-run-for-a-due-time": ({ before, after }, { doors }) => {
    const { id, tenant, connection, dueAt } = after;
    const other = before
      ? undefined
      : doors.runs
          .all()
          .find(
            (one) => one.id !== id && one.tenant === tenant && one.connection === connection && one.dueAt === dueAt,
          );
    return other && `${id} and ${other.id} are both for ${dueAt}`;
  },
  "runs-that-are-done-stay-done": ({ before, after }) =>
    before?.stage === "done" ? `${after.id} was done, and is ${after.stage}` : undefined,
};

/** Asked whenever a transaction was written. */
export const onPayoutWrite: Invariants<Write> = {
  "accruals-add-up": ({ before, after }, { doors }) => {
    if (before || !after.accruals) return undefined;
    const payout = doors.payoutOf(after);
    const accruals = payout ? doors.accrualsOf(payout) : [];
    const sum = accruals.reduce((total, { amount }) => total + amount.value, 0);
    const isRight =
      sum === after.amount?.value &&
      accruals.length === after.accruals.count &&
      accruals.every(({ amount }) => amount.currency === after.amount?.currency);
    return isRight ? undefined : `${after.id} is of ${after.amount?.value}, and its accruals are of ${sum}`;
  },
  "pays-only-what-is-assigned": ({ before, after }, { doors }) => {
    const payout = before ? undefined : doors.payoutOf(after);
    const other = payout && doors.accrualsOf(payout).find((one) => one.payout !== payout.id);
    return other && `${after.id} is to pay ${other.id}, which is ${other.state}`;
  },
};

/** Asked when a provider has carried out a request to move money. */
export const onPayoutArrival: Invariants<Send> = {
  "accruals-are-paid-once": ({ transactionId, moved }, evidence) => {
    const { doors, transactions } = evidence;
    const transaction = transactions.get(transactionId);
    const payout = transaction && doors.payoutOf(transaction);
    if (moved.length === 0 || !payout) return undefined;
    for (const accrual of doors.accrualsOf(payout)) {
      const [one, other] = doors.payoutsOf(accrual).filter((paid) => isMoved(paid, evidence));
      if (one && other) return `${accrual.id} was paid by ${one.id} and by ${other.id}`;
      if (accrual.state === "canceled") return `${accrual.id} is canceled, and ${payout.id} paid it`;
    }
    return undefined;
  },
};

export function transactionOf(payout: Payout, { transactions }: Evidence) {
  return [...transactions.values()].find((one) => one.accruals?.payout === payout.id);
}

export function isMoved(payout: Payout, evidence: Evidence): boolean {
  const transaction = transactionOf(payout, evidence);
  return transaction !== undefined && evidence.moves(transaction.id);
}

/** Whether the transaction of its payout has succeeded. */
export function isPaid({ state, payout }: Accrual, { transactions }: Evidence): boolean {
  if (state !== "assigned") return false;
  return [...transactions.values()].some((one) => one.accruals?.payout === payout && one.status === "succeeded");
}

/** Whether it surely pays nothing: its transaction is there, and over. */
function isInVain(payout: Payout, evidence: Evidence): boolean {
  const { id = "", status } = transactionOf(payout, evidence) ?? {};
  return (status === "failed" || status === "canceled") && !evidence.moves(id);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
