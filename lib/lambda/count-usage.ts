/** Counts a tenant's month, from where it was left: every transaction once, when it is over. */
import type { Transaction } from "../domain/transaction.ts";
import {
  addTo,
  beginMonth,
  endOf,
  isCountable,
  isSettled,
  type MonthUsage,
  type UsageFigures,
} from "../domain/usage.ts";
import type { TransactionLists, TransactionStore } from "../store/port.ts";
import type { UsageStore } from "../store/usage.ts";

export interface CountDependencies {
  readonly usage: UsageStore;
  readonly transactions: Pick<TransactionStore, "get"> & Pick<TransactionLists, "list">;
  readonly now: () => Date;
}

/**
 * A transaction bears the time at which its function began it and is written moments later, within that function's life; the
 * index follows the table. What is younger than this is counted anew each time.
 */
const unsettledMs = 300_000;

const pageSize = 100;

/** A record is stored after so many pages, so that a function that ends loses little; each costs a write. */
const pagesPerWrite = 20;

/** More than these do not wait in one record, whose item would grow: the counting waits for them. */
const openMax = 1_000;

const readsAtOnce = 20;

export interface Counted {
  readonly figures: UsageFigures;
  /** Everything that began before this time is in; of what began later some may be. */
  readonly countedTo: string;
}

/**
 * What is over is added to the record and never looked at again; the rest is added to the answer alone.
 *
 *   month ├──── in the record ────┤ over: into the record, open: listed there ├─ the last five minutes ─┤ now
 *         └ its open ones: again ─┘
 *
 * Two at once do no harm: a record is stored over what was read, or not at all. `mayGoOn`: asked before each page.
 */
export async function countUsage(
  { tenant, month }: Pick<MonthUsage, "tenant" | "month">,
  dependencies: CountDependencies,
  mayGoOn: () => boolean,
): Promise<Counted> {
  const stored = await dependencies.usage.get(tenant, month);
  const begun = stored ?? beginMonth(tenant, month);
  if (isSettled(begun)) return begun;
  const now = dependencies.now().toISOString();
  const settledTo = earlier(endOf(month), new Date(dependencies.now().getTime() - unsettledMs).toISOString());

  const looked = await lookAtOpen(begun, dependencies);
  const { record, open } = await advance(looked, settledTo, dependencies, mayGoOn);
  const last = { figures: addTo(record.figures, [...open.values()]), countedTo: record.countedTo };
  if (record.countedTo < settledTo) return last;
  return withTail(last, { tenant, to: earlier(endOf(month), now) }, dependencies, mayGoOn);
}

interface Progress {
  readonly record: MonthUsage;
  /** The open ones of the record, as they are now. */
  readonly open: ReadonlyMap<string, Transaction>;
  readonly isChanged: boolean;
}

async function lookAtOpen(record: MonthUsage, { transactions }: CountDependencies): Promise<Progress> {
  const found: Transaction[] = [];
  for (let first = 0; first < record.open.length; first += readsAtOnce) {
    const ids = record.open.slice(first, first + readsAtOnce);
    const read = await Promise.all(ids.map((id) => transactions.get(id, "eventual")));
    const missing = ids.find((_id, place) => !read[place]);
    if (missing !== undefined) throw new Error(`the transaction ${missing} was counted, and is not there`);
    found.push(...read.flatMap((transaction) => transaction ?? []));
  }
  return include({ record: { ...record, open: [] }, open: new Map(), isChanged: false }, found);
}

/** Goes on through what is settled, page by page, and stores how far it came. */
async function advance(
  start: Progress,
  settledTo: string,
  { usage, transactions }: CountDependencies,
  mayGoOn: () => boolean,
): Promise<Progress> {
  let progress = start;
  let pages = 0;
  const store = async (): Promise<boolean> => {
    if (!progress.isChanged) return true;
    const replaced = await usage.replace(progress.record);
    if (replaced) progress = { ...progress, record: replaced, isChanged: false };
    return replaced !== undefined;
  };
  while (progress.record.countedTo < settledTo && mayGoOn()) {
    const { tenant, countedTo: from, underWay } = progress.record;
    const to = underWay?.to ?? settledTo;
    const before = underWay && { before: underWay.before };
    const page = await transactions.list({ tenant, from, to, limit: pageSize, ...before });
    const next = include(progress, page.items);
    if (next.record.open.length > openMax) break;
    progress = { ...next, record: moved(next.record, to, page.next), isChanged: true };
    pages += 1;
    // Somebody else counts the same: what was made of the old record is right, and is not stored.
    if (pages % pagesPerWrite === 0 && !(await store())) return progress;
  }
  await store();
  return progress;
}

function moved({ underWay: _before, ...record }: MonthUsage, to: string, next: string | undefined): MonthUsage {
  return next === undefined ? { ...record, countedTo: to } : { ...record, underWay: { to, before: next } };
}

function include({ record, open, isChanged }: Progress, transactions: readonly Transaction[]): Progress {
  const over = transactions.filter(isCountable);
  const others = transactions.filter((transaction) => !isCountable(transaction));
  return {
    record: {
      ...record,
      figures: addTo(record.figures, over),
      open: [...record.open, ...others.map(({ id }) => id)],
    },
    open: new Map([...open, ...others.map((transaction) => [transaction.id, transaction] as const)]),
    isChanged: isChanged || over.length > 0,
  };
}

/** What began after the settled part: counted for this answer only. */
async function withTail(
  { figures, countedTo }: Counted,
  { tenant, to }: { readonly tenant: string; readonly to: string },
  { transactions }: CountDependencies,
  mayGoOn: () => boolean,
): Promise<Counted> {
  let sum = figures;
  let before: string | undefined;
  while (countedTo < to && mayGoOn()) {
    const position = before !== undefined && { before };
    const page = await transactions.list({ tenant, from: countedTo, to, limit: pageSize, ...position });
    sum = addTo(sum, page.items);
    before = page.next;
    if (before === undefined) return { figures: sum, countedTo: to };
  }
  return { figures: sum, countedTo };
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}
