/** Fields that answers have in common, each with what it says. Only the API's description is made from these: no Lambda loads them. */
import * as z from "zod/mini";
import { amountMinorMax } from "../domain/money.ts";
import type { Status } from "../domain/transaction.ts";

export function textField(description: string, example?: string) {
  return z.string().check(z.meta({ description, ...(example !== undefined && { examples: [example] }) }));
}

/** ISO 8601 in UTC. */
export function momentField(description: string) {
  return z.string().check(z.meta({ description, format: "date-time" }));
}

export function countField(description: string) {
  return z.int().check(z.minimum(0), z.describe(description));
}

/** A figure for each status that a transaction can have. */
export const countsByStatus = {
  pending: countField("Nothing was sent."),
  processing: countField("Sent, or about to be."),
  succeeded: countField("The money moved."),
  failed: countField("It did not move."),
  canceled: countField("Taken back."),
  needs_review: countField("An operator is asked."),
} as const satisfies Record<Status, z.ZodMiniType>;

export const ShownAmount = z
  .object({
    value: z
      .int()
      .check(
        z.minimum(1),
        z.maximum(amountMinorMax),
        z.describe("Minor units: 19.99 USD is 1999, 1999 JPY is 1999, 1.234 TND is 1234."),
      ),
    currency: textField("ISO 4217, in capitals.", "USD"),
  })
  .check(z.meta({ id: "Amount", description: "Money that moves." }));

/** A page of a list. */
export function pageOf<Item extends z.ZodMiniType>(item: Item, id: string, description: string) {
  return z
    .object({
      items: z.array(item).check(z.describe("What the page holds.")),
      cursor: z.exactOptional(textField("Give it to the same call for the next page. Absent: there are no more.")),
    })
    .check(z.meta({ id, description }));
}
