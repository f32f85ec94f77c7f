/** `transactions list`: a page of transactions, or all pages. */
import { amountText } from "./amounts.ts";
import type { Context } from "./context.ts";
import { type PageOptions, showPages } from "./pages.ts";
import type { Column } from "./table.ts";
import { plain, type Terminal } from "./terminal.ts";
import { paintStatus, type ShownTransaction } from "./transaction-text.ts";

export interface ListOptions extends PageOptions {
  readonly kind?: string;
  readonly status?: string;
  readonly connection?: string;
  readonly original?: string;
  readonly batch?: string;
  readonly from?: string;
  readonly to?: string;
}

export function listTransactions(options: ListOptions, context: Context): Promise<number> {
  const { limit: _limit, cursor: _cursor, all: _all, ...query } = options;
  const listing = { path: "/v1/transactions", query, columns: columnsFor(context.terminal) };
  return showPages<ShownTransaction>(listing, options, context);
}

function columnsFor({ paint }: Terminal): Column<ShownTransaction>[] {
  return [
    { heading: "ID", cell: ({ id }) => id },
    { heading: "KIND", cell: ({ kind }) => kind },
    { heading: "STATUS", cell: ({ status }) => status, paint: (text, { status }) => paintStatus(paint, status, text) },
    { heading: "AMOUNT", cell: ({ amount }) => (amount ? amountText(amount) : "the rest") },
    { heading: "CONNECTION", cell: ({ connection }) => plain(connection) },
    { heading: "CREATED", cell: ({ createdAt }) => createdAt },
  ];
}
