/** How an i-payout connection is configured. */
import * as z from "zod/mini";
import { CommonConnection } from "../connection.ts";

const nonEmpty = z.string().check(z.minLength(1));

export const IpayoutConnection = z.extend(CommonConnection, {
  /** The API user of the Admin Portal. */
  username: nonEmpty,
  password: nonEmpty,
  /** GUID; goes with every call as X-MerchantId. */
  merchantId: nonEmpty,
  /**
   * Which of the two published spendback bodies is sent: `guide`, the how-to's `{amount, currency, reference}`, or
   * `openapi`, the contract file's `username` and `checkoutItems`. See MAPPING.md.
   */
  profile: z._default(z.enum(["guide", "openapi"]), "guide"),
});
export type IpayoutConnection = z.infer<typeof IpayoutConnection>;
