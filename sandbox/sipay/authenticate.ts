/** Sipay's token endpoint, and the check of bearer and client key before every other call (contract, section 2). */

import type { Answer, Call, World } from "../provider.ts";
import { empty, json } from "./envelope.ts";
import { issueToken, isValidToken } from "./token.ts";

export const CLIENT_ID = "moneyback";
export const CLIENT_SECRET = "sandbox-secret";
export const SCOPE = "sts_business_api";
export const PLATFORM_CLIENT_ID = "sandbox-platform";

const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i;
const JSON_TYPE = /^application\/json\b/i;

/** `POST /connect/token`. Its failures are RFC 6749's (inferred): the documents show none. */
export const issue = ({ now, switchValue, newId }: World, { headers, text }: Call): Answer => {
  if (!FORM_TYPE.test(headers["content-type"] ?? "")) return oauthError("invalid_request");
  const form = new URLSearchParams(text);
  const missing = ["grant_type", "client_id", "client_secret", "scope"].some((name) => !form.get(name));
  if (missing) return oauthError("invalid_request");
  if (form.get("grant_type") !== "client_credentials") return oauthError("unsupported_grant_type");
  if (form.get("client_id") !== CLIENT_ID || form.get("client_secret") !== CLIENT_SECRET) {
    return oauthError("invalid_client");
  }
  if (form.get("scope") !== SCOPE) return oauthError("invalid_scope");
  const seconds = Number(switchValue("token-seconds"));
  return json(200, {
    access_token: issueToken({ tokenId: newId(), clientId: CLIENT_ID, expiresAtMs: now() + seconds * 1_000 }),
    token_type: "Bearer",
    expires_in: seconds,
    scope: SCOPE,
  });
};

/** Lets a call through to its handler only with a token of ours that has not expired, and the platform's client key. */
export const guard =
  (world: World, handle: (world: World, call: Call) => Answer) =>
  (call: Call): Answer => {
    const token = /^Bearer +(\S+)$/i.exec(call.headers.authorization ?? "")?.[1];
    if (token === undefined || !isValidToken(token, world.now())) return unauthorized(world);
    // What is answered without it, or with another's, is not documented.
    if (call.headers["x-client-id"] !== PLATFORM_CLIENT_ID) return unauthorized(world);
    if (!JSON_TYPE.test(call.headers["content-type"] ?? "")) return empty(415);
    return handle(world, call);
  };

/** A missing or expired bearer. No document says how it is answered; RFC 6750 says 401. */
export const unauthorized = ({ switchValue }: World): Answer => {
  switch (switchValue("auth-failure")) {
    case "envelope":
      return json(401, { status: 1, code: "401", message: "Unauthorized", payload: null });
    case "403":
      return empty(403);
    default:
      return { ...empty(401), headers: { "www-authenticate": 'Bearer error="invalid_token"' } };
  }
};

const oauthError = (error: string): Answer => json(400, { error });
