/** The calls about cashbacks that are collected, and about the schedules that pay them. */
import { ShownAccrual, ShownAccruals, ShownSchedule, ShownScheduleDeletion } from "../../lib/lambda/shown-accrual.ts";
import * as answers from "../examples/accrual-answers.ts";
import { cashbackConnectionId, schedule } from "../examples/requests.ts";
import { limitText } from "../list-texts.ts";
import { minorUnits } from "../money-texts.ts";
import type { Operation } from "../operation.ts";

const id = "The accrual's id, `acc_…`.";
const one = { title: "One", parameters: { id: answers.accrualId } };

const connection = "The id of a connection that gives cashbacks.";
const place = { connection: cashbackConnectionId };

export const accrualOperations = {
  "list-accruals": {
    tag: "Accruals",
    summary: "List accruals",
    description:
      "Newest first, page by page. A filter that rarely matches may give a short page, even an empty one: go on while there is a `cursor`.",
    fields: {
      connection: "Only those that go through this connection.",
      status: "Only those that are so now.",
      receiver: "Only those of this wallet.",
      transaction: "Only those that this transaction pays, or was to.",
      limit: limitText,
      cursor: "The `cursor` of the page before.",
    },
    examples: [{ title: "A wallet's", parameters: { receiver: answers.waitingAccrual.receiver.walletNumber } }],
    answers: {
      200: {
        text: "A page.",
        shows: ShownAccruals,
        example: { items: [answers.waitingAccrual, answers.paidAccrual] },
      },
    },
  },
  "get-accrual": {
    tag: "Accruals",
    summary: "Read an accrual",
    description: "With the transaction that pays it, once there is one.",
    fields: { id },
    examples: [one],
    answers: { 200: { text: "The accrual as it is now.", shows: ShownAccrual, example: answers.waitingAccrual } },
    problems: ["not_found"],
  },
  "cancel-accrual": {
    tag: "Accruals",
    summary: "Cancel an accrual",
    description:
      "Takes back what waits; what is being paid, or is paid, is not taken back. Canceling twice is canceling once.",
    fields: { id },
    examples: [one],
    answers: { 200: { text: "It is canceled.", shows: ShownAccrual, example: answers.canceledAccrual } },
    problems: ["not_found", "not_cancelable"],
  },
  "put-cashback-schedule": {
    tag: "Accruals",
    summary: "Set a cashback schedule",
    description:
      "Says when a connection's accruals are paid: each run pays what waits, one cashback for each sender, receiver and currency. What is put is the whole schedule, and putting it again changes nothing, so no key is asked for. A run that is due already is not put off.",
    fields: {
      connection,
      cron: {
        description:
          "Five fields as people write them, or EventBridge's `cron(…)` with six. A time of day that clocks skip comes when they have gone forward, and one that they show twice comes once.",
        minLength: 1,
        maxLength: 200,
      },
      timeZone: "Whose clocks count, as an IANA time zone.",
      minimumPayout: {
        description: "Minor units by currency: what sums up to less for a receiver is not paid, and waits for more.",
        propertyNames: { type: "string", pattern: "^[A-Z]{3}$" },
        additionalProperties: minorUnits,
      },
      description: "Goes with each payment, to providers that take a text.",
      paused: "True: nothing is paid until it is put without.",
    },
    examples: [{ title: "Mondays at six, from 5.00 TRY", parameters: place, body: schedule }],
    answers: {
      200: { text: "It replaces the one before.", shows: ShownSchedule, example: answers.usedSchedule },
      201: { text: "It is the first one.", shows: ShownSchedule, example: answers.newSchedule },
    },
    problems: ["unknown_connection", "unsupported_operation"],
  },
  "get-cashback-schedule": {
    tag: "Accruals",
    summary: "Read a cashback schedule",
    description:
      "When it pays next, and what its last run came to: `GET /v1/transactions?batch=` and the run's id lists what that paid with.",
    fields: { connection },
    examples: [{ title: "One", parameters: place }],
    answers: { 200: { text: "The schedule.", shows: ShownSchedule, example: answers.usedSchedule } },
    problems: ["not_found"],
  },
  "delete-cashback-schedule": {
    tag: "Accruals",
    summary: "Delete a cashback schedule",
    description: "There are no more runs; one that has begun is brought to its end. What waits goes on waiting.",
    fields: { connection },
    examples: [{ title: "One", parameters: place }],
    answers: {
      200: {
        text: "It is gone.",
        shows: ShownScheduleDeletion,
        example: { ...place, deleted: true },
      },
    },
    problems: ["not_found"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
