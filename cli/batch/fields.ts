/** The fields of a row: what a column of a file may be called, which kinds have it, and how it is read. */
import { type Kind, kinds } from "../../lib/domain/transaction.ts";
import {
  type ReadValue,
  readEmail,
  readKey,
  readKind,
  readMoney,
  readPayout,
  readShares,
  readText,
} from "./field-values.ts";

export interface Field {
  /** The column, and the place in the call's body. */
  readonly name: string;
  readonly of: readonly Kind[];
  readonly isRequired: boolean;
  readonly read: ReadValue;
}

/** Those of a kind, by name, in the order in which an item has them, whatever the order of a file's columns. */
export function fieldsOf(kind: Kind): ReadonlyMap<string, Field> {
  return byKind[kind];
}

const fields: readonly Field[] = [
  required("kind", kinds, readKind),
  required("key", kinds, readKey),
  required("connection", kinds, readText(300)),
  optional("recipient.id", ["spendback"], readText(300)),
  optional("recipient.ref", ["spendback"], readText(300)),
  optional("recipient.email", ["spendback"], readEmail),
  required("original", ["refund"], readText(300)),
  required("amount", ["spendback", "cashback"], readMoney),
  // A refund without one is of what is left.
  optional("amount", ["refund"], readMoney),
  optional("originalAmount", ["refund"], readMoney),
  optional("splits", ["refund"], readShares),
  optional("account.accountNumber", ["refund"], readText(300)),
  optional("account.walletId", ["refund"], readText(300)),
  optional("account.currency", ["refund"], readText(300)),
  optional("sender.accountNumber", ["cashback"], readText(100)),
  optional("sender.walletNumber", ["cashback"], readText(100)),
  required("receiver.walletNumber", ["cashback"], readText(100)),
  optional("payout", ["cashback"], readPayout),
  optional("description", kinds, readText(200)),
];

const byKind: Readonly<Record<Kind, ReadonlyMap<string, Field>>> = {
  spendback: fieldsNamed("spendback"),
  refund: fieldsNamed("refund"),
  cashback: fieldsNamed("cashback"),
};

function fieldsNamed(kind: Kind): ReadonlyMap<string, Field> {
  return new Map(fields.filter(({ of }) => of.includes(kind)).map((field) => [field.name, field]));
}

/** Stands beside the amounts of a table, for those that name no currency themselves. */
export const currencyColumn = "currency";

/** `metadata.order`: of any name. */
export const metadataPrefix = "metadata.";
export const metadataNamesMax = 20;
const metadataNameLengthMax = 40;
const metadataValue = readText(200);

/** Metadata may be empty text in JSON Lines. @throws RangeError where the API takes no such name or value */
export function readMetadata(name: string, value: unknown): string {
  const { length } = name.slice(metadataPrefix.length);
  if (length > metadataNameLengthMax) throw new RangeError(`a name has at most ${metadataNameLengthMax} characters`);
  return value === "" ? value : metadataValue(value);
}

/** The name as it is written here, however somebody wrote it; undefined where there is none. */
export function canonicalName(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (lower.startsWith(metadataPrefix) && name.length > metadataPrefix.length) {
    return metadataPrefix + name.slice(metadataPrefix.length);
  }
  return names.get(lower);
}

const names = new Map([...fields.map(({ name }) => name), currencyColumn].map((name) => [name.toLowerCase(), name]));

/** What may be meant by a name that is none: the nearest one, if it is near. */
export function nearestName(name: string): string | undefined {
  const letters = lettersOf(name);
  const nearest = [...names.values()]
    .map((known) => ({ known, steps: stepsBetween(letters, lettersOf(known)) }))
    .reduce((one, other) => (other.steps < one.steps ? other : one));
  return nearest.steps <= Math.max(1, Math.floor(letters.length / 3)) ? nearest.known : undefined;
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, "");
}

/** How many letters must be put in, left out or changed to make one of the other (Levenshtein). */
function stepsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, steps) => steps);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [place, counterpart] of [...other].entries()) {
      const changed = (row[place] ?? 0) + (letter === counterpart ? 0 : 1);
      next.push(Math.min(changed, (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

function required(name: string, of: readonly Kind[], read: ReadValue): Field {
  return { name, of, isRequired: true, read };
}

function optional(name: string, of: readonly Kind[], read: ReadValue): Field {
  return { name, of, isRequired: false, read };
}
