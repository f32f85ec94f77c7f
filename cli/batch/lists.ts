/** `batch list` and `batch items`: batches, and the truth of each of one's rows. */
import { amountText } from "../amounts.ts";
import type { Context } from "../context.ts";
import { type PageOptions, showPages } from "../pages.ts";
import type { Column } from "../table.ts";
import { plain, type Terminal } from "../terminal.ts";
import { paintStatus } from "../transaction-text.ts";
import { batchPath, type ListedBatch, type ShownRow } from "./api.ts";

export function listBatches(options: PageOptions, context: Context): Promise<number> {
  return showPages<ListedBatch>({ path: "/v1/batches", query: {}, columns: batchColumns }, options, context);
}

export interface ItemsOptions extends PageOptions {
  readonly id: string;
  readonly status?: string;
}

export function listItems({ id, status, ...options }: ItemsOptions, context: Context): Promise<number> {
  const listing = { path: batchPath(id, "/items"), query: { status }, columns: rowColumns(context.terminal) };
  return showPages<ShownRow>(listing, options, context);
}

const batchColumns: readonly Column<ListedBatch>[] = [
  { heading: "ID", cell: ({ id }) => id },
  { heading: "STATUS", cell: ({ status }) => plain(status) },
  { heading: "ROWS", cell: ({ rows }) => String(rows) },
  { heading: "CREATED", cell: ({ createdAt }) => createdAt },
  { heading: "NAME", cell: ({ name }) => plain(name ?? "") },
];

function rowColumns({ paint }: Terminal): readonly Column<ShownRow>[] {
  return [
    { heading: "ROW", cell: ({ row }) => String(row) },
    { heading: "KIND", cell: ({ kind }) => kind },
    { heading: "STATUS", cell: ({ status }) => status, paint: (text, { status }) => paintStatus(paint, status, text) },
    { heading: "AMOUNT", cell: ({ transaction }) => (transaction?.amount ? amountText(transaction.amount) : "–") },
    { heading: "KEY", cell: ({ key }) => plain(key) },
    { heading: "TRANSACTION", cell: ({ transaction }) => transaction?.id ?? "–" },
    { heading: "FAILURE", cell: ({ failure }) => (failure ? plain(`${failure.code}: ${failure.message}`) : "") },
  ];
}
