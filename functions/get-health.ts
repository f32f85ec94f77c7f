/** `GET /v1/health`: whether the service can do its work, which connections it cannot call, and which providers are down. */
import * as z from "zod/mini";
import { positionAt } from "../lib/lambda/breaker.ts";
import { type ConnectionBook, connectionBook } from "../lib/lambda/connection-book.ts";
import { clock, connectionStates, transactionStore } from "../lib/lambda/dependencies.ts";
import { type Answer, endpointHandler } from "../lib/lambda/endpoint.ts";
import type { ShownHealth } from "../lib/lambda/shown-connection.ts";
import type { ConnectionState, ConnectionStateStore } from "../lib/store/connection-states.ts";
import type { TransactionStore } from "../lib/store/port.ts";

export const GetHealth = z.looseObject({});
export type GetHealth = z.infer<typeof GetHealth>;

export interface Dependencies {
  readonly connections: Pick<ConnectionBook, "all">;
  readonly transactions: Pick<TransactionStore, "get">;
  readonly states: Pick<ConnectionStateStore, "get">;
  readonly now: () => Date;
}

/**
 * `ok`; `degraded` where a connection is not configured, or its provider was down when it was last called; `down`, with
 * 503, where the database or the secret cannot be read.
 */
export async function run(_input: GetHealth, dependencies: Dependencies): Promise<Answer> {
  const { connections, transactions, states, now } = dependencies;
  const [transactionsRead, book] = await Promise.all([
    attempt(transactions.get("health", "eventual")),
    connections.all().catch(() => undefined),
  ]);
  const { configured, broken } = book ?? { configured: [], broken: [] };
  const seen = await Promise.all(
    configured.map(async ({ id, provider }) => ({ id, provider, state: await attempt(states.get(id)) })),
  );
  const database = transactionsRead.done && seen.every(({ state }) => state.done) ? "ok" : "down";
  const callable = seen.map(({ id, provider, state }) => ({
    id,
    provider,
    status: "configured" as const,
    ...(state.done && { breaker: breakerShown(state.value, now()) }),
  }));
  const down = database === "down" || !book;
  const degraded = broken.length > 0 || callable.some(({ breaker }) => breaker && breaker.state !== "closed");
  return {
    status: down ? 503 : 200,
    body: {
      status: down ? "down" : degraded ? "degraded" : "ok",
      database,
      secret: book ? "ok" : "down",
      connections: [
        ...callable,
        ...broken.map(({ id, problem }) => ({ id, status: "unconfigured" as const, problem })),
      ],
    } satisfies ShownHealth,
  };
}

/** `failures` in a row `since` when; nobody calls before `retryAt`. */
function breakerShown(run: ConnectionState | undefined, now: Date) {
  return {
    state: positionAt(run, now),
    ...(run && { failures: run.failures, since: run.failingSince }),
    ...(run?.openUntil !== undefined && { retryAt: run.openUntil }),
  };
}

async function attempt<T>(reading: Promise<T>): Promise<{ done: true; value: T } | { done: false }> {
  return reading.then(
    (value) => ({ done: true, value }),
    () => ({ done: false }),
  );
}

export const handler = endpointHandler({ input: GetHealth, run }, () => ({
  connections: connectionBook(),
  transactions: transactionStore(),
  states: connectionStates(),
  now: clock.now,
}));
