/** Sipay's answers as they come over the wire: the envelope and what lies in its `payload`. Numbers are digits, as text. */
import * as z from "zod/mini";
import { parseExactJson } from "../exact-json.ts";

/** Numbers arrive as their source text (see exact-json.ts), so ids of 21 digits stay whole. */
const digits = z.string().check(z.regex(/^-?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,2})?$/));

/** What is longer is not a code, a status or an id; they stand in a transaction's log. */
const word = z.string().check(z.maxLength(200));
const id = z.string().check(z.minLength(1), z.maxLength(200));

/** The envelope of every answer but the token's. The documents' tables misspell `message`, their samples do not. */
export const Envelope = z.object({
  status: z.string().check(z.regex(/^-?\d{1,9}$/)),
  code: word,
  message: z.nullish(z.string()),
  massage: z.nullish(z.string()),
  payload: z.optional(z.unknown()),
});
export type Envelope = z.infer<typeof Envelope>;

/** What CashBackCredit and CashBack answer. Source: https://walletapi.sipay.com.tr/en/transaction/cashback-credit, read 2026-11. */
export const CashbackData = z.object({
  transaction_id: id,
  ext_transaction_id: z.nullish(z.string()),
  transaction_amount: digits,
  wallet_info: z.nullish(z.object({ currency_code: z.nullish(word) })),
});

const Funds = z.object({ available: digits });

/** Source: https://walletapi.sipay.com.tr/en/wallet, read 2026-11. */
export const WalletData = z.object({
  wallet_info: z.object({ currency_code: word, payment_balance: Funds, cash_balance: Funds }),
});

/** What a transaction search found. */
export const FoundData = z.object({ results: z.nullable(z.array(z.unknown())) });

/** The one thing that is read of a row that may be anybody's. */
export const AnyRow = z.object({ ext_transaction_id: z.nullish(z.string()) });

/** Source: https://walletapi.sipay.com.tr/en/transaction-data, read 2026-11. */
export const FoundRow = z.object({
  id: z.nullish(id),
  transaction_status_id: z.nullish(word),
  transaction_status: z.nullish(word),
  result_code: z.nullish(word),
  tx_base_amount: digits,
  currency_code: word,
  from_account_number: z.nullish(z.string()),
  from_wallet_number: z.nullish(z.string()),
  to_wallet_number: z.nullish(z.string()),
});
export type FoundRow = z.infer<typeof FoundRow>;

/** The token's answer has no envelope. Source: https://docs.businessapi.sipay.com.tr/en/get-access-token-17335248e0, read 2026-11. */
export const LoginData = z.object({
  access_token: z.string().check(z.minLength(1)),
  token_type: z.optional(z.string().check(z.regex(/^bearer$/i))),
  expires_in: z.string().check(z.regex(/^[1-9]\d{0,8}$/)),
});

/** RFC 6749, section 5.2. */
export const LoginError = z.object({ error: z.string() });

/** The envelope in a body, or undefined where there is none. */
export function parseEnvelope(text: string): Envelope | undefined {
  return Envelope.safeParse(parseBody(text)).data;
}

/** Undefined for text that is not JSON: one of the documents' own samples, `"wallet_id": 00000001123456`, is not. */
export function parseBody(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

/** The object that a payload is: tables say `Object[]`, samples show the object itself. */
export function onlyObject(payload: unknown): unknown {
  if (!Array.isArray(payload)) return payload;
  return payload.length === 1 ? payload[0] : undefined;
}
