/** Paysafe's answers as they come over the wire. Numbers are digits, as text (exact-json.ts); statuses are open strings. */
import * as z from "zod/mini";
import { parseExactJson } from "../exact-json.ts";

const minorUnits = z.string().check(z.regex(/^\d{1,15}$/));
const decimal = z.string().check(z.regex(/^\d{1,15}(\.\d{1,15})?$/));

export const FoundShare = z.object({
  linkedAccount: z.string(),
  percent: z.nullish(decimal),
  amount: z.nullish(minorUnits),
});
export type FoundShare = z.infer<typeof FoundShare>;

const ErrorMember = z.object({ code: z.string(), message: z.nullish(z.string()) });

/**
 * A refund, or the refusal of one. Paysafe answers a refusal in two forms: `error` alone where nothing was stored, and
 * `error` inside a refund with an id but without status, amount and time where the refused refund was (contract, section 8).
 */
export const Refund = z.object({
  id: z.nullish(z.string()),
  merchantRefNum: z.nullish(z.string()),
  status: z.nullish(z.string()),
  amount: z.nullish(minorUnits),
  splitpay: z.nullish(z.array(FoundShare)),
  error: z.nullish(ErrorMember),
});
export type Refund = z.infer<typeof Refund>;

export const Refunds = z.object({
  refunds: z.array(Refund),
  links: z.nullish(z.array(z.object({ rel: z.string(), href: z.string() }))),
});
export type Refunds = z.infer<typeof Refunds>;

export const Settlement = z.object({ status: z.string(), availableToRefund: z.nullish(minorUnits) });
export type Settlement = z.infer<typeof Settlement>;

/** The object in a body, or undefined where there is none that fits. */
export function parseBody<Schema extends z.ZodMiniType>(schema: Schema, text: string): z.output<Schema> | undefined {
  try {
    const parsed = schema.safeParse(parseExactJson(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
