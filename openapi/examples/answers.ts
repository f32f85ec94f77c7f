/** Answers as the local stack gives them. */
import { transactionId as transactionIdOf } from "../../lib/domain/ids.ts";
import { webhookDeliveryId } from "../../lib/domain/webhook-delivery.ts";
import { webhookEndpointId } from "../../lib/domain/webhook-endpoint.ts";
import { costOfTwo, costWhenAccepted, costWhenFinished } from "./costs.ts";

// Ids are derived from tenant and key, so these are what the example calls make with the keys that the page gives them: a
// reader who tries one call after the other finds what the first ones made.
export const transactionId = transactionIdOf("local", "spendback", "try-createSpendback-1");
export const endpointId = webhookEndpointId("local", "try-createWebhookEndpoint-1");
export const deliveryId = webhookDeliveryId(endpointId, `${transactionId}_3`);

export const pendingSpendback = {
  id: transactionId,
  kind: "spendback",
  status: "pending",
  connection: "ipayout",
  provider: "ipayout",
  amount: { value: 1_999, currency: "USD" },
  recipient: { id: "ben-alice" },
  description: "Commission of October, taken back",
  metadata: { order: "17" },
  attempts: 0,
  cost: costWhenAccepted,
  createdAt: "2026-11-20T13:58:47.827Z",
  updatedAt: "2026-11-20T13:58:47.827Z",
  nextActionAt: "2026-11-20T14:00:17.827Z",
  log: [{ at: "2026-11-20T13:58:47.827Z", status: "pending", by: "api" }],
};

const { nextActionAt: _over, ...spendback } = pendingSpendback;

export const succeededSpendback = {
  ...spendback,
  status: "succeeded",
  attempts: 1,
  providerTransactionId: transactionId,
  cost: costWhenFinished,
  updatedAt: "2026-11-20T13:58:47.894Z",
  log: [
    ...spendback.log,
    { at: "2026-11-20T13:58:47.879Z", status: "processing", by: "flow", detail: "attempt claimed" },
    { at: "2026-11-20T13:58:47.894Z", status: "succeeded", by: "flow", detail: "Completed" },
  ],
};

export const canceledSpendback = {
  ...spendback,
  status: "canceled",
  updatedAt: "2026-11-20T13:58:48.102Z",
  log: [
    ...spendback.log,
    { at: "2026-11-20T13:58:48.102Z", status: "canceled", by: "key:key_local", detail: "canceled" },
  ],
};

export const resolvedSpendback = {
  ...spendback,
  status: "succeeded",
  attempts: 1,
  providerTransactionId: "48213377",
  resolution: {
    reason: "On the provider's statement of 20 November",
    by: "key:key_local",
    at: "2026-11-23T15:02:11.310Z",
  },
  updatedAt: "2026-11-23T15:02:11.310Z",
  log: [
    ...spendback.log,
    { at: "2026-11-20T13:58:47.879Z", status: "processing", by: "flow", detail: "attempt claimed" },
    {
      at: "2026-11-20T13:58:48.120Z",
      status: "processing",
      by: "flow",
      detail: "unknown: timeout",
      count: 71,
      lastAt: "2026-11-23T13:58:49.001Z",
    },
    { at: "2026-11-23T13:58:49.001Z", status: "needs_review", by: "follow-up", detail: "the deadline has passed" },
    {
      at: "2026-11-23T15:02:11.310Z",
      status: "succeeded",
      by: "key:key_local",
      detail: "resolved: On the provider's statement of 20 November",
    },
  ],
};

