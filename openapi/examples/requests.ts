/** Calls to try on the local stack, with the sandbox's own accounts. */

export const spendback = {
  connection: "ipayout",
  recipient: { id: "ben-alice" },
  amount: { value: 1_999, currency: "USD" },
  description: "Commission of October, taken back",
  metadata: { order: "17" },
};

export const partialRefund = {
  connection: "paysafe",
  original: "stl-100",
  amount: { value: 2_500, currency: "USD" },
};

export const refundOfTheRest = {
  connection: "mircate",
  original: "spent-60",
  account: { accountNumber: "alice-try", currency: "TRY" },
};

export const splitRefund = {
  connection: "paysafe",
  original: "stl-10098",
  amount: { value: 10_098, currency: "USD" },
  splits: [
    { linkedAccount: "1001391850", percent: 5.75 },
    { linkedAccount: "1001391860", amount: 500 },
  ],
};

export const cashback = {
  connection: "sipay",
  receiver: { walletNumber: "637606074" },
  amount: { value: 1_000, currency: "TRY" },
  payout: "now",
};

export const scheduledCashback = { ...cashback, amount: { value: 250, currency: "TRY" }, payout: "scheduled" };

export const schedule = {
  cron: "0 6 * * 1",
  timeZone: "Europe/Istanbul",
  minimumPayout: { TRY: 500 },
  description: "Your bonus of last week",
};

/** Its provider gives cashbacks. */
export const cashbackConnectionId = "sipay";

export const balanceQuery = { connection: "ipayout", account: "ben-alice", currency: "USD" };

export const connectionId = "ipayout";

/** Its provider signs no webhooks, so that anybody can send one. */
export const unsignedConnectionId = "mircate";

export const webhookEndpoint = {
  url: "http://127.0.0.1:4010/_sandbox/receiver",
  events: ["transaction.succeeded", "transaction.failed"],
  description: "The ledger",
};

export const resolution = {
  outcome: "succeeded",
  reason: "On the provider's statement of 20 November",
  providerTransactionId: "48213377",
};

export const replayOfATime = { from: "2026-11-20T00:00:00Z", to: "2026-11-21T00:00:00Z", status: "failed" };
