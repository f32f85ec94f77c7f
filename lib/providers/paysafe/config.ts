/** How a Paysafe connection is configured. */
import * as z from "zod/mini";
import { isCurrency } from "../../domain/currencies.ts";
import { CommonConnection } from "../connection.ts";

const nonEmpty = z.string().check(z.minLength(1));

export const PaysafeConnection = z.extend(CommonConnection, {
  /** The merchant account in every path: whose settlements are refunded, and who pays what no linked account pays. */
  accountId: z.string().check(z.regex(/^\w{1,36}$/, "must be a merchant account number")),
  /** The API key's two halves; they differ between test and production. */
  username: z.string().check(z.regex(/^[^:]+$/, "must be there and have no colon")),
  password: nonEmpty,
  /** The account's own currency. It is never sent: an account has one, and Paysafe takes amounts to be in it. */
  currency: z.string().check(z.refine(isCurrency, "must be an active ISO 4217 code in capitals, such as USD")),
});
export type PaysafeConnection = z.infer<typeof PaysafeConnection>;
