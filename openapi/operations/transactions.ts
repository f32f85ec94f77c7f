/** The calls that read transactions, and those with which an operator ends them. */
import { ShownUsage } from "../../lib/lambda/shown-cost.ts";
import { ShownTransaction, ShownTransactions } from "../../lib/lambda/shown-transaction.ts";
import { canceledSpendback, resolvedSpendback, succeededSpendback, transactionId, usage } from "../examples/answers.ts";
import { resolution } from "../examples/requests.ts";
import { limitText } from "../list-texts.ts";
import type { Operation } from "../operation.ts";

const id = "The transaction's id, `txn_…`.";
const one = { title: "One", parameters: { id: transactionId } };

export const transactionOperations = {
  "list-transactions": {
    tag: "Transactions",
    summary: "List transactions",
    description:
      "Newest first, page by page. A filter that rarely matches may give a short page, even an empty one: go on while there is a `cursor`.",
    fields: {
      kind: "Only of this kind.",
      status: "Only those that are so now.",
      connection: "Only those that go through this connection.",
      batch: "Only those of this batch or run.",
      original: "Only refunds of this original.",
      from: "Only those accepted then or later: a day, or a moment with its zone.",
      to: "Only those accepted before: a day, or a moment with its zone.",
      limit: limitText,
      cursor: "The `cursor` of the page before.",
    },
    examples: [{ title: "What waits for an operator", parameters: { status: "needs_review" } }],
    answers: {
      200: { text: "A page.", shows: ShownTransactions, example: { items: [succeededSpendback] } },
    },
  },
  "get-transaction": {
    tag: "Transactions",
    summary: "Read a transaction",
    description: "With its log. One that is overdue is looked up at the provider again for it.",
    fields: { id },
    examples: [one],
    answers: { 200: { text: "The transaction as it is now.", shows: ShownTransaction, example: succeededSpendback } },
    problems: ["not_found"],
  },
  "cancel-transaction": {
    tag: "Transactions",
    summary: "Cancel a transaction",
    description:
      "Takes back what was not sent, or what the provider can still take back. Canceling twice is canceling once.",
    fields: { id },
    examples: [one],
    answers: { 200: { text: "It is canceled.", shows: ShownTransaction, example: canceledSpendback } },
    problems: ["not_found", "not_cancelable", "provider_unavailable"],
  },
  "resolve-transaction": {
    tag: "Transactions",
    summary: "Resolve a transaction that needs review",
    description:
      "An operator says how a transaction ended that the provider cannot tell about. The word is kept with the key that said it, and what the transaction held is given back or passed on. Resolving twice alike is resolving once.",
    fields: {
      id,
      outcome: "`succeeded`: the money moved. `failed`: it did not.",
      reason: { description: "How you know, in your words.", minLength: 1 },
      providerTransactionId: {
        description: "The provider's id of the movement. Not with `failed`: what did not move has none.",
        minLength: 1,
      },
    },
    examples: [{ title: "It moved", parameters: { id: transactionId }, body: resolution }],
    answers: { 200: { text: "It is resolved.", shows: ShownTransaction, example: resolvedSpendback } },
    problems: ["not_found", "not_resolvable"],
  },
  "get-usage": {
    tag: "Transactions",
    summary: "Read a month's usage",
    description:
      "How many transactions began in a month, what moved, and what all of it consumed. Each is counted once and is part of the month in which it began, whenever it ends.",
    fields: { month: { description: "In UTC; not in the future.", pattern: "^20[0-9][0-9]-(0[1-9]|1[0-2])$" } },
    examples: [{ title: "November", parameters: { month: usage.month } }],
    answers: { 200: { text: "What it came to so far.", shows: ShownUsage, example: usage } },
  },
} as const satisfies Readonly<Record<string, Operation>>;
