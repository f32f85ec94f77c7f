/** Accepts an order of a kind whose body is the order itself: a spendback, a cashback. */
import type { NewTransaction } from "../domain/new-transaction.ts";
import type { Connector } from "../providers/port.ts";
import { type AcceptDependencies, accept, operationOf, unlessAccepted } from "./accept.ts";
import { type ConnectionBook, connectionBook } from "./connection-book.ts";
import { claimStore, clock, transactionStore } from "./dependencies.ts";
import type { Answer, Call } from "./endpoint.ts";
import { invalid } from "./input.ts";
import { answerWith, connectionFor } from "./money-request.ts";
import { stepFunctionsFlow } from "./step-functions.ts";

export interface CreateDependencies extends AcceptDependencies {
  readonly connections: ConnectionBook;
}

/** What a kind takes whose body is the order itself. */
type Movement = "spendback" | "cashback";

/** The connector's own check of an order. */
type Check<Kind extends Movement> = (
  calls: NonNullable<Connector[Kind]>,
) => ReturnType<NonNullable<Connector[Kind]>["check"]>;

type Ordered = Omit<NewTransaction, "id" | "tenant" | "fingerprint" | "kind" | "provider">;

/** The order as its transaction begins, checked with the connector. @throws VisibleError */
export async function checkedMovement<Kind extends Movement, Order extends Ordered>(
  kind: Kind,
  order: Order,
  check: Check<Kind>,
  tenant: string,
  { connections }: Pick<CreateDependencies, "connections">,
): Promise<Order & { readonly kind: Kind; readonly provider: string }> {
  const { connection, calls } = await connectionFor(kind, order.connection, tenant, connections);
  const wrong = check(calls);
  if (wrong.length > 0) throw invalid(wrong);
  return { ...order, kind, provider: connection.provider };
}

/** Accepts an order that `checked` finds right, and answers with its transaction. */
export async function createMovement(
  kind: Movement,
  order: Ordered,
  checked: () => Promise<Ordered & { readonly kind: Movement; readonly provider: string }>,
  dependencies: CreateDependencies,
  call: Call,
): Promise<Answer> {
  const { tenant, idempotencyKey: key, requestId, door: by = "api" } = call;
  const identity = { tenant, operation: operationOf[kind], key, request: order };
  const known = await unlessAccepted(identity, dependencies, checked);
  if ("accepted" in known) return answerWith(known.accepted, call, dependencies);
  const acceptance = await accept({ ...identity, transaction: known.checked, requestId, by }, dependencies);
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
