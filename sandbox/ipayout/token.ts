/** i-payout's bearer tokens: signed, so that they outlive a restart of the sandbox without being kept. */

import { createHmac } from "node:crypto";

/** Nothing real hangs on it. */
const KEY = "sandbox";

const HEADER = Buffer.from(JSON.stringify({ alg: "HS256", typ: "JWT" })).toString("base64url");

export interface Session {
  readonly tokenId: string;
}

export interface Grant extends Session {
  readonly merchantId: string;
  readonly expiresAtMs: number;
}

export const issueToken = ({ tokenId, merchantId, expiresAtMs }: Grant): string => {
  const claims = Buffer.from(JSON.stringify({ merchantId, jti: tokenId, exp: expiresAtMs })).toString("base64url");
  return `${HEADER}.${claims}.${sign(claims)}`;
};

/** Undefined where the token is not ours or has expired. */
export const readToken = (token: string, now: number): Session | undefined => {
  const [header, claims = "", signature] = token.split(".");
  if (header !== HEADER || signature !== sign(claims)) return undefined;
  const { jti, exp } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { jti: string; exp: number };
  return now < exp ? { tokenId: jti } : undefined;
};

const sign = (claims: string): string => createHmac("sha256", KEY).update(`${HEADER}.${claims}`).digest("base64url");
