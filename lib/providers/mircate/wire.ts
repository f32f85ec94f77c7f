/** Mircate's answers as they come over the wire. Every documented member is optional; numbers are digits, as text. */
import * as z from "zod/mini";
import { parseExactJson } from "../exact-json.ts";

const id = z.string().check(z.minLength(1));

/** What a refund answers with (Refund page, read 2026-11). `balance` is not read: nobody says of what, or in which unit. */
export const RefundAnswer = z.object({
  transaction: z.object({
    transactionId: id,
    type: z.nullish(z.string()),
    amount: z.nullish(z.string()),
    refundedTransactionId: z.nullish(z.string()),
  }),
});

/** A row of List Transactions (read 2026-11). The page promises no `refundedTransactionId`; where it comes, it counts. */
export const Row = z.object({
  transactionId: id,
  type: z.nullish(z.string()),
  amount: z.nullish(z.string()),
  createdAt: z.nullish(z.string()),
  refundedTransactionId: z.nullish(z.string()),
});
export type Row = z.infer<typeof Row>;

/** Rows are read one by one: a page with one that cannot be read is still a page. */
export const Page = z.object({ transactions: z.array(z.unknown()), total: z.string().check(z.regex(/^\d{1,9}$/)) });

/** `code` is VALIDATION where the platform refuses a body before the method runs; no other code is documented. */
export const Failure = z.object({
  code: z.nullish(z.string()),
  message: z.nullish(z.string()),
  issues: z.nullish(z.array(z.object({ instancePath: z.nullish(z.string()), message: z.nullish(z.string()) }))),
});
export type Failure = z.infer<typeof Failure>;

/** A body in the shape asked for, or undefined: failures may come as JSON, as plain text, or empty. */
export function parseBody<Shape>(shape: z.ZodMiniType<Shape>, text: string): Shape | undefined {
  try {
    return shape.safeParse(parseExactJson(text)).data;
  } catch {
    return undefined;
  }
}
