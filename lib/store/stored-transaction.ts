/** Reads a stored item back as a transaction: parsed, not trusted. */
import type * as z from "zod/mini";
import { Transaction } from "../domain/transaction.ts";

/** Attributes that exist for the indexes only. */
const keyAttributes = ["tenantShard", "listedAt", "dueShard", "originalKey"] as const;

/** @throws Error naming the members that are not as they were written. */
export function parseTransaction(item: Record<string, unknown>): Transaction {
  const content = { ...item };
  for (const attribute of keyAttributes) delete content[attribute];
  const parsed = Transaction.safeParse(content);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${membersOf(issue)} (${issue.code})`).join(", ");
  throw new Error(`stored transaction ${String(item["id"])} is malformed: ${wrong}`);
}

/** Named here: zod/mini brings no messages, and would name neither an unknown member nor the place of a wrong one. */
function membersOf(issue: z.core.$ZodIssue): string {
  const names = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
  return names.map((path) => path.join(".")).join(", ");
}
