/** Accepts an order of a kind whose body is the order itself: a spendback, a cashback. */
import type { NewTransaction } from "../domain/new-transaction.ts";
import type { Connector } from "../providers/port.ts";
import { type AcceptDependencies, accept, operationOf, unlessAccepted, type Wish } from "./accept.ts";
import { type ConnectionBook, connectionBook } from "./connection-book.ts";
import { claimStore, clock, transactionStore } from "./dependencies.ts";
import type { Answer, Call } from "./endpoint.ts";
import { invalid } from "./input.ts";
import { answerWith, connectionFor } from "./money-request.ts";
import { stepFunctionsFlow } from "./step-functions.ts";

export interface CreateDependencies extends AcceptDependencies {
  readonly connections: ConnectionBook;
}

/** Checks the order with the connector, accepts it, and answers with its transaction. `check` is the connector's own, `refuse` as `accept` asks for it. */
export async function createMovement<Kind extends "spendback" | "cashback">(
  kind: Kind,
  order: Omit<NewTransaction, "id" | "tenant" | "fingerprint" | "kind" | "provider">,
  check: (calls: NonNullable<Connector[Kind]>) => ReturnType<NonNullable<Connector[Kind]>["check"]>,
  dependencies: CreateDependencies,
  call: Call,
  refuse: Wish["refuse"] = async () => undefined,
): Promise<Answer> {
  const { tenant, idempotencyKey: key, requestId } = call;
  const identity = { tenant, operation: operationOf[kind], key, request: order };
  const known = await unlessAccepted(identity, dependencies, async () => {
    const { connection, calls } = await connectionFor(kind, order.connection, tenant, dependencies.connections);
    const wrong = check(calls);
    if (wrong.length > 0) throw invalid(wrong);
    return connection;
  });
  if ("accepted" in known) return answerWith(known.accepted, call, dependencies);
  const { provider } = known.checked;
  const transaction = { ...order, kind, provider };
  const acceptance = await accept({ ...identity, transaction, requestId, refuse }, dependencies);
  return answerWith(acceptance, call, dependencies);
}

export function createDependencies(): CreateDependencies {
  return {
    transactions: transactionStore(),
    claims: claimStore(),
    flow: stepFunctionsFlow(),
    connections: connectionBook(),
    ...clock,
  };
}
