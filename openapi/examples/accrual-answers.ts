/** Answers about accruals and their schedule, as the local stack gives them. Their ids are those that the example calls make. */
import { groupOf } from "../../lib/domain/accrual.ts";
import { cashbackRunId } from "../../lib/domain/cashback-run.ts";
import { accrualId as accrualIdOf, payoutTransactionId } from "../../lib/domain/ids.ts";
import { amountOf } from "../../lib/domain/money.ts";
import { payoutId } from "../../lib/domain/payout.ts";
import { schedule } from "./requests.ts";

export const accrualId = accrualIdOf("local", "try-createCashback-2");

const receiver = { walletNumber: "637606074" };
const ranAt = "2026-11-16T03:00:00.000Z";
const run = cashbackRunId({ tenant: "local", connection: "sipay" }, ranAt);
const payout = payoutId(run, groupOf({ receiver, amount: amountOf(1_200, "TRY") }), 0);

export const waitingAccrual = {
  id: accrualId,
  status: "waiting",
  connection: "sipay",
  receiver,
  amount: { value: 250, currency: "TRY" },
  createdAt: "2026-11-20T14:05:34.468Z",
};

export const canceledAccrual = { ...waitingAccrual, status: "canceled", canceledAt: "2026-11-20T14:06:14.683Z" };

/** One of the week before. */
export const paidAccrual = {
  ...waitingAccrual,
  id: accrualIdOf("local", "order-1203"),
  status: "paid",
  amount: { value: 1_200, currency: "TRY" },
  createdAt: "2026-11-13T09:41:20.012Z",
  transaction: { id: payoutTransactionId("local", payout), status: "succeeded" },
};

export const newSchedule = {
  connection: "sipay",
  ...schedule,
  paused: false,
  nextRunAt: "2026-11-23T03:00:00.000Z",
  nextRuns: ["2026-11-23T03:00:00.000Z", "2026-11-30T03:00:00.000Z", "2026-12-07T03:00:00.000Z"],
  createdAt: "2026-11-20T14:05:40.652Z",
  updatedAt: "2026-11-20T14:05:40.652Z",
};

/** The same where it has run. */
export const usedSchedule = {
  ...newSchedule,
  lastRun: {
    id: run,
    dueAt: ranAt,
    status: "done",
    transactions: 1,
    accruals: 1,
    amounts: { TRY: 1_200 },
    rolledOver: 2,
    startedAt: "2026-11-16T03:00:21.104Z",
    endedAt: "2026-11-16T03:00:21.980Z",
  },
  createdAt: "2026-11-02T08:12:00.310Z",
  updatedAt: "2026-11-02T08:12:00.310Z",
};
