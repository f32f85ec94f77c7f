/** How a Mircate connection is configured. */
import * as z from "zod/mini";
import { isCurrency } from "../../domain/currencies.ts";
import { CommonConnection } from "../connection.ts";

const nonEmpty = z.string().check(z.minLength(1));

export const MircateConnection = z.extend(CommonConnection, {
  /** Goes with every call as x-api-key. */
  apiKey: nonEmpty,
  /** The wallet's B2B_WALLET_PROJECT_ID and B2B_WALLET_ACCOUNT_ID, which stand in the paths. */
  projectId: nonEmpty,
  accountId: nonEmpty,
  /**
   * What Mircate's whole numbers count: the currency's minor units (kuruş, cents) or its major units. No document says
   * it, and the wrong one moves a hundredfold, so it must be stated: ask Mircate.
   */
  amountUnit: z.enum(["minor", "major"]),
  /** The currency of accounts that come without one. An amount in another is then refused. It is never sent. */
  currency: z.exactOptional(
    z.string().check(z.refine(isCurrency, "must be an active ISO 4217 code in capitals, such as TRY")),
  ),
  /**
   * Others than us refund at these accounts, too. A listed refund that does not name its original is then never taken for
   * one of ours that is in doubt: an operator decides. Without it, the only new row of the amount is ours.
   */
  sharedAccounts: z.exactOptional(z.boolean()),
});
export type MircateConnection = z.infer<typeof MircateConnection>;
