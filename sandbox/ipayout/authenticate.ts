/** i-payout's login, and the check of bearer and merchant id before every other call (contract, section 2). */

import type { Answer, Call, World } from "../provider.ts";
import { codes, empty, failure, success } from "./envelope.ts";
import type { Session } from "./token.ts";
import { issueToken, readToken } from "./token.ts";

const USERNAME = "moneyback";
const PASSWORD = "sandbox-password";
const MERCHANT_ID = "5f0c2e4a-7f55-4b6e-9c43-2a1f6d0b7e11";

const MINUTE_MS = 60_000;

/** The body types of the OpenAPI file, and `application/*+json` as the portal's samples literally send it. */
const JSON_TYPE = /^(application|text)\/json\b|^application\/[\w.*-]+\+json\b/i;

/** `GET /authentication/login`. Without Authorization: shape C, as recorded. */
export const logIn = ({ switchValue, now, newId }: World, { headers }: Call): Answer => {
  const { authorization } = headers;
  if (!authorization) return authorizationNotFound();
  const credentials = /^Basic +(\S+)$/i.exec(authorization)?.[1] ?? "";
  if (Buffer.from(credentials, "base64").toString() !== `${USERNAME}:${PASSWORD}`) return invalidCredentials();
  const merchantId = headers["x-merchantid"];
  // The portal's login sends none, and some of its recipes send the username in its place.
  if (merchantId !== undefined && !isMerchant(merchantId) && merchantId !== USERNAME) return invalidCredentials();
  const minutes = Number(switchValue("token-minutes"));
  const token = issueToken({ tokenId: newId(), merchantId: MERCHANT_ID, expiresAtMs: now() + minutes * MINUTE_MS });
  return success("Success", { merchantId: MERCHANT_ID, token, expireInMinutes: minutes });
};

/** Lets a call through to its handler only with a token of ours that has not expired, and the merchant's id. */
export const guard =
  (world: World, handle: (call: Call, session: Session) => Answer) =>
  (call: Call): Answer => {
    const token = /^Bearer +(\S+)$/i.exec(call.headers.authorization ?? "")?.[1];
    const session = token === undefined ? undefined : readToken(token, world.now());
    if (!session) return unauthorized(world);
    // Required; what is answered without it, or with another's, is not documented.
    if (!isMerchant(call.headers["x-merchantid"])) return invalidCredentials();
    if (call.method === "POST" && !JSON_TYPE.test(call.headers["content-type"] ?? "")) return empty(415);
    return handle(call, session);
  };

/** A missing or expired bearer: documents list 401, a recording (of the login call) shows shape C. */
export const unauthorized = ({ switchValue }: World): Answer =>
  switchValue("auth-failure") === "401" ? empty(401) : authorizationNotFound();

const isMerchant = (merchantId: string | string[] | undefined): boolean =>
  typeof merchantId === "string" && merchantId.toLowerCase() === MERCHANT_ID;

const authorizationNotFound = (): Answer => failure(codes.authorizationNotFound, "Authorization not found");

const invalidCredentials = (): Answer => failure(codes.invalidCredentials, "Invalid client credentials");
