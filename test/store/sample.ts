/** Transactions as tests put them into stores: plain data, so that nothing under test has made them. */
import { transactionId } from "../../lib/domain/ids.ts";
import type { MinorUnits } from "../../lib/domain/money.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import type { Actor } from "../../lib/domain/transition.ts";

let tenants = 0;

/** A tenant that no other test of this process has. */
export function newTenant(): string {
  tenants += 1;
  return `tenant-${tenants}`;
}

/** Ids as the product makes them, so that they spread over the shards as the product's do. */
export function idOf(tenant: string, n = 0): string {
  return transactionId(tenant, "spendback", String(n));
}

export function sample(tenant: string, n = 0, members: Partial<Transaction> = {}): Transaction {
  const createdAt = members.createdAt ?? "2026-11-20T09:30:00.000Z";
  return {
    id: idOf(tenant, n),
    tenant,
    kind: "spendback",
    status: "pending",
    connection: "ipayout",
    provider: "ipayout",
    amount: { value: 1999 as MinorUnits, currency: "USD" },
    fingerprint: "print",
    attempts: 0,
    createdAt,
    nextActionAt: "2026-11-20T09:31:30.000Z",
    log: [{ at: createdAt, status: "pending", by: "api" }],
    ...members,
  };
}

/** The flow, acting at the given second of 20 Nov 2026, 09:30. */
export function flowAt(second: number): Actor {
  return { by: "flow", at: new Date(Date.UTC(2026, 10, 20, 9, 30, second)) };
}
