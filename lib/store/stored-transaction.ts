/** A transaction as an item: written with what the indexes need, and read back parsed, not trusted. */
import type * as z from "zod/mini";
import { Cost, costNames, noCost } from "../domain/cost.ts";
import { Transaction } from "../domain/transaction.ts";
import { keysOf } from "./keys.ts";

/** Attributes that exist for the indexes only. */
const keyAttributes = ["tenantShard", "listedAt", "dueShard", "originalKey"] as const;

/**
 * The cost's counts lie beside the other members, because ADD takes no path into a map; and under short names, because every
 * transaction carries them, and its item stays below 1 KB.
 */
export const costAttributes: Readonly<Record<keyof Cost, string>> = {
  writeUnits: "$w",
  readHalfUnits: "$r",
  lambdaCalls: "$c",
  lambdaMs: "$m",
  lambdaMbMs: "$b",
  apiCalls: "$a",
  flows: "$f",
  flowMs: "$d",
  transitions: "$t",
};

/** The item of a transaction. Counts of zero are not stored. */
export function itemOf(transaction: Transaction): Record<string, unknown> {
  const { cost = noCost, ...members } = transaction;
  const counts = costNames.filter((name) => cost[name] !== 0).map((name) => [costAttributes[name], cost[name]]);
  return { ...members, ...Object.fromEntries(counts), ...keysOf(transaction) };
}

/** The item of an id that is taken for something else: no index holds it, and nothing ever changes it. */
export function reservationOf(id: string, fingerprint: string): { readonly id: string; readonly reservedFor: string } {
  return { id, reservedFor: fingerprint };
}

/** What an item stands for: a transaction, or nothing but the reservation of its id. @throws Error as `parseTransaction` */
export function readTransaction(item: Record<string, unknown>): Transaction | "reserved" {
  return "reservedFor" in item ? "reserved" : parseTransaction(item);
}

/** @throws Error naming the members that are not as they were written. */
export function parseTransaction(item: Record<string, unknown>): Transaction {
  const content: Record<string, unknown> = { ...item, ...costIn(item) };
  for (const attribute of keyAttributes) delete content[attribute];
  const parsed = Transaction.safeParse(content);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${membersOf(issue)} (${issue.code})`).join(", ");
  throw new Error(`stored transaction ${String(item["id"])} is malformed: ${wrong}`);
}

/** The schema passes over the short names themselves. Counts that cannot be read are none: no transaction is held up by them. */
function costIn(item: Record<string, unknown>): { cost?: Cost } {
  const counts = costNames.map((name) => [name, item[costAttributes[name]]]).filter(([, value]) => value !== undefined);
  const cost = counts.length > 0 ? Cost.safeParse(Object.fromEntries(counts)) : undefined;
  return cost?.success ? { cost: cost.data } : {};
}

/** Named here: zod/mini brings no messages, and would name neither an unknown member nor the place of a wrong one. */
function membersOf(issue: z.core.$ZodIssue): string {
  const names = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
  return names.map((path) => path.join(".")).join(", ");
}
