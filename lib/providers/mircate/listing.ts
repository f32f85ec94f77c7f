/** Reads an account's transactions of one type, page by page. */
import type { Reading } from "../../domain/outcome.ts";
import type { RefundAccount } from "../../domain/transaction.ts";
import { type Client, readText } from "./client.ts";
import { selectorOf } from "./order.ts";
import { Page, parseBody, Row } from "./wire.ts";

/** Which size is allowed is not documented. */
const pageSize = 50;

/** 2,000 rows; more would take longer than a Lambda that also has to move the money has. */
const pagesMax = 40;

export interface ListQuery {
  readonly account: RefundAccount;
  readonly filter: { readonly type: "REFUNDED" | "SPENT"; readonly search?: string };
  /** Reading ends with the first page that has such a row. */
  readonly until?: (row: Row) => boolean;
  /** Absent: as many as may be. */
  readonly pagesMax?: number;
}

export interface Listing {
  /** Each id once, in the order in which it came. */
  readonly rows: readonly Row[];
  /** Whether these are all, as far as Mircate's `total` tells. */
  readonly isComplete: boolean;
  /** As Mircate says; 0 where it knows no such record. */
  readonly total: number;
}

/**
 * `from` is taken for an offset, `total` for the number of matching rows (inferred). Where pages do not add up to the total
 * (too many of them, rows without an id, a 404, a `from` that means something else) the listing is not complete.
 * Where the total changes on the way, nothing was read.
 */
export async function listTransactions(client: Client, query: ListQuery): Promise<Reading<Listing>> {
  const { account, filter, until = () => false } = query;
  const rows = new Map<string, Row>();
  let total: number | undefined;
  let from = 0;
  for (let page = 0; page < (query.pagesMax ?? pagesMax); page++) {
    const body = JSON.stringify({ from, pageSize, filters: [filter], ...selectorOf(account) });
    const answer = readText(await client.listTransactions(body));
    if (answer.kind === "missing") break;
    if (answer.kind !== "read") return answer;
    const found = parseBody(Page, answer.value);
    if (!found) return { kind: "unavailable", detail: "a list that cannot be read" };
    if (total !== undefined && Number(found.total) !== total) {
      return { kind: "unavailable", detail: "the list changed while it was read" };
    }
    total = Number(found.total);
    const read = readRows(found.transactions);
    for (const row of read) rows.set(row.transactionId, row);
    from += found.transactions.length;
    if (from >= total || found.transactions.length === 0 || read.some(until)) break;
  }
  const isComplete = total !== undefined && rows.size === total;
  return { kind: "read", value: { rows: [...rows.values()], isComplete, total: total ?? 0 } };
}

function readRows(rows: readonly unknown[]): Row[] {
  return rows.flatMap((row) => Row.safeParse(row).data ?? []);
}
