/** One row: the values that a file has for it become the item that the API takes, or all that is wrong with them. */
import type { Amount } from "../../lib/domain/money.ts";
import { type Split, sharesOf } from "../../lib/domain/splits.ts";
import type { Kind } from "../../lib/domain/transaction.ts";
import { type ShareWish, sharesIn } from "../shares.ts";
import { readKind } from "./field-values.ts";
import { currencyColumn, fieldsOf, metadataNamesMax, metadataPrefix, readMetadata } from "./fields.ts";

/** A row as `POST /v1/batches` takes it. */
export interface BatchItem {
  readonly kind: Kind;
  readonly key: string;
  readonly [member: string]: unknown;
}

export interface Wrong {
  readonly column: string;
  readonly message: string;
}

/** What a file says, by names of fields. What it leaves empty has no entry. */
export type Values = ReadonlyMap<string, unknown>;

export type RowReading = { readonly item: BatchItem } | WrongRow;

export interface WrongRow {
  readonly wrong: readonly Wrong[];
  /** Kind and key, where these can be read: another row must not have them, either. */
  readonly name?: Pick<BatchItem, "kind" | "key">;
}

export function itemOf(values: Values): RowReading {
  const members = new Map<string, unknown>();
  const wrong: Wrong[] = [];
  const attempt = (column: string, read: () => unknown): void => {
    try {
      members.set(column, read());
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      wrong.push({ column, message: error.message });
    }
  };
  attempt("kind", () => readKind(values.get("kind")));
  const kind = members.get("kind") as Kind | undefined;
  if (!kind) return { wrong };

  const fields = fieldsOf(kind);
  const currency = values.get(currencyColumn);
  for (const { name, isRequired, read } of fields.values()) {
    if (values.has(name))
      attempt(name, () => read(values.get(name), typeof currency === "string" ? currency : undefined));
    else if (isRequired) wrong.push({ column: name, message: "is required" });
  }
  for (const name of values.keys()) {
    if (name.startsWith(metadataPrefix)) attempt(name, () => readMetadata(name, values.get(name)));
    else if (!fields.has(name) && name !== currencyColumn) {
      wrong.push({ column: name, message: `is no field of a ${kind}` });
    }
  }
  if (members.has("splits")) attempt("splits", () => settledShares(values, members));
  wrong.push(...whatDoesNotFit(kind, values));
  if (wrong.length === 0) return { item: nested(members) as BatchItem };
  const key = members.get("key") as string | undefined;
  return { wrong, ...(key !== undefined && { name: { kind, key } }) };
}

/** The shares in the refund's currency, and not above it where the refund says how much it is. */
function settledShares(values: Values, members: ReadonlyMap<string, unknown>): unknown {
  const amount = members.get("amount") as Amount | undefined;
  const of = amount ?? (members.get("originalAmount") as Amount | undefined);
  const given = members.get("splits");
  // A list in JSON is the API's own form, which the API checks.
  if (typeof values.get("splits") !== "string") return given;
  const currency = of?.currency ?? (members.get("account.currency") as string | undefined);
  const shares = sharesIn(currency, given as readonly ShareWish[]);
  if (amount) sharesOf(amount.value, shares satisfies readonly Split[]);
  return shares;
}

function whatDoesNotFit(kind: Kind, values: Values): Wrong[] {
  const has = (...names: readonly string[]): boolean => names.some((name) => values.has(name));
  const metadata = [...values.keys()].filter((name) => name.startsWith(metadataPrefix));
  return [
    ...(kind === "spendback" && !has("recipient.id", "recipient.ref", "recipient.email")
      ? [{ column: "recipient.id", message: "is required: who pays back, here or as recipient.ref or recipient.email" }]
      : []),
    ...(has("sender.accountNumber") !== has("sender.walletNumber")
      ? [{ column: "sender.walletNumber", message: "belongs together with sender.accountNumber: both or none" }]
      : []),
    ...(has(currencyColumn) && !(typeof values.get(currencyColumn) === "string" && has("amount", "originalAmount"))
      ? [{ column: currencyColumn, message: "is the currency of an amount, and there is none" }]
      : []),
    ...(metadata.length > metadataNamesMax
      ? [{ column: metadataPrefix, message: `has ${metadata.length} names; at most ${metadataNamesMax} are taken` }]
      : []),
  ];
}

/** `recipient.id` becomes `{recipient: {id}}`. */
export function nested(members: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const groups = new Map<string, [string, unknown][]>();
  const item: [string, unknown][] = [];
  for (const [name, value] of members) {
    const dot = name.indexOf(".");
    if (dot < 0) item.push([name, value]);
    else {
      const group = name.slice(0, dot);
      groups.set(group, [...(groups.get(group) ?? []), [name.slice(dot + 1), value]]);
    }
  }
  return Object.fromEntries([...item, ...[...groups].map(([name, pairs]) => [name, Object.fromEntries(pairs)])]);
}
