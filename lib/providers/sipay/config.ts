/** How a Sipay connection is configured. */
import * as z from "zod/mini";
import { baseUrl, CommonConnection } from "../connection.ts";

const nonEmpty = z.string().check(z.minLength(1));

export const SipayConnection = z.extend(CommonConnection, {
  /** The whole address of `/connect/token`: it lies on another host than the API, or not, by environment. */
  tokenUrl: baseUrl,
  clientId: nonEmpty,
  clientSecret: nonEmpty,
  /** `sts_business_api` for the Business API; what the Wallet API wants is not published, so there is no default. */
  scope: nonEmpty,
  /** The "platform-specific client key"; goes with every call as x-client-id. */
  platformClientId: z.string().check(z.regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces")),
  /** Who pays an order that names no sender. */
  senderAccountNumber: nonEmpty,
  senderWalletNumber: nonEmpty,
  /** Credits the customer's payment balance, which can only be spent, or with `CashBack` the cash balance. */
  method: z._default(z.enum(["CashBackCredit", "CashBack"]), "CashBackCredit"),
  /** Which of the sending wallet's two balances must cover an order. Not documented: see MAPPING.md. */
  paidFrom: z._default(z.enum(["cash", "payment"]), "cash"),
});
export type SipayConnection = z.infer<typeof SipayConnection>;
