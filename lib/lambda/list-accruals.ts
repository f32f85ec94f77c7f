/** Pages of accruals as the API lists them. The status is in part the transactions' to tell, so it is filtered last. */
import type { Accrual, AccrualStatus } from "../domain/accrual.ts";
import { isDecided, paidMembers } from "../domain/payout.ts";
import { accrualListedAt } from "../store/accrual-keys.ts";
import type { AccrualLists, AccrualPage, AccrualQuery, PayoutStore } from "../store/accruals.ts";
import type { TransactionStore } from "../store/port.ts";
import { showAccruals } from "./accruals.ts";
import type { ShownAccrual } from "./shown-accrual.ts";

export interface AccrualPages {
  readonly accruals: Pick<AccrualLists, "list" | "getAll">;
  readonly payouts: Pick<PayoutStore, "get">;
  readonly transactions: Pick<TransactionStore, "get">;
}

export interface ShownQuery extends AccrualQuery {
  readonly status?: AccrualStatus;
}

interface ShownPage {
  readonly items: readonly ShownAccrual[];
  /** A page may be short, even empty, and still have a next one. */
  readonly next?: string;
}

/**
 * How many are looked at for one page of those that have a status; and how many at a time. What waits has an index, but not one
 * for this: it lies there by connection and group, oldest first, and those whose transaction has failed are not in it until the
 * next run.
 */
const roundsMax = 5;
const filteredMax = 100;

export function accrualsOfTenant(query: ShownQuery, dependencies: AccrualPages): Promise<ShownPage> {
  const { status: _last, ...listed } = query;
  return shownPage(query, (limit, before) => dependencies.accruals.list({ ...listed, limit, ...before }), dependencies);
}

/** Those that a transaction pays, or was to pay; none where it is another tenant's, or pays no accruals. */
export async function accrualsOfTransaction(
  id: string,
  query: ShownQuery,
  dependencies: AccrualPages,
): Promise<ShownPage> {
  const { accruals, payouts, transactions } = dependencies;
  const transaction = await transactions.get(id, "eventual");
  if (transaction?.tenant !== query.tenant || !transaction.accruals) return { items: [] };
  const payout = await payouts.get(transaction.accruals.payout);
  // Oldest first in the payout.
  const ids =
    payout && isDecided(payout)
      ? paidMembers(payout)
          .map((member) => member.id)
          .reverse()
      : [];
  const list = async (limit: number, { before }: { readonly before?: string }): Promise<AccrualPage> => {
    const first = before === undefined ? 0 : ids.indexOf(before.slice(before.indexOf("#") + 1)) + 1;
    const read = await accruals.getAll(ids.slice(first, first + limit));
    const last = read.at(-1);
    const items = read.filter((one) => isWanted(one, query));
    return { items, ...(last && first + limit < ids.length && { next: accrualListedAt(last) }) };
  };
  return shownPage(query, list, dependencies);
}

function isWanted(accrual: Accrual, { connection, receiver }: ShownQuery): boolean {
  return (
    (connection === undefined || accrual.connection === connection) &&
    (receiver === undefined || accrual.receiver.walletNumber === receiver)
  );
}

async function shownPage(
  { limit, status, before }: ShownQuery,
  list: (limit: number, before: { readonly before?: string }) => Promise<AccrualPage>,
  dependencies: AccrualPages,
): Promise<ShownPage> {
  const items: ShownAccrual[] = [];
  let from = before;
  for (let round = 0; round < roundsMax; round++) {
    const page = await list(status ? filteredMax : limit - items.length, from === undefined ? {} : { before: from });
    const shown = await showAccruals(page.items, dependencies);
    for (const [place, one] of shown.entries()) {
      if (status !== undefined && one.status !== status) continue;
      items.push(one);
      const isLast = page.next === undefined && place === shown.length - 1;
      if (items.length === limit) return { items, ...(!isLast && { next: accrualListedAt(one) }) };
    }
    if (page.next === undefined) return { items };
    from = page.next;
  }
  return { items, ...(from !== undefined && { next: from }) };
}
