/** The calls about batches: many requests under one name. */
import { ShownBatch, ShownBatches, ShownBatchItems, ShownDryRun } from "../../lib/lambda/shown-batch.ts";
import { rowsText } from "../batch-rows.ts";
import * as answers from "../examples/batch-answers.ts";
import * as requests from "../examples/batch-requests.ts";
import { limitText, limitTextOf } from "../list-texts.ts";
import type { DescribedAnswer, Operation } from "../operation.ts";

const id = "The batch's id, `bat_…`.";
const one = { title: "One", parameters: { id: answers.batchId } };
const cursor = "The `cursor` of the page before.";

/** What an order about a batch is answered with: it is noted, and carried out behind the answer. */
const noted = (text: string, example: unknown): DescribedAnswer => ({
  text,
  shows: ShownBatch,
  example,
  headers: ["location"],
});

const taken = (text: string, example: unknown): DescribedAnswer => ({
  ...noted(text, example),
  headers: ["location", "replayed"],
});

export const batchOperations = {
  "create-batch": {
    tag: "Batches",
    summary: "Create a batch",
    description:
      "Takes up to 5,000 rows a call, spendbacks, refunds and cashbacks mixed, and more by `POST /v1/batches/{id}/items`. All rows are checked before any is taken: where one is wrong nothing is stored, and every wrong field of every row is named.\n\nEach row becomes a transaction of its own, under its own key. A row whose key and request were used before, by whatever door, is that transaction, and moves nothing again. Rows of one connection start one after the other at its pace.\n\nIt starts at once; at `runAt`, where that is said; or when `POST /v1/batches/{id}/start` says so, where `start` is false or there are no rows yet.",
    fields: {
      items: rowsText,
      name: "Your name for it.",
      runAt:
        "When it is to start: a moment with its zone. One that is past is now; a year ahead at most. Not with `start`: false.",
      start: "False: it waits for its start.",
      dryRun:
        "True: says what would become of each row, and does nothing. Providers are asked what is left of originals, as far as that takes 15 seconds.",
    },
    examples: [
      { title: "Three rows, at once", body: requests.batch },
      { title: "One that is filled and started by calls of their own", body: requests.openBatch },
      { title: "One for later", body: requests.laterBatch },
      { title: "What would become of the rows", body: requests.dryBatch },
    ],
    answers: {
      200: { text: "With `dryRun`: what would become of each row.", shows: ShownDryRun, example: answers.dryRun },
      202: taken("It is taken, and will be carried out whatever happens to this connection.", answers.runningBatch),
    },
    problems: ["idempotency_key_reused"],
  },
  "list-batches": {
    tag: "Batches",
    summary: "List batches",
    description: "Newest first, page by page, without the figures that are read from the rows.",
    fields: { limit: limitText, cursor },
    answers: { 200: { text: "A page.", shows: ShownBatches, example: { items: answers.batches } } },
  },
  "get-batch": {
    tag: "Batches",
    summary: "Read a batch",
    description:
      "How many rows stand where, of how much money, how fast it goes and what it cost. The figures are always those of all rows; of a very large batch some may be moments old.",
    fields: { id },
    examples: [one],
    answers: { 200: { text: "The batch as it is now.", shows: ShownBatch, example: answers.doneBatch } },
    problems: ["not_found"],
  },
  "add-batch-items": {
    tag: "Batches",
    summary: "Add rows to a batch",
    description:
      "Also while it runs, and after: one that was done runs again. The rows are checked as those of a new batch are, and numbered behind those that are there. At most 1,000 calls bring rows to one batch, and at most 1,000,000 rows.",
    fields: { id, items: rowsText },
    examples: [{ title: "One more", parameters: { id: answers.openBatchId }, body: requests.moreRows }],
    answers: { 202: taken("They are the batch's.", answers.filledBatch) },
    problems: ["not_found", "batch_closed", "idempotency_key_reused"],
  },
  "list-batch-items": {
    tag: "Batches",
    summary: "List a batch's rows",
    description:
      "In their order, each with its transaction as it is now. A filter that rarely matches may give a short page, even an empty one: go on while there is a `cursor`.",
    fields: { id, status: "Only those that are so now.", limit: limitTextOf(100), cursor },
    examples: [one],
    answers: {
      200: { text: "A page.", shows: ShownBatchItems, example: { items: [answers.batchItem, answers.waitingItem] } },
    },
    problems: ["not_found"],
  },
  "start-batch": {
    tag: "Batches",
    summary: "Start a batch",
    description:
      "Now, also one that was to wait for its time. Starting what runs, or is done, changes nothing and is answered alike.",
    fields: { id },
    examples: [{ title: "One", parameters: { id: answers.openBatchId } }],
    answers: { 202: noted("It runs.", answers.startedBatch) },
    problems: ["not_found", "batch_closed"],
  },
  "retry-batch": {
    tag: "Batches",
    summary: "Retry a batch's failed rows",
    description:
      "Tries once more what definitely failed, each row as a new transaction, and nothing else: what is in doubt, canceled or succeeded stays as it is. From then on the row's key stands for its last try, through every door: its own call, repeated, answers with that transaction, and another batch takes it for its row. A repeat with the same key is the same retry.",
    fields: { id },
    examples: [one],
    answers: { 202: noted("They are tried once more.", answers.runningBatch) },
    problems: ["not_found", "batch_closed"],
  },
  "cancel-batch": {
    tag: "Batches",
    summary: "Cancel a batch",
    description:
      "Cancels the rows that were not sent; those on their way go on. Canceling what is canceled, or done, changes nothing.",
    fields: { id },
    examples: [{ title: "One", parameters: { id: answers.laterBatchId } }],
    answers: { 202: noted("What was not sent will not be.", answers.canceledBatch) },
    problems: ["not_found"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
