/** Nexio's answers as they come over the wire. Numbers are digits, as text, so `"12610"` and `12610` are the same id. */
import * as z from "zod/mini";
import { parseExactJson } from "../exact-json.ts";

/** Numbers arrive as their source text (see exact-json.ts). */
const digits = z.string().check(z.regex(/^-?\d/));
const integer = z.string().check(z.regex(/^-?\d+$/));

/** A spendback: what Submit spendback and View a spendback answer, and a row of the list. `spendbackStatus` is open. */
export const SpendbackRecord = z.object({
  id: integer,
  spendbackRef: z.string(),
  recipientId: z.nullish(z.string()),
  recipientRef: z.nullish(z.string()),
  amount: digits,
  currency: z.string(),
  spendbackStatus: z.string(),
});
export type SpendbackRecord = z.infer<typeof SpendbackRecord>;

/** What Spendback refund answers. Whether `spendbackId` is the original's or the refund's own is not documented. */
export const RefundRecord = z.object({
  id: z.nullish(integer),
  spendbackId: z.nullish(integer),
  spendbackRef: z.string(),
  amount: digits,
  currency: z.nullish(z.string()),
  spendbackStatus: z.string(),
});

/** A page of the list. Rows are read one by one: those of others are none of our business, whatever they look like. */
export const SpendbackPage = z.object({ rows: z.array(z.unknown()), hasMore: z.optional(z.boolean()) });

export const RowReference = z.object({ spendbackRef: z.string() });

/** One entry per spendback-capable provider account under a `recipientRef`. */
export const RecipientBalances = z.object({
  recipientBalances: z.array(z.object({ amount: digits, currency: z.string(), providerId: z.nullish(z.string()) })),
});

/** A failure in words. The documented sample is `{"error":435,"message":"Declined for CVV failure",…}`. */
export const Failure = z.object({ error: integer, message: z.string() });
export type Failure = z.infer<typeof Failure>;

/** What a body says in this shape, or undefined where it does not. */
export function parseAs<Schema extends z.ZodMiniType>(schema: Schema, text: string): z.infer<Schema> | undefined {
  try {
    return schema.safeParse(parseExactJson(text)).data;
  } catch {
    return undefined;
  }
}
