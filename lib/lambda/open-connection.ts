/** Opens a connection for a task: its connector, and the session that was cached for it. */
import { SessionRejectedError } from "../domain/errors.ts";
import type { Session } from "../domain/session.ts";
import type { ConfiguredConnection } from "../providers/connections.ts";
import type { SessionStore } from "../store/port.ts";
import type { ConnectionBook } from "./connection-book.ts";

/** A connection that can be called now. */
export interface OpenConnection {
  readonly connection: ConfiguredConnection;
  /** Absent where the credentials go with every call. */
  readonly session: Session | undefined;
}

/**
 * Opens a connection with the session that `authenticate` cached.
 * @throws SessionRejectedError when there is none; the flow then authenticates
 */
export async function openConnection(
  id: string,
  { connections, sessions }: { readonly connections: ConnectionBook; readonly sessions: Pick<SessionStore, "get"> },
): Promise<OpenConnection> {
  const connection = await connections.get(id);
  if (!connection) throw new Error(`the connection ${id} is no longer configured`);
  if (!connection.connector.authenticate) return { connection, session: undefined };
  const session = await sessions.get(connection.sessionId);
  if (!session) return rejectSession(undefined, connections);
  return { connection, session };
}

/**
 * The next task of this process must not meet the same refusal with credentials that were rotated since.
 * @throws SessionRejectedError naming the session, so that the flow renews exactly that one
 */
export async function rejectSession(session: Session | undefined, connections: ConnectionBook): Promise<never> {
  await connections.refresh();
  throw new SessionRejectedError(session?.issuedAt ?? "none");
}
