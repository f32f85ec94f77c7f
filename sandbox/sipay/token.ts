/** Sipay's bearer tokens: signed, so that they outlive a restart of the sandbox without being kept. */

import { createHmac } from "node:crypto";

/** Nothing real hangs on it. */
const KEY = "sandbox-sipay";

const HEADER = encode({ alg: "HS256", typ: "JWT" });

export interface Grant {
  readonly tokenId: string;
  readonly clientId: string;
  readonly expiresAtMs: number;
}

export const issueToken = ({ tokenId, clientId, expiresAtMs }: Grant): string => {
  const claims = encode({ client_id: clientId, jti: tokenId, exp: expiresAtMs });
  return `${HEADER}.${claims}.${sign(claims)}`;
};

/** Whether it is ours and has not expired. */
export const isValidToken = (token: string, now: number): boolean => {
  const [header, claims = "", signature] = token.split(".");
  if (header !== HEADER || signature !== sign(claims)) return false;
  return now < (JSON.parse(Buffer.from(claims, "base64url").toString()) as { exp: number }).exp;
};

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function sign(claims: string): string {
  return createHmac("sha256", KEY).update(`${HEADER}.${claims}`).digest("base64url");
}
