/** `GET /v1/health`: whether the service can do its work, and which connections it cannot call. */
import * as z from "zod/mini";
import { type ConnectionBook, connectionBook } from "../lib/lambda/connection-book.ts";
import { transactionStore } from "../lib/lambda/dependencies.ts";
import { type Answer, endpointHandler } from "../lib/lambda/endpoint.ts";
import type { TransactionStore } from "../lib/store/port.ts";

export const GetHealth = z.looseObject({});
export type GetHealth = z.infer<typeof GetHealth>;

export interface Dependencies {
  readonly connections: ConnectionBook;
  readonly transactions: Pick<TransactionStore, "get">;
}

/** `ok`; `degraded` where a connection is not configured; `down`, with 503, where the database or the secret cannot be read. */
export async function run(_input: GetHealth, { connections, transactions }: Dependencies): Promise<Answer> {
  const [database, book] = await Promise.all([
    transactions.get("health", "eventual").then(
      () => "ok" as const,
      () => "down" as const,
    ),
    connections.all().catch(() => undefined),
  ]);
  const broken = book?.broken ?? [];
  const down = database === "down" || !book;
  const status = down ? "down" : broken.length > 0 ? "degraded" : "ok";
  return {
    status: down ? 503 : 200,
    body: {
      status,
      database,
      secret: book ? "ok" : "down",
      connections: [
        ...(book?.configured ?? []).map(({ id, provider }) => ({ id, provider, status: "configured" })),
        ...broken.map(({ id, problem }) => ({ id, status: "unconfigured", problem })),
      ],
    },
  };
}

export const handler = endpointHandler({ input: GetHealth, run }, () => ({
  connections: connectionBook(),
  transactions: transactionStore(),
}));
