/** The key attributes of a stored transaction, and how they spread over partitions. */
import { waitsForTurn } from "../domain/due-times.ts";
import { spreadOf } from "../domain/ids.ts";
import type { Transaction } from "../domain/transaction.ts";

/**
 * Partitions that one tenant's transactions, and all due ones, are spread over. One partition of an index takes 1,000
 * writes a second; a tenant with one partition would stop there, however large the table.
 */
export const shardCount = 8;

export interface TransactionKeys {
  readonly tenantShard: string;
  readonly listedAt: string;
  readonly dueShard?: string;
  readonly originalKey?: string;
}

export function keysOf(transaction: Transaction): TransactionKeys {
  return {
    tenantShard: tenantShard(transaction.tenant, shardOf(transaction.id)),
    listedAt: listedAt(transaction),
    ...(transaction.nextActionAt && { dueShard: dueShardOf(transaction) }),
    ...(transaction.original && { originalKey: originalKey(transaction.tenant, transaction.original) }),
  };
}

/** Time and id: a total order, so that a page can begin exactly where the last one ended. */
export function listedAt(transaction: Transaction): string {
  return `${transaction.createdAt}#${transaction.id}`;
}

export function tenantShard(tenant: string, shard: number): string {
  return `${tenant}#${shard}`;
}

/** A tenant's refunds of one original. One original has few, so they need no shards. */
export function originalKey(tenant: string, original: string): string {
  return `${tenant}#${original}`;
}

export function dueShard(shard: number): string {
  return `due#${shard}`;
}

/** What stands in line for its turn, however long, keeps nothing waiting whose outcome is open. */
export function turnShard(shard: number): string {
  return `turn#${shard}`;
}

/** What needs an operator waits in a partition of its own per tenant, out of the follow-up's way. */
export function reviewShard(tenant: string): string {
  return `review#${tenant}`;
}

/** Where a transaction lies from now on; `followUpOf` is its own id. */
export function dueShardFor(due: { readonly operatorOf: string } | { readonly followUpOf: string }): string {
  return "operatorOf" in due ? reviewShard(due.operatorOf) : dueShard(shardOf(due.followUpOf));
}

function dueShardOf(transaction: Transaction): string {
  if (transaction.status === "needs_review") return reviewShard(transaction.tenant);
  return (waitsForTurn(transaction) ? turnShard : dueShard)(shardOf(transaction.id));
}

function shardOf(id: string): number {
  return spreadOf(id) % shardCount;
}
