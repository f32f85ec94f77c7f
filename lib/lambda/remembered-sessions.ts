/** Sessions as one process remembers them: a token that holds for hours is not read again for every task. */
import { isFresh, type Session } from "../domain/session.ts";
import type { ConfiguredConnection } from "../providers/connections.ts";

/** A token that somebody else's login revoked is offered in vain for this long at most, once in each process. */
const rememberedMs = 60_000;

/**
 * By the connection as it was read from the secret: whoever is refused reads the secret again (`rejectSession`), and what was
 * remembered of the old reading is forgotten with it.
 */
const known = new WeakMap<ConfiguredConnection, { readonly session: Session; readonly until: number }>();

/** The session that this process read a moment ago, while it holds. */
export function recallSession(connection: ConfiguredConnection, now: Date): Session | undefined {
  const { session, until = 0 } = known.get(connection) ?? {};
  return session && until > now.getTime() && isFresh(session, now) ? session : undefined;
}

export function rememberSession(connection: ConfiguredConnection, session: Session, now: Date): void {
  known.set(connection, { session, until: now.getTime() + rememberedMs });
}
