/** What a write of a transaction costs in DynamoDB's write units, known before it is made: the item's size, and the index entries that change. */
import { apply } from "../domain/apply.ts";
import type { Transaction } from "../domain/transaction.ts";
import type { Transition } from "../domain/transition.ts";
import { itemOf } from "./stored-transaction.ts";
import { tables } from "./tables.ts";

const unitBytes = 1_024;

export function unitsOfCreate(transaction: Transaction): number {
  return unitsBetween(undefined, itemOf(transaction));
}

/** Without `before` the item is taken to be small and, as everything that is not over, due. */
export function unitsOfAdvance(transition: Transition, before?: Transaction): number {
  if (before) return unitsBetween(itemOf(before), itemOf(apply(transition, before)));
  if (transition.set.nextActionAt !== undefined) return 3;
  return transition.remove.includes("nextActionAt") ? 2 : 1;
}

type Item = Record<string, unknown>;

/**
 * An item costs a unit for each begun KB of the larger of its two states. An index is written where the entry comes or goes (a unit)
 * or has other keys (two: the old one is deleted); what else it holds never changes. Source: DynamoDB's developer guide,
 * "Read and write operations" and "Global secondary indexes", read on 2026-11-20.
 */
function unitsBetween(before: Item | undefined, after: Item): number {
  const bytes = Math.max(before ? itemBytes(before) : 0, itemBytes(after));
  const inIndexes = Object.values(tables.Transactions.indexes).map(({ partitionKey, sortKey }) => {
    const [old, now] = [before, after].map((item) => entryOf(item, partitionKey, sortKey));
    if (old === now) return 0;
    return (old === undefined ? 0 : 1) + (now === undefined ? 0 : 1);
  });
  return inIndexes.reduce((sum, units) => sum + units, Math.ceil(bytes / unitBytes));
}

/** Undefined where the item lacks a key: the index passes it over. */
function entryOf(item: Item | undefined, partitionKey: string, sortKey: string): string | undefined {
  const [partition, sort] = [item?.[partitionKey], item?.[sortKey]];
  return partition === undefined || sort === undefined ? undefined : JSON.stringify([partition, sort]);
}

/** The item itself is no map: it has no bytes of its own. */
function itemBytes(item: Item): number {
  return Object.entries(item)
    .filter(([, value]) => value !== undefined)
    .reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOf(value), 0);
}

/** Texts in UTF-8; a list or map 3 bytes, and one for each member. */
function bytesOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value === "number") return numberBytes(value);
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + 1 + bytesOf(one), 3);
  if (typeof value !== "object" || value === null) return 1;
  return 3 + Object.keys(value).length + itemBytes({ ...value });
}

/** A byte for two digits, zeros at the end left out, and one; one more below zero. */
function numberBytes(value: number): number {
  const digits = String(Math.abs(value)).replace(/0+$/, "").length;
  return Math.ceil(digits / 2) + (value < 0 ? 2 : 1);
}
