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
  /** Which of the two published recipes a webhook's signature follows: with an inner hash (three of them), or without (one). */
  webhookSignature: z._default(z.enum(["hashed", "plain"]), "hashed"),
  /** The webhook's address as it was registered, which the signature covers. Absent: the one that deliveries come to. */
  webhookUrl: z.exactOptional(z.url({ protocol: /^https?$/ })),
});
export type IpayoutConnection = z.infer<typeof IpayoutConnection>;
