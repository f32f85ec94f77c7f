/** The simulated providers with connectors on them, for tests: no fault but those that a test strikes with. */
import { expect } from "vitest";
import { amountOf } from "../../lib/domain/money.ts";
import { readConnections } from "../../lib/providers/connections.ts";
import type { Exchange, HttpRequest } from "../../lib/providers/http.ts";
import type { Connector, Order, RefundOrder, SpendbackOrder } from "../../lib/providers/port.ts";
import type { FaultName } from "../../sandbox/faults.ts";
import type { Offer } from "./offers.ts";
import { openSimulatedProviders } from "./simulated-providers.ts";

/** A sum that every purse has and no stand-in has a trick for. */
export const small = 500;

const began = Date.parse("2026-11-20T09:30:00.000Z");

/** A run of its own: time stands unless it is moved; what goes over the wire is kept. */
export function stage(toldByWebhook?: readonly string[]) {
  let time = began;
  let ids = 0;
  const simulated = openSimulatedProviders({
    now: () => time,
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, "0")}`,
    ...(toldByWebhook && { toldByWebhook }),
  });
  const requests: HttpRequest[] = [];
  let next: FaultName | undefined;
  const http = async (request: HttpRequest): Promise<Exchange> => {
    requests.push(request);
    const fault = next;
    next = undefined;
    const { status, text } = simulated.exchange(request, fault);
    return { kind: "answered", status, text };
  };
  const book = readConnections(JSON.stringify(simulated.connections), () => ({ http, now: () => new Date(time) }));
  return {
    ...simulated,
    book,
    requests,
    /** The next request meets the fault. */
    strike(fault: FaultName) {
      next = fault;
    },
    pass(ms: number) {
      time += ms;
    },
    async connector(id: string): Promise<Connector> {
      const connection = await book.get(id);
      if (!connection) throw new Error(`no connection ${id}`);
      return connection.connector;
    },
  };
}

/** A transaction id, as our references are. */
export const referenceOf = (n: number) => `txn_${String(n).padStart(26, "0")}`;

type Stage = ReturnType<typeof stage>;

interface Placed {
  readonly calls: NonNullable<Connector["spendback"]>;
  readonly order: SpendbackOrder;
  readonly token: string | undefined;
}

/** What the flow does before it moves money, and the order that it then submits. */
export async function approach(
  run: Stage,
  { connection, kind, body, currency }: Offer,
  value: number,
  n = 1,
): Promise<Placed> {
  const connector = await run.connector(connection);
  const login = await connector.authenticate?.();
  const token = login?.kind === "read" ? login.value.token : undefined;
  // The kinds differ in their orders only; the body has what each needs.
  const calls = connector[kind] as unknown as Placed["calls"] & Pick<NonNullable<Connector["refund"]>, "remaining">;
  const base: Order = {
    reference: referenceOf(n),
    createdAt: new Date(began),
    amount: amountOf(value, currency),
    attempt: 1,
  };
  const order = { account: {}, splits: [], ...body, ...base } as unknown as SpendbackOrder & RefundOrder;
  expect(calls.check(order)).toEqual([]);
  const payer = calls.payer?.(order);
  if (payer !== undefined) await connector.balance?.({ account: payer, currency }, token);
  if (kind === "refund") await calls.remaining(order, token);
  const snapshot = await calls.prepare?.(order, token);
  return { calls, token, order: snapshot?.kind === "read" ? { ...order, snapshot: snapshot.value } : order };
}
