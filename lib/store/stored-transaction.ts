/** Reads a stored item back as a transaction: parsed, not trusted. */
import * as z from "zod/mini";
import { Transaction } from "../domain/transaction.ts";

/** Attributes that exist for the indexes only. */
const keyAttributes = ["tenantShard", "listedAt", "dueShard"] as const;

/** @throws Error naming the members that are not as they were written. */
export function parseTransaction(item: Record<string, unknown>): Transaction {
  const content = { ...item };
  for (const attribute of keyAttributes) delete content[attribute];
  const parsed = Transaction.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new Error(`stored transaction ${String(item["id"])} is malformed: ${z.prettifyError(parsed.error)}`);
}
