/** What an original payment was, from the account's SPENT rows. */
import type { Balance, MinorUnits } from "../../domain/money.ts";
import type { Reading } from "../../domain/outcome.ts";
import type { RefundDraft } from "../port.ts";
import { fromWireDigits } from "./amounts.ts";
import type { Client } from "./client.ts";
import type { MircateConnection } from "./config.ts";
import { type ListQuery, listTransactions } from "./listing.ts";
import type { Row } from "./wire.ts";

/** Without a search that finds it, the original is looked for among the account's first 500 payments. */
const unsearchedPagesMax = 10;

/** The currency of a refund that names no amount; rows have none. */
export function currencyOf(
  { account }: Pick<RefundDraft, "account">,
  connection: MircateConnection,
): string | undefined {
  return account.currency ?? connection.currency;
}

/**
 * The amount of the ORIGINAL, all of it: no document names a figure for what is left of one. What was returned before by others
 * than us is still in it, and Mircate has to refuse what exceeds; what we return is kept in our own record.
 * Undefined where the original is not found within bounded pages (which columns `search` searches is not documented), or
 * where its currency is not known: then the caller's `originalAmount` counts.
 */
export async function readOriginal(
  client: Client,
  draft: RefundDraft,
  connection: MircateConnection,
): Promise<Reading<Balance | undefined>> {
  const { original, account } = draft;
  const currency = draft.amount?.currency ?? currencyOf(draft, connection);
  if (!currency) return { kind: "read", value: undefined };

  const isOriginal = ({ transactionId, type }: Row) => transactionId === original && type === "SPENT";
  const queries: readonly Pick<ListQuery, "filter" | "pagesMax">[] = [
    { filter: { type: "SPENT", search: original } },
    { filter: { type: "SPENT" }, pagesMax: unsearchedPagesMax },
  ];
  for (const query of queries) {
    const listing = await listTransactions(client, { ...query, account, until: isOriginal });
    if (listing.kind !== "read") return listing;
    const row = listing.value.rows.find(isOriginal);
    const value = row?.amount ? fromWireDigits(row.amount, currency, connection.amountUnit) : undefined;
    if (value !== undefined) return { kind: "read", value: { value: value as MinorUnits, currency } };
    if (row) break;
  }
  return { kind: "read", value: undefined };
}
