/** Task `Authenticate`: makes sure that a session for the connection is cached. Nothing else of the flow writes sessions. */

import * as z from "zod/mini";
import { CredentialsRejectedError } from "../lib/domain/errors.ts";
import { type ConnectionBook, callingConnections } from "../lib/lambda/connection-book.ts";
import { type Clock, clock, sessionStore } from "../lib/lambda/dependencies.ts";
import { httpWhenCalled } from "../lib/lambda/http-when-called.ts";
import { recallSession, rememberSession } from "../lib/lambda/remembered-sessions.ts";
import { renewSession } from "../lib/lambda/sessions.ts";
import { type TaskInput, taskHandler } from "../lib/lambda/task.ts";
import type { ConfiguredConnection } from "../lib/providers/connections.ts";
import type { SessionStore } from "../lib/store/port.ts";

export interface Dependencies extends Clock {
  readonly connections: ConnectionBook;
  readonly sessions: SessionStore;
}

/** How often this flow has renewed a rejected session. */
export interface Authenticated {
  readonly renewals: number;
}

/**
 * A session that was just made is rejected only if something else is wrong, such as another login that revoked it: a later
 * flow tries again. Static credentials may be refused once for each function that still had those from before a rotation.
 */
const renewalsMax = { sessions: 1, static: 2 } as const;

export async function run(input: TaskInput, dependencies: Dependencies): Promise<Authenticated> {
  const renewals = input.session?.renewals ?? 0;
  const rejected = input.session?.rejected;
  const connection = await configured(input.connection, dependencies);
  const { authenticate } = connection.connector;
  if (rejected && renewals >= (authenticate ? renewalsMax.sessions : renewalsMax.static)) {
    // Static credentials are refused for what they are. Sessions whose login is accepted are not: a later flow tries again.
    if (!authenticate) throw new CredentialsRejectedError("the provider refuses the credentials");
    throw new SessionsRejectedError("the provider keeps rejecting new sessions");
  }
  const isKnown = !rejected && recallSession(connection, dependencies.now()) !== undefined;
  if (authenticate && !isKnown) await renew(connection, rejected && issuedAtOf(rejected.Cause), dependencies);
  // The task that was refused has read the secret again; its next call goes with what the secret says now.
  else if (rejected) await dependencies.connections.refresh();
  return { renewals: rejected ? renewals + 1 : renewals };
}

/** The flow catches it with everything else, and leaves the transaction as it is. */
class SessionsRejectedError extends Error {
  override readonly name = "SessionsRejectedError";
}

/** After a rotation the credentials in hand are refused and the secret has new ones: read it once more before giving up. */
async function renew(
  connection: ConfiguredConnection,
  rejectedIssuedAt: string | undefined,
  dependencies: Dependencies,
): Promise<void> {
  try {
    const session = await renewSession(connection, rejectedIssuedAt, dependencies);
    rememberSession(connection, session, dependencies.now());
  } catch (error) {
    if (!(error instanceof CredentialsRejectedError)) throw error;
    await renewSession(await rotated(connection, dependencies), undefined, dependencies);
  }
}

/** The connection with the credentials that the secret has now. @throws CredentialsRejectedError where they are the refused ones */
async function rotated(connection: ConfiguredConnection, dependencies: Dependencies): Promise<ConfiguredConnection> {
  await dependencies.connections.refresh();
  const current = await configured(connection.id, dependencies);
  if (current.sessionId === connection.sessionId) {
    throw new CredentialsRejectedError("the provider refuses the credentials");
  }
  return current;
}

async function configured(id: string, { connections }: Dependencies): Promise<ConfiguredConnection> {
  const connection = await connections.get(id);
  if (!connection) throw new Error(`the connection ${id} is no longer configured`);
  return connection;
}

const Cause = z.object({ errorMessage: z.string() });

/** The rejected session's time of issue, from the error that the task threw. */
function issuedAtOf(cause: string | undefined): string {
  try {
    return Cause.parse(JSON.parse(cause ?? "")).errorMessage;
  } catch {
    return "";
  }
}

export const handler = taskHandler(
  // WhereToGoOn.
  { run, statesAround: 1 },
  (): Dependencies => ({ connections: callingConnections(httpWhenCalled), sessions: sessionStore(), ...clock }),
);
