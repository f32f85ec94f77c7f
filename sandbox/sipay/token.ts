/** Sipay's bearer tokens: signed, so that they outlive a restart of the sandbox without being kept. */

import { createHmac, randomUUID } from "node:crypto";

/** Nothing real hangs on it. */
const KEY = "sandbox-sipay";

const HEADER = encode({ alg: "HS256", typ: "JWT" });

export const issueToken = (clientId: string, expiresAtMs: number): string => {
  const claims = encode({ client_id: clientId, jti: randomUUID(), exp: expiresAtMs });
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
