/** Gets a connection's session: the cached one, or a new one made by one of many callers. */
import { CredentialsRejectedError, ProviderUnavailableError } from "../domain/errors.ts";
import { isFresh, type Session, sessionOf } from "../domain/session.ts";
import type { ConfiguredConnection } from "../providers/connections.ts";
import type { SessionStore } from "../store/port.ts";
import type { Clock } from "./dependencies.ts";

/** How long one login may take before another caller tries: longer than a provider's time-out. */
const leaseMs = 26_000;

/** How long to wait for another caller's login, and between looks. */
const patienceMs = 12_000;
const lookMs = 100;

/**
 * A session newer than the one that was rejected, if one was. Of many callers one logs in and the others wait for it: some
 * providers may revoke the older token when they issue a new one.
 *
 *   caller A   lease ── login ── save ─▶ session
 *   caller B      lease refused ── wait ── get ─▶ the same session
 *
 * @throws CredentialsRejectedError, ProviderUnavailableError
 */
export async function renewSession(
  connection: ConfiguredConnection,
  rejectedIssuedAt: string | undefined,
  { sessions, now, sleep }: Clock & { readonly sessions: SessionStore },
): Promise<Session> {
  const { sessionId } = connection;
  const isUsable = (session: Session | undefined): session is Session =>
    session !== undefined && isFresh(session, now()) && session.issuedAt !== rejectedIssuedAt;
  const until = now().getTime() + patienceMs;
  do {
    const session = await sessions.get(sessionId);
    if (isUsable(session)) return session;
    const lease = await sessions.lease(sessionId, now(), new Date(now().getTime() + leaseMs));
    if (lease) {
      // Between our look and our lease another caller may have logged in, saved and given the lease back.
      return await renewUnderLease(connection, isUsable(lease.session) ? lease.session : undefined, sessions, now);
    }
    await sleep(lookMs);
  } while (now().getTime() < until);
  throw new ProviderUnavailableError("another caller's login has not ended");
}

/** A new session, saved nowhere. @throws CredentialsRejectedError, ProviderUnavailableError */
export async function logIn({ connector }: ConfiguredConnection, now: () => Date): Promise<Session> {
  if (!connector.authenticate) throw new Error("this connection has no sessions");
  const login = await connector.authenticate();
  switch (login.kind) {
    case "read":
      return sessionOf(login.value.token, login.value.lifetimeMs, now());
    case "unavailable":
      throw new ProviderUnavailableError(login.detail);
    case "refused":
    case "session-rejected":
      throw new CredentialsRejectedError("the provider refuses the credentials");
  }
}

async function renewUnderLease(
  connection: ConfiguredConnection,
  found: Session | undefined,
  sessions: SessionStore,
  now: () => Date,
): Promise<Session> {
  try {
    const session = found ?? (await logIn(connection, now));
    if (found) await sessions.release(connection.sessionId);
    else await sessions.save(connection.sessionId, session);
    return session;
  } catch (error) {
    await sessions.release(connection.sessionId);
    throw error;
  }
}