export const processingRefund = {
  id: transactionIdOf("local", "refund", "try-createRefund-2"),
  kind: "refund",
  status: "processing",
  connection: "paysafe",
  provider: "paysafe",
  amount: { value: 10_098, currency: "USD" },
  original: "stl-10098",
  splits: [
    { linkedAccount: "1001391850", percent: "5.75", amount: 581 },
    { linkedAccount: "1001391860", amount: 500 },
  ],
  attempts: 1,
  createdAt: "2026-11-20T14:03:09.115Z",
  updatedAt: "2026-11-20T14:03:09.201Z",
  nextActionAt: "2026-11-20T14:04:39.115Z",
  log: [
    { at: "2026-11-20T14:03:09.115Z", status: "pending", by: "api" },
    { at: "2026-11-20T14:03:09.201Z", status: "processing", by: "flow", detail: "attempt claimed" },
  ],
};

export const pendingCashback = {
  id: transactionIdOf("local", "cashback", "try-createCashback-1"),
  kind: "cashback",
  status: "pending",
  connection: "sipay",
  provider: "sipay",
  amount: { value: 1_000, currency: "TRY" },
  receiver: { walletNumber: "637606074" },
  attempts: 0,
  cost: costWhenAccepted,
  createdAt: "2026-11-20T14:05:30.400Z",
  updatedAt: "2026-11-20T14:05:30.400Z",
  nextActionAt: "2026-11-20T14:07:00.400Z",
  log: [{ at: "2026-11-20T14:05:30.400Z", status: "pending", by: "api" }],
};

const { nextActionAt: _paid, ...cashback } = pendingCashback;

export const succeededCashback = {
  ...cashback,
  status: "succeeded",
  attempts: 1,
  providerTransactionId: "895193944360218100008",
  cost: costWhenFinished,
  updatedAt: "2026-11-20T14:05:30.646Z",
  log: [
    ...cashback.log,
    { at: "2026-11-20T14:05:30.632Z", status: "processing", by: "flow", detail: "attempt claimed" },
    { at: "2026-11-20T14:05:30.646Z", status: "succeeded", by: "flow", detail: "code 100" },
  ],
};

export const usage = {
  month: "2026-11",
  transactions: { spendback: 1, refund: 0, cashback: 1 },
  byStatus: { pending: 0, processing: 0, succeeded: 2, failed: 0, canceled: 0, needs_review: 0 },
  moved: { USD: 1_999, TRY: 1_000 },
  cost: costOfTwo,
  countedTo: "2026-11-20T14:20:40.645Z",
};

export const balance = {
  connection: "ipayout",
  account: "ben-alice",
  available: { value: 98_001, currency: "USD" },
  at: "2026-11-20T14:06:02.250Z",
};

export const connectionCheck = {
  connection: "ipayout",
  provider: "ipayout",
  login: { status: "accepted" },
  at: "2026-11-20T14:06:40.015Z",
};

export const health = {
  status: "degraded",
  database: "ok",
  secret: "ok",
  connections: [
    { id: "ipayout", provider: "ipayout", status: "configured", breaker: { state: "closed" } },
    {
      id: "paysafe",
      provider: "paysafe",
      status: "configured",
      breaker: {
        state: "open",
        failures: 5,
        since: "2026-11-20T14:06:40.015Z",
        retryAt: "2026-11-20T14:07:02.310Z",
      },
    },
    { id: "half", status: "unconfigured", problem: "baseUrl: is required" },
  ],
};

export const endpoint = {
  id: endpointId,
  url: "http://127.0.0.1:4010/_sandbox/receiver",
  events: ["transaction.succeeded", "transaction.failed"],
  description: "The ledger",
  status: "enabled",
  createdAt: "2026-11-20T14:10:00.000Z",
};

export const newEndpoint = { ...endpoint, secret: "whsec_bm90IGEgc2VjcmV0LCBhbiBleGFtcGxlIG9mIG9uZSE=" };

export const delivery = {
  id: deliveryId,
  event: "transaction.succeeded",
  webhookId: `${transactionId}_3`,
  transaction: transactionId,
  status: "succeeded",
  attempts: [
    { at: "2026-11-20T14:10:31.000Z", error: "timeout", durationMs: 15_000 },
    { at: "2026-11-20T14:10:51.300Z", status: 204, durationMs: 41 },
  ],
  createdAt: "2026-11-20T14:10:30.894Z",
};
