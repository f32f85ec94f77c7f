/** What the API shows of costs and of a month's usage, for the API's description. */
import * as z from "zod/mini";
import { countField, countsByStatus, momentField, textField } from "./shown-field.ts";

/** May be below zero for a moment: what was foreseen too high is taken back by the next write. */
const counted = (description: string) => z.int().check(z.describe(description));

export const ShownCost = z
  .object({
    dollars: textField("The counts at list prices, as decimal text: 0.00001 is $10 a million.", "0.000009086289"),
    writeUnits: counted("DynamoDB's, over all tables and indexes."),
    readUnits: z.number().check(z.describe("DynamoDB's, in halves: a read that may be a moment old is half a unit.")),
    lambdaCalls: counted("Invocations of functions."),
    lambdaMs: counted("How long they took, in milliseconds."),
    lambdaMbMs: counted("The same, times each function's memory in megabytes."),
    apiCalls: counted("Calls of this API that changed it or set its flow going."),
    flows: counted("Executions of the flow."),
    flowMs: counted("How long they took, in milliseconds, with all waits."),
    transitions: counted("States that they entered."),
    pricesOf: z
      .string()
      .check(z.meta({ description: "Which list prices: the day from which they hold.", format: "date" })),
  })
  .check(z.meta({ id: "Cost", description: "What was consumed, metered, and what that is at AWS's list prices." }));
export type ShownCost = z.infer<typeof ShownCost>;

export const ShownBatchCost = z
  .object({ ...ShownCost.shape, transactions: countField("How many transactions these are.") })
  .check(z.meta({ id: "BatchCost", description: "What the transactions of a batch consumed together." }));

export const ShownUsage = z
  .object({
    month: textField("The month, in UTC.", "2026-11"),
    transactions: z
      .object({
        spendback: countField("Spendbacks."),
        refund: countField("Refunds."),
        cashback: countField("Cashbacks."),
      })
      .check(z.describe("How many began in the month, by kind.")),
    byStatus: z.object(countsByStatus).check(z.describe("The same, by how they stand now.")),
    moved: z
      .record(z.string(), z.union([countField("Minor units."), textField("The same as text.")]))
      .check(z.describe("What succeeded, in minor units by currency; as text where it is more than 9007199254740991.")),
    cost: ShownCost,
    countedTo: momentField(
      "Everything that began before is in. Where it is long ago, the next call goes on from there.",
    ),
  })
  .check(z.meta({ id: "Usage", description: "What a tenant's transactions of a month came to." }));
export type ShownUsage = z.infer<typeof ShownUsage>;
