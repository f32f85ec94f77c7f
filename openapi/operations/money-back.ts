/** The three calls that move money back. */
import { ShownAccrual } from "../../lib/lambda/shown-accrual.ts";
import { ShownTransaction } from "../../lib/lambda/shown-transaction.ts";
import { waitingAccrual } from "../examples/accrual-answers.ts";
import {
  pendingCashback,
  pendingSpendback,
  processingRefund,
  succeededCashback,
  succeededSpendback,
} from "../examples/answers.ts";
import {
  cashback,
  partialRefund,
  refundOfTheRest,
  scheduledCashback,
  spendback,
  splitRefund,
} from "../examples/requests.ts";
import type { DescribedAnswer, Operation } from "../operation.ts";

const headers = ["location", "replayed", "preferenceApplied"] as const;

const accepted = (example: unknown): DescribedAnswer => ({
  text: "It is accepted, and will be carried out or fail visibly, whatever happens to this connection. `Location` says where to look.",
  shows: ShownTransaction,
  example,
  headers,
});

const finished: DescribedAnswer = {
  text: "With `Prefer: wait=N`: it was finished in time, whether it succeeded or failed, or it waits for an operator.",
  shows: ShownTransaction,
  example: succeededSpendback,
  headers,
};

const finishedOrCollected: DescribedAnswer = {
  text: "Paid `now`, with `Prefer: wait=N`: the transaction, finished in time. `scheduled`: the accrual, which waits for the next run. `Location` says which.",
  shows: [ShownTransaction, ShownAccrual],
  examples: { "Paid now": succeededCashback, Scheduled: waitingAccrual },
  headers,
};

const outcome =
  "The answer is the transaction; what becomes of it is its `status`, which a `GET` reads, and of which the webhooks tell. Whatever leaves doubt (a timeout, a reset, an answer that cannot be read) is looked up at the provider, never guessed.";

export const moneyBackOperations = {
  "create-spendback": {
    tag: "Money back",
    summary: "Create a spendback",
    description: `A payee's wallet pays the merchant.\n\n${outcome}\n\nThe payee's balance is read first: where it does not cover the amount the transaction fails with \`insufficient_funds\`, and the provider is not asked to move anything.`,
    headers: ["prefer"],
    examples: [{ title: "19.99 USD from a payee", body: spendback }],
    answers: { 201: finished, 202: accepted(pendingSpendback) },
    problems: ["unknown_connection", "unsupported_operation", "idempotency_key_reused"],
  },
  "create-refund": {
    tag: "Money back",
    summary: "Create a refund",
    description: `An earlier payment returns: wholly, partly, or with shares clawed back from linked accounts.\n\n* Without \`amount\` the rest is refunded. At providers that tell no currency, name \`account.currency\` then.\n* \`original\` is the provider's id of the payment, or a transaction of ours.\n* Refunds of one original never exceed it: each holds its part before anything is sent. Where the record already says that it does not fit, the answer is 409; otherwise the transaction fails with \`refund_exceeds_remaining\`.\n* Two refunds of equal amounts are two refunds: the key decides what a repeat is.\n\n${outcome}`,
    headers: ["prefer"],
    examples: [
      { title: "25.00 USD of a settlement", body: partialRefund },
      { title: "All of 100.98 USD, with two shares", body: splitRefund },
      { title: "The rest", body: refundOfTheRest },
    ],
    answers: { 201: finished, 202: accepted(processingRefund) },
    problems: ["unknown_connection", "unsupported_operation", "idempotency_key_reused", "refund_exceeds_remaining"],
  },
  "create-cashback": {
    tag: "Money back",
    summary: "Create a cashback",
    description: `The merchant credits a customer's wallet: now, or with the next run of the connection's schedule.\n\nWith \`"payout": "scheduled"\` nothing is sent yet, and the answer is an accrual. The run pays what is collected for a receiver with one cashback, which \`GET /v1/accruals/{id}\` then names. One key stands for one of the two.\n\n${outcome}`,
    headers: ["prefer"],
    examples: [
      { title: "10.00 TRY to a wallet", body: cashback },
      { title: "2.50 TRY with the next run", body: scheduledCashback },
    ],
    answers: { 201: finishedOrCollected, 202: accepted(pendingCashback) },
    problems: ["unknown_connection", "unsupported_operation", "idempotency_key_reused"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
