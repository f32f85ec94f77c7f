/** Takes a cashback that is to be paid by the next run of its connection's schedule: records it, once. */
import type { Accrual } from "../domain/accrual.ts";
import { VisibleError } from "../domain/errors.ts";
import { accrualId, fingerprint, transactionId } from "../domain/ids.ts";
import type { AccrualStore } from "../store/accruals.ts";
import { dynamoAccruals } from "../store/dynamodb-accruals.ts";
import type { TransactionStore } from "../store/port.ts";
import { operationOf, reused } from "./accept.ts";
import { showAccruals } from "./accruals.ts";
import type { ConnectionBook } from "./connection-book.ts";
import { dynamo, tableNameOf } from "./dependencies.ts";
import type { Answer, Call } from "./endpoint.ts";
import { invalid } from "./input.ts";
import { connectionFor } from "./money-request.ts";

export type AccrualOrder = Pick<Accrual, "connection" | "sender" | "receiver" | "amount" | "description" | "metadata">;

export interface AccrualDependencies {
  readonly accruals: Pick<AccrualStore, "create" | "get">;
  readonly transactions: Pick<TransactionStore, "get" | "reserve">;
  readonly connections: ConnectionBook;
  readonly now: () => Date;
}

/** What takes cashbacks by schedule. */
export interface ScheduledCashbacks {
  /** @throws VisibleError as `createAccrual` */
  readonly take: (order: AccrualOrder, call: Call) => Promise<Answer>;
}

export function scheduledCashbacks(dependencies: AccrualDependencies): ScheduledCashbacks {
  return { take: (order, call) => createAccrual(order, dependencies, call) };
}

/** In the table of accruals that the environment names. */
export function storedCashbacks(dependencies: Omit<AccrualDependencies, "accruals">): ScheduledCashbacks {
  return scheduledCashbacks({ ...dependencies, accruals: dynamoAccruals(dynamo(), tableNameOf("Accruals")) });
}

/**
 * A cashback paid at once has the same keys, through every door, and one key cannot stand for both. Which of the two it stands for
 * one write decides: the accrual takes the very id under which the transaction would be put, for ever, before it is put itself.
 *
 *   id of the key's transaction reserved ─┬─ accrual ─┬─ answer
 *        │                                │           └─ an accrual: answered as a repeat
 *        │                                └─ a reservation alone: the accrual is made now, by the next call
 *        └─ refused: there is a transaction, or another request reserved it
 *
 * @throws VisibleError what is wrong with the order; idempotency_key_reused when the key stands for another request
 */
async function createAccrual(order: AccrualOrder, dependencies: AccrualDependencies, call: Call): Promise<Answer> {
  const { accruals, transactions, now } = dependencies;
  const { tenant, idempotencyKey: key } = call;
  const id = accrualId(tenant, key);
  const print = fingerprint({ ...order, payout: "scheduled" });

  const provider = await checked(order, dependencies, tenant).catch(async (error: unknown) => {
    // A repeat is answered with its accrual, whatever has changed since in the connections.
    const present = error instanceof VisibleError ? await accruals.get(id) : undefined;
    if (present?.fingerprint !== print) throw error;
    return present.provider;
  });
  if (!(await transactions.reserve(transactionId(tenant, operationOf.cashback, key), print))) throw reused();
  const { created, accrual } = await accruals.create({
    ...order,
    id,
    tenant,
    provider,
    fingerprint: print,
    state: "waiting",
    revision: 0,
    createdAt: now().toISOString(),
  });
  return created ? answer(accrual, dependencies, false) : repeat(accrual, print, dependencies);
}

/** The provider, where nothing is wrong with the order. @throws VisibleError */
async function checked(order: AccrualOrder, { connections }: AccrualDependencies, tenant: string): Promise<string> {
  const { connection, calls } = await connectionFor("cashback", order.connection, tenant, connections);
  const wrong = calls.check(order);
  if (wrong.length > 0) throw invalid(wrong);
  return connection.provider;
}

function repeat(accrual: Accrual, print: string, dependencies: AccrualDependencies): Promise<Answer> {
  if (accrual.fingerprint !== print) throw reused();
  return answer(accrual, dependencies, true);
}

async function answer(accrual: Accrual, dependencies: AccrualDependencies, isReplayed: boolean): Promise<Answer> {
  const [body] = await showAccruals([accrual], dependencies);
  return {
    status: 201,
    body,
    headers: { location: `/v1/accruals/${accrual.id}`, ...(isReplayed && { "idempotent-replayed": "true" }) },
    accrualId: accrual.id,
  };
}
