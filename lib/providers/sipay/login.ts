/** Sipay's token: OAuth client credentials, form-encoded. */
import type { Reading } from "../../domain/outcome.ts";
import type { Exchange } from "../http.ts";
import type { Login } from "../port.ts";
import type { SipayConnection } from "./config.ts";
import { LoginData, LoginError, parseBody } from "./wire.ts";

/** The four parameters, all required. Source: https://docs.businessapi.sipay.com.tr/en/get-access-token-17335248e0, read 2026-11. */
export function loginBody({ clientId, clientSecret, scope }: SipayConnection): string {
  const parameters = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret, scope };
  return new URLSearchParams(parameters).toString();
}

/** What refuses the client itself (RFC 6749, section 5.2; Sipay documents no failure of this call). */
const refusals = new Set(["invalid_client", "unauthorized_client", "invalid_scope"]);

export function readLogin(exchange: Exchange): Reading<Login> {
  if (exchange.kind !== "answered") return { kind: "unavailable", detail: exchange.detail };
  const { status, text } = exchange;
  const body = parseBody(text);
  if (status === 200) {
    const { data } = LoginData.safeParse(body);
    if (!data) return { kind: "unavailable", detail: "a token that cannot be read" };
    return { kind: "read", value: { token: data.access_token, lifetimeMs: Number(data.expires_in) * 1000 } };
  }
  const error = LoginError.safeParse(body).data?.error;
  if (status === 401 || status === 403 || (status === 400 && error !== undefined && refusals.has(error))) {
    const message = `The token was refused: HTTP ${status} ${error ?? ""}`.trim();
    return { kind: "refused", code: "credentials_rejected", message };
  }
  return { kind: "unavailable", detail: `HTTP ${status} ${error ?? ""}`.trim() };
}
