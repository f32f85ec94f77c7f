/** `POST /v1/connections/{id}/check`: logs in at a connection's provider now and says what came of it. It moves nothing. */

import * as z from "zod/mini";
import { CredentialsRejectedError, ProviderUnavailableError, VisibleError } from "../lib/domain/errors.ts";
import { type ConnectionBook, callingConnections } from "../lib/lambda/connection-book.ts";
import { type Clock, clock } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { httpWhenCalled } from "../lib/lambda/http-when-called.ts";
import { logIn } from "../lib/lambda/sessions.ts";
import type { ShownConnectionCheck } from "../lib/lambda/shown-connection.ts";
import type { ConfiguredConnection } from "../lib/providers/connections.ts";

export const CheckConnection = z.strictObject({ id: z.string() });
export type CheckConnection = z.infer<typeof CheckConnection>;

export interface Dependencies extends Clock {
  readonly connections: ConnectionBook;
}

type Login =
  | { readonly status: "accepted" }
  /** Credentials go with every call: only a call that needs them, such as a balance, can tell whether they are good. */
  | { readonly status: "not-needed" }
  | { readonly status: "refused"; readonly detail: string }
  | { readonly status: "unavailable"; readonly detail: string };

/** Whatever the provider says is an answer, not an error: whoever checks wants to know of each connection. */
export async function run({ id }: CheckConnection, dependencies: Dependencies, call: Call): Promise<Answer> {
  const { connections, now } = dependencies;
  // Who checks has often just changed the secret.
  await connections.refresh();
  const connection = await connections.find(id, call.tenant);
  if (!connection) throw new VisibleError("unknown_connection", `There is no connection "${id}".`);
  const login = await logInAnew(connection, now);
  const { provider } = connection;
  const body = { connection: id, provider, login, at: now().toISOString() } satisfies ShownConnectionCheck;
  return { status: 200, body };
}

/**
 * A cached session would say nothing about the credentials. The new one is kept nowhere: `authenticate` alone writes sessions.
 * Where a provider revokes the older token, the next call that it refuses makes the flow log in once more.
 */
async function logInAnew(connection: ConfiguredConnection, now: () => Date): Promise<Login> {
  if (!connection.connector.authenticate) return { status: "not-needed" };
  try {
    await logIn(connection, now);
    return { status: "accepted" };
  } catch (error) {
    if (error instanceof CredentialsRejectedError) return { status: "refused", detail: error.message };
    if (error instanceof ProviderUnavailableError) return { status: "unavailable", detail: error.message };
    throw error;
  }
}

export const handler = endpointHandler(
  { scope: "balances:read", from: "parameters", input: CheckConnection, run },
  (): Dependencies => ({ connections: callingConnections(httpWhenCalled), ...clock }),
);
