/** Checks the rows of one call: all of them, and every wrong one is named with everything that is wrong with it. */
import { type ChunkRow, Order, rowTransactionId } from "../domain/batch-chunk.ts";
import { type FieldError, VisibleError } from "../domain/errors.ts";
import { fingerprint } from "../domain/ids.ts";
import type { Transaction } from "../domain/transaction.ts";
import type { TransactionReader } from "../store/port.ts";
import { type ReadRow, type RowDependencies, readName, readRow } from "./batch-row.ts";
import { lastTries } from "./batch-tries.ts";
import { sideBySide } from "./side-by-side.ts";

export interface RowsDependencies {
  readonly connections: RowDependencies["connections"];
  readonly transactions: TransactionReader;
}

/** A row that may be taken. */
export interface CheckedRow extends ChunkRow {
  /** Of the row as it was sent. */
  readonly bytes: number;
  /** What its key stands for already, by whatever door it came; the last try, where it was retried. */
  readonly present?: Transaction;
}

/** What rows' keys stand for. */
type Standing = ReadonlyMap<ReadRow, Transaction | "reserved">;

/** Rows that one call may bring. */
export const rowsMax = 5_000;

/** Wrong fields that one answer names: what a Lambda may answer has an end. */
const errorsMax = 10_000;

/** Checks under way at a time; nearly all of them wait for nothing. */
const atOnce = 25;

type Wrong = (place: number, errors: readonly FieldError[]) => void;

/** @throws VisibleError validation_failed with every wrong field of every row */
export async function checkRows(
  rows: readonly unknown[],
  tenant: string,
  dependencies: RowsDependencies,
): Promise<CheckedRow[]> {
  const errors: FieldError[] = [];
  const wrongRows = new Set<number>();
  const wrong: Wrong = (place, found) => {
    wrongRows.add(place);
    for (const { path, message } of found) errors.push({ row: place + 1, path: pathOf(place, path), message });
  };
  const read = rows.map((row, place) => attempted(place, wrong, () => readRow(row)));
  nameRepeatedKeys(
    read.map((row, place) => row ?? readName(rows[place])),
    wrong,
  );
  const present = await transactionsOf(read, tenant, dependencies.transactions);
  const checked = await sideBySide(read, atOnce, async (row, place) => {
    if (!row) return undefined;
    return await checkedRow(row, { place, tenant, bytes: bytesOf(rows[place]), present, wrong }, dependencies);
  });
  if (errors.length === 0) return checked.filter((row) => row !== undefined);
  errors.sort((one, other) => (one.row ?? 0) - (other.row ?? 0));
  throw new VisibleError("validation_failed", summary(wrongRows.size, rows.length, errors.length), {
    errors: errors.slice(0, errorsMax),
  });
}

function summary(wrong: number, rows: number, errors: number): string {
  const listed = errors > errorsMax ? `; the first ${errorsMax} of ${errors} faults are listed` : "";
  return `${wrong} of ${rows} rows ${wrong === 1 ? "is" : "are"} not valid${listed}. Nothing was stored.`;
}

function pathOf(place: number, path: string): string {
  return path === "body" ? `items.${place}` : `items.${place}.${path}`;
}

/** What `read` answers; undefined where it throws what the caller did wrong. */
function attempted<T>(place: number, wrong: Wrong, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    wrong(place, fieldsIn(error));
    return undefined;
  }
}

/** What is wrong with a row, by fields. @throws what is no caller's fault */
function fieldsIn(error: unknown): readonly FieldError[] {
  if (!(error instanceof VisibleError)) throw error;
  // What is refused as a whole by the kind's own call is refused for its connection: unknown, or it does not take the kind.
  return error.errors.length > 0 ? error.errors : [{ path: "connection", message: error.message }];
}

/** A row that is wrong has its key, too: else the next call would be refused for what this one could have named. */
function nameRepeatedKeys(names: readonly (Pick<ReadRow, "kind" | "key"> | undefined)[], wrong: Wrong): void {
  const places = new Map<string, number>();
  for (const [place, named] of names.entries()) {
    if (!named) continue;
    const name = `${named.kind} ${named.key}`;
    const before = places.get(name);
    if (before === undefined) places.set(name, place);
    else wrong(place, [{ path: "key", message: `is the key of row ${before + 1}, too: each row needs its own` }]);
  }
}

/** The transactions that the rows' keys stand for already, and those that rows are to refund. */
async function transactionsOf(
  rows: readonly (ReadRow | undefined)[],
  tenant: string,
  transactions: TransactionReader,
): Promise<{ byKey: Standing; originals: ReadonlyMap<string, Transaction> }> {
  const read = rows.filter((row) => row !== undefined);
  const originals = read.flatMap(({ original }) => (original?.startsWith("txn_") ? [original] : []));
  const [byKey, found] = await Promise.all([
    transactions.standing(
      read.map((row) => rowTransactionId(tenant, asKeyed(row))),
      "eventual",
    ),
    // A payment that succeeded a moment ago may be refunded.
    transactions.many(originals, "consistent"),
  ]);
  const standing = read.flatMap((row) => {
    const one = byKey.get(rowTransactionId(tenant, asKeyed(row)));
    return one ? [[row, one] as const] : [];
  });
  const first = standing.flatMap(([row, transaction]) =>
    transaction === "reserved" ? [] : [[row, { transaction, generation: 0 }] as const],
  );
  const idOf = (row: ReadRow, generation: number) => rowTransactionId(tenant, asKeyed(row), generation);
  const last = await lastTries(new Map(first), idOf, transactions);
  return {
    byKey: new Map(standing.map(([row, one]) => [row, last.get(row)?.transaction ?? one])),
    originals: found,
  };
}

function asKeyed({ kind, key }: Pick<ReadRow, "kind" | "key">) {
  return { key, order: { kind } };
}

interface Place {
  readonly place: number;
  readonly tenant: string;
  readonly bytes: number;
  readonly present: Awaited<ReturnType<typeof transactionsOf>>;
  readonly wrong: Wrong;
}

async function checkedRow(
  row: ReadRow,
  { place, tenant, bytes, present: { byKey, originals }, wrong }: Place,
  { connections }: RowsDependencies,
): Promise<CheckedRow | undefined> {
  const print = fingerprint(row.request);
  const standing = byKey.get(row);
  const present = standing === "reserved" ? undefined : standing;
  const isRepeated = present?.fingerprint === print;
  if (standing && !isRepeated) {
    const what = present ? `another ${row.kind}` : "a cashback by schedule";
    wrong(place, [{ path: "key", message: `stands for ${what} already: a new wish needs a new key` }]);
  }
  const checked = { key: row.key, fingerprint: print, bytes, ...(present && { present }) };
  try {
    const order = await row.check(tenant, { connections, transactions: { get: async (id) => originals.get(id) } });
    return { ...checked, order };
  } catch (error) {
    const wrongFields = fieldsIn(error);
    // What was accepted before is what it is, whatever has changed since in the connections.
    if (isRepeated) return { ...checked, order: Order.parse(present) };
    wrong(place, wrongFields);
    return undefined;
  }
}

function bytesOf(row: unknown): number {
  return Buffer.byteLength(JSON.stringify(row));
}
