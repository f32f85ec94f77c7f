/** i-payout's answers as they come over the wire: the envelope and what lies in its `data`. Numbers are digits, as text. */
import * as z from "zod/mini";
import { type ExactJson, parseExactJson } from "../exact-json.ts";

/** Numbers arrive as their source text (see exact-json.ts). */
const digits = z.string().check(z.regex(/^-?\d/));
const integer = z.string().check(z.regex(/^-?\d+$/));

/** The envelope of every answer. `isSuccess` decides, not the HTTP status and not `statusCode` (guides show 200 where the API says 0). */
export const Envelope = z.object({
  issuccess: z.boolean(),
  statuscode: z.optional(integer),
  message: z.nullish(z.string()),
  data: z.optional(z.unknown()),
});
export type Envelope = z.infer<typeof Envelope>;

export const LoginData = z.object({ token: z.string().check(z.minLength(1)), expireinminutes: integer });

/** The guide says `currency`, the OpenAPI file `currencyCode`. */
export const BalanceData = z.object({
  balance: digits,
  currency: z.optional(z.string()),
  currencycode: z.optional(z.string()),
});

export const GuideSpendbackData = z.object({
  transactionid: z.nullish(z.string()),
  amount: z.optional(digits),
  currency: z.optional(z.string()),
  status: z.string(),
});

/** One element per checkout item; the item has an outcome of its own inside a successful envelope. */
export const OpenapiSpendbackData = z.array(
  z.object({ m_code: integer, m_text: z.nullish(z.string()), logtransactionid: z.optional(integer) }),
);

export const FoundTransaction = z.object({
  logtransactionid: z.optional(integer),
  merchantreferenceid: z.nullish(z.string()),
  currencycode: z.string(),
  amount: digits,
  fromusername: z.nullish(z.string()),
  transtatus: integer,
});
export type FoundTransaction = z.infer<typeof FoundTransaction>;

/** Nothing found may come as an empty list, as null, or without the member: the shape is not documented. */
export const FoundTransactions = z.pipe(
  z.nullish(z.array(FoundTransaction)),
  z.transform((found) => found ?? []),
);

/** The envelope in a body, or undefined where there is none. Keys are compared in lower case: failures come in PascalCase. */
export function parseEnvelope(text: string): Envelope | undefined {
  try {
    return Envelope.safeParse(lowerKeys(parseExactJson(text))).data;
  } catch {
    return undefined;
  }
}

function lowerKeys(value: ExactJson): ExactJson {
  if (Array.isArray(value)) return value.map(lowerKeys);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toLowerCase(), lowerKeys(member)]));
}
