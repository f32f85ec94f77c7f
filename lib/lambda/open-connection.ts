/** Opens a connection for a task: its connector, and the session that was cached for it. */
import { SessionRejectedError } from "../domain/errors.ts";
import type { Session } from "../domain/session.ts";
import type { ConfiguredConnection } from "../providers/connections.ts";
import type { SessionStore } from "../store/port.ts";
import type { ConnectionBook } from "./connection-book.ts";
import { recallSession, rememberSession } from "./remembered-sessions.ts";
import type { TaskInput } from "./task.ts";

/** A connection that can be called now. */
export interface OpenConnection {
  readonly connection: ConfiguredConnection;
  /** Absent where the credentials go with every call. */
  readonly session: Session | undefined;
}

export interface OpenDependencies {
  readonly connections: ConnectionBook;
  readonly sessions: Pick<SessionStore, "get">;
  readonly now: () => Date;
}

/**
 * Opens a connection with the session that `authenticate` cached, as this process remembers it. In a flow that was refused once
 * the session is read: the one that is remembered here may be the one that was refused elsewhere.
 * @throws SessionRejectedError when there is none; the flow then authenticates
 */
export async function openConnection(
  { connection: id, session: authenticated }: Pick<TaskInput, "connection" | "session">,
  { connections, sessions, now }: OpenDependencies,
): Promise<OpenConnection> {
  const connection = await connections.get(id);
  if (!connection) throw new Error(`the connection ${id} is no longer configured`);
  if (!connection.connector.authenticate) return { connection, session: undefined };
  const isRenewed = (authenticated?.renewals ?? 0) > 0;
  const remembered = isRenewed ? undefined : recallSession(connection, now());
  if (remembered) return { connection, session: remembered };
  const session = await sessions.get(connection.sessionId);
  if (!session) return rejectSession(undefined, connections);
  rememberSession(connection, session, now());
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
