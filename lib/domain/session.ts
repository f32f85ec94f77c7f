/** A session: a provider's access token, kept until shortly before it expires. */

export interface Session {
  readonly token: string;
  /** ISO 8601. Tells an older session from a newer one without showing either. */
  readonly issuedAt: string;
  /** ISO 8601; some time before the provider's own expiry. */
  readonly expiresAt: string;
}

/** A call must not set out with a token that expires on the way. */
const marginMsMax = 120_000;

/** A session from a token that the provider says lives for `lifetimeMs` from now. */
export function sessionOf(token: string, lifetimeMs: number, now: Date): Session {
  const marginMs = Math.min(marginMsMax, lifetimeMs / 10);
  return {
    token,
    issuedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + lifetimeMs - marginMs).toISOString(),
  };
}

export function isFresh(session: Session, now: Date): boolean {
  return session.expiresAt > now.toISOString();
}
