/** `GET /v1/balances`: what a provider says lies in a wallet now. */

import * as z from "zod/mini";
import { isCurrency } from "../lib/domain/currencies.ts";
import { CredentialsRejectedError, ProviderUnavailableError, VisibleError } from "../lib/domain/errors.ts";
import { isFresh, type Session } from "../lib/domain/session.ts";
import { type ConnectionBook, callingConnections } from "../lib/lambda/connection-book.ts";
import { type Clock, clock, sessionStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { httpWhenCalled } from "../lib/lambda/http-when-called.ts";
import { invalid } from "../lib/lambda/input.ts";
import { logIn } from "../lib/lambda/sessions.ts";
import type { ShownBalance } from "../lib/lambda/shown-connection.ts";
import type { ConfiguredConnection } from "../lib/providers/connections.ts";
import type { SessionStore } from "../lib/store/port.ts";

const text = (message: string) => z.string(message).check(z.minLength(1, message));

export const GetBalance = z.strictObject({
  connection: text("is required: the id of a connection"),
  account: text("is required: the wallet, as the provider names it"),
  currency: z
    .string("is required: an ISO 4217 code in capitals, such as USD")
    .check(z.refine(isCurrency, "must be an active ISO 4217 code in capitals, such as USD")),
});
export type GetBalance = z.infer<typeof GetBalance>;

export interface Dependencies extends Clock {
  readonly connections: ConnectionBook;
  /** Read only: the flow's sessions are written by `authenticate` alone. */
  readonly sessions: Pick<SessionStore, "get">;
  /** Sessions that this process made for itself because none was cached. */
  readonly own: Map<string, Session>;
}

export async function run(input: GetBalance, dependencies: Dependencies, call: Call): Promise<Answer> {
  const { connection: id, account, currency } = input;
  const connection = await dependencies.connections.find(id, call.tenant);
  if (!connection) throw new VisibleError("unknown_connection", `There is no connection "${id}".`);
  const { balance, authenticate } = connection.connector;
  if (!balance) throw new VisibleError("unsupported_operation", `The connection "${id}" tells no balances.`);

  let reading = await balance({ account, currency }, await tokenOf(connection, dependencies));
  if (reading.kind === "session-rejected" && authenticate) {
    const token = await tokenOf(connection, dependencies, "new");
    reading = await balance({ account, currency }, token);
  }
  switch (reading.kind) {
    case "read": {
      const available = { value: reading.value.value, currency: reading.value.currency };
      const at = dependencies.now().toISOString();
      return { status: 200, body: { connection: id, account, available, at } satisfies ShownBalance };
    }
    case "refused": {
      if (reading.code === "currency_mismatch") throw invalid([{ path: "currency", message: reading.message }]);
      const unknownAccount = reading.code === "recipient_not_found" || reading.code === "account_not_found";
      throw unknownAccount
        ? new VisibleError("not_found", `The provider does not know the account "${account}".`)
        : new VisibleError("provider_refused", `The provider refused: ${reading.message}`);
    }
    case "session-rejected":
      throw new VisibleError("provider_refused", "The provider refuses the connection's credentials.");
    case "unavailable":
      throw unavailable(reading.detail);
  }
}

async function tokenOf(
  connection: ConfiguredConnection,
  { sessions, own, now }: Dependencies,
  which: "any" | "new" = "any",
): Promise<string | undefined> {
  if (!connection.connector.authenticate) return undefined;
  if (which === "any") {
    const session = newerOf(await sessions.get(connection.sessionId), own.get(connection.sessionId));
    if (session && isFresh(session, now())) return session.token;
  }
  try {
    const session = await logIn(connection, now);
    own.set(connection.sessionId, session);
    return session.token;
  } catch (error) {
    if (error instanceof ProviderUnavailableError) throw unavailable(error.message);
    if (error instanceof CredentialsRejectedError) {
      throw new VisibleError("provider_refused", "The provider refuses the connection's credentials.");
    }
    throw error;
  }
}

/** A cached session may have been rejected since, which only the one made after that shows. */
function newerOf(cached: Session | undefined, own: Session | undefined): Session | undefined {
  return cached && own ? (own.issuedAt > cached.issuedAt ? own : cached) : (cached ?? own);
}

function unavailable(detail: string): VisibleError {
  return new VisibleError("provider_unavailable", `The provider does not answer (${detail}). Try again.`, {
    headers: { "retry-after": "5" },
  });
}

export const handler = endpointHandler(
  { scope: "balances:read", input: GetBalance, run },
  (): Dependencies => ({
    connections: callingConnections(httpWhenCalled),
    sessions: sessionStore(),
    own: new Map(),
    ...clock,
  }),
);
