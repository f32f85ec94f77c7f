/** How a Nexio connection is configured. */
import * as z from "zod/mini";
import { CommonConnection } from "../connection.ts";

const nonEmpty = z.string().check(z.minLength(1));

/** Appended to the base URL as it stands; the connector adds ids and queries itself. */
const path = z.string().check(z.regex(/^(\/[\w.-]+)+$/, "must be a path such as /payout/v3/recipient/balance"));

export const NexioConnection = z.extend(CommonConnection, {
  /** The dashboard's API user. A colon would end it early in Basic credentials. */
  username: z.string().check(z.regex(/^[^:]+$/, "must not be empty and have no colon")),
  apiKey: nonEmpty,
  /** Which set of payout provider credentials to use, where recipients have accounts at several. Absent: Nexio picks. */
  providerId: z.exactOptional(z.int().check(z.minimum(1))),
  /**
   * Where a recipient's balance is read. The operation is documented (reference/recipientbalance, read 2026-11), its path
   * is not: the default is an inference. `false`: not at all; then Nexio's own refusal has to do.
   */
  balancePath: z._default(z.union([path, z.literal(false)]), "/payout/v3/recipient/balance"),
  /**
   * Switches refunds of spendbacks on. Off unless set: a reference page describes the call, the overview says that Nexio
   * does not support it. Path and name of the id come from Nexio's support.
   */
  spendbackRefunds: z.exactOptional(
    z.strictObject({ path, idField: z._default(z.enum(["spendbackId", "id"]), "spendbackId") }),
  ),
});
export type NexioConnection = z.infer<typeof NexioConnection>;
