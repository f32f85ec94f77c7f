/** Answers about batches, as the local stack gives them. Their ids are those that the example calls make. */
import { batchId as batchIdOf } from "../../lib/domain/batch.ts";
import { transactionId } from "../../lib/domain/ids.ts";
import { costOfThree, costWhenFinished } from "./costs.ts";

export const batchId = batchIdOf("local", "try-createBatch-1");
export const openBatchId = batchIdOf("local", "try-createBatch-2");
export const laterBatchId = batchIdOf("local", "try-createBatch-3");

const none = { pending: 0, processing: 0, succeeded: 0, failed: 0, canceled: 0, needs_review: 0 };

const begun = {
  id: batchId,
  name: "Returns of 20 November",
  status: "running",
  rows: 3,
  createdAt: "2026-11-20T15:00:12.289Z",
  startedAt: "2026-11-20T15:00:12.289Z",
};

const done = { ...begun, status: "done", endedAt: "2026-11-20T15:00:14.120Z" };

export const runningBatch = {
  ...begun,
  repeated: 0,
  counts: { ...none, pending: 3 },
  amounts: { USD: { total: 1_750, pending: 1_750 }, TRY: { total: 500, pending: 500 } },
};

export const doneBatch = {
  ...done,
  repeated: 0,
  counts: { ...none, succeeded: 3 },
  amounts: { USD: { total: 1_750, succeeded: 1_750 }, TRY: { total: 500, succeeded: 500 } },
  rate: { rowsPerSecond: 1.64 },
  cost: { ...costOfThree, transactions: 3 },
};

const open = {
  id: openBatchId,
  name: "Returns of 21 November",
  status: "open",
  rows: 1,
  createdAt: "2026-11-20T15:01:02.986Z",
};

export const filledBatch = {
  ...open,
  repeated: 0,
  counts: { ...none, pending: 1 },
  amounts: { USD: { total: 900, pending: 900 } },
};

export const startedBatch = { ...filledBatch, status: "running", startedAt: "2026-11-20T15:02:14.022Z" };

export const canceledBatch = {
  id: laterBatchId,
  name: "Bonuses of the new year",
  status: "canceled",
  rows: 1,
  runAt: "2027-01-04T06:00:00.000Z",
  createdAt: "2026-11-20T15:03:34.347Z",
  endedAt: "2026-11-20T15:04:14.099Z",
  repeated: 0,
  counts: { ...none, canceled: 1 },
  amounts: { TRY: { total: 700, canceled: 700 } },
};

export const batches = [open, done];

export const dryRun = {
  dryRun: true,
  rows: 3,
  counts: { accepted: 2, repeated: 0, refused: 1, unchecked: 0 },
  amounts: { USD: { total: 1_750, refused: 250, accepted: 1_500 }, TRY: { total: 500, accepted: 500 } },
  items: [
    {
      row: 1,
      kind: "refund",
      key: "return-2001",
      verdict: "refused",
      code: "refund_exceeds_remaining",
      detail: "Of this original 225 USD (minor units) are left to refund at this row.",
    },
    { row: 2, kind: "spendback", key: "commission-2001", verdict: "accepted" },
    { row: 3, kind: "cashback", key: "bonus-2001", verdict: "accepted" },
  ],
};

const spendbackId = transactionId("local", "spendback", "commission-2001");

export const batchItem = {
  row: 2,
  kind: "spendback",
  key: "commission-2001",
  status: "succeeded",
  transaction: {
    id: spendbackId,
    kind: "spendback",
    status: "succeeded",
    connection: "ipayout",
    provider: "ipayout",
    amount: { value: 1_250, currency: "USD" },
    recipient: { id: "ben-alice" },
    batch: batchId,
    batchRow: 2,
    notBefore: "2026-11-20T15:00:12.595Z",
    attempts: 1,
    providerTransactionId: spendbackId,
    cost: costWhenFinished,
    createdAt: "2026-11-20T15:00:12.595Z",
    updatedAt: "2026-11-20T15:00:13.683Z",
    log: [
      { at: "2026-11-20T15:00:12.595Z", status: "pending", by: "batch" },
      { at: "2026-11-20T15:00:13.571Z", status: "processing", by: "flow", detail: "attempt claimed" },
      { at: "2026-11-20T15:00:13.683Z", status: "succeeded", by: "flow", detail: "Completed" },
    ],
  },
};

/** A row whose turn has not come. */
export const waitingItem = { row: 3, kind: "cashback", key: "bonus-2001", status: "pending" };
