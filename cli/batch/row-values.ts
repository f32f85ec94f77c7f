/** What a row's values become with what the command line says beside the file. */
import { canonicalName } from "./fields.ts";
import type { Values } from "./item.ts";
import type { RowWishes } from "./row.ts";

/** Why a row must have a key of its own. */
export const keyAdvice =
  "is missing. A row's key is its idempotency key: the same key never pays twice. Make it of what the payment is for, such as an order's number, or name such a column: --key-column";

/** How values name the column of `--key-column`, which need not be a field. */
export function keyNameOf({ keyColumn }: RowWishes): string {
  return keyColumn === undefined ? "key" : (canonicalName(keyColumn) ?? keyColumn.trim().toLowerCase());
}

export function valuesWith(given: Values, wishes: RowWishes): Values {
  const { kind, connection, keySuffix = "" } = wishes;
  const values = new Map(given);
  if (kind !== undefined && !values.has("kind")) values.set("kind", kind);
  if (connection !== undefined && !values.has("connection")) values.set("connection", connection);
  const keyName = keyNameOf(wishes);
  const key = given.get(keyName);
  if (canonicalName(keyName) === undefined) values.delete(keyName);
  if (key !== undefined) values.set("key", typeof key === "string" ? key + keySuffix : key);
  else values.delete("key");
  return values;
}
