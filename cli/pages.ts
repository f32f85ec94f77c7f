/** Shows a list that the API gives in pages: one page, or all of them. */
import type { Context } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { type Column, tableOf } from "./table.ts";

export interface PageOptions {
  readonly limit?: string | undefined;
  readonly cursor?: string | undefined;
  readonly all?: boolean;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursor?: string;
}

export interface Listing<Item> {
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly columns: readonly Column<Item>[];
}

/** The most that the API gives at a time: fewer calls for all. */
const pageMax = "100";

export async function showPages<Item>(
  { path, query, columns }: Listing<Item>,
  { all = false, limit, cursor: from }: PageOptions,
  context: Context,
): Promise<number> {
  const { terminal } = context;
  const api = await context.api();
  const table = tableOf(columns);
  const items: Item[] = [];
  let count = 0;
  let cursor = from;
  do {
    const pageQuery = { ...query, limit: limit ?? (all ? pageMax : undefined), cursor };
    const page: Page<Item> = (await api.call<Page<Item>>({ method: "GET", path, query: pageQuery })).body;
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
