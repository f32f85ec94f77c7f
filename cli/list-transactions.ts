/** `transactions list`: a page of transactions, or all pages. */
import { amountText } from "./amounts.ts";
import type { Api } from "./api.ts";
import type { Context } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { type Column, tableOf } from "./table.ts";
import { plain, type Terminal } from "./terminal.ts";
import { paintStatus, type ShownTransaction } from "./transaction-text.ts";

export interface ListOptions {
  readonly kind?: string;
  readonly status?: string;
  readonly connection?: string;
  readonly original?: string;
  readonly batch?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: string;
  readonly cursor?: string;
  readonly all?: boolean;
}

interface Page {
  readonly items: readonly ShownTransaction[];
  readonly cursor?: string;
}

/** The most that the API gives at a time: fewer calls for all. */
const pageMax = "100";

export async function listTransactions(options: ListOptions, context: Context): Promise<number> {
  const { terminal } = context;
  const { all = false, ...query } = options;
  const api = await context.api();
  const table = tableOf(columnsFor(terminal));
  const items: ShownTransaction[] = [];
  let count = 0;
  let { cursor } = query;
  do {
    const page: Page = await readPage(api, { ...query, limit: query.limit ?? (all ? pageMax : undefined), cursor });
    ({ cursor } = page);
    count += page.items.length;
    // One JSON value can only be written whole; lines for people come as they are read, and are not kept.
    if (terminal.isJson) items.push(...page.items);
    else if (page.items.length > 0) terminal.say(table.lines(page.items));
  } while (all && cursor !== undefined && !terminal.isClosed());

  if (terminal.isJson) terminal.show({ items, ...(cursor !== undefined && { cursor }) }, () => "");
  else if (terminal.isClosed()) return exitCodes.done;
  else if (cursor !== undefined) terminal.note(`There may be more: --all, or --cursor ${cursor}`);
  else if (count === 0) terminal.note("There are none.");
  return exitCodes.done;
}

async function readPage(api: Api, query: Readonly<Record<string, string | undefined>>): Promise<Page> {
  return (await api.call<Page>({ method: "GET", path: "/v1/transactions", query })).body;
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
