/** Paysafe's calls over HTTP, and what the answer to one that only reads comes to. */
import type { FailureCode, Reading } from "../../domain/outcome.ts";
import type { Exchange, HttpClient } from "../http.ts";
import type { PaysafeConnection } from "./config.ts";
import { missingCodes, verdictOn } from "./errors.ts";
import { parseBody, Refund } from "./wire.ts";

export interface Client {
  /** `path` below the account: `/refunds/…`. */
  readonly get: (path: string) => Promise<Exchange>;
  readonly send: (method: "POST" | "PUT", path: string, body: string) => Promise<Exchange>;
}

export function openClient(connection: PaysafeConnection, http: HttpClient): Client {
  const { baseUrl, accountId, username, password, timeoutMs } = connection;
  const account = `${baseUrl}/cardpayments/v1/accounts/${encodeURIComponent(accountId)}`;
  const headers = {
    accept: "application/json",
    authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`,
  };
  return {
    get: (path) => http({ method: "GET", url: account + path, headers, timeoutMs }),
    send: (method, path, body) =>
      http({
        method,
        url: account + path,
        headers: { ...headers, "content-type": "application/json" },
        body,
        timeoutMs,
      }),
  };
}

/** The text of a 200, or that what the path names is not there, or why nothing was read. */
export type Answer =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing"; readonly message: string; readonly providerCode?: string }
  | Exclude<Reading<never>, { kind: "read" }>;

export function readAnswer(exchange: Exchange): Answer {
  if (exchange.kind !== "answered") return { kind: "unavailable", detail: exchange.detail };
  const { status, text } = exchange;
  if (status >= 200 && status < 300) return { kind: "text", text };
  const body = parseBody(Refund, text);
  const { code, message } = body?.error ?? {};
  const detail = code ? `HTTP ${status}, code ${code}` : `HTTP ${status}`;
  if (status < 400 || status >= 500 || status === 429) return { kind: "unavailable", detail };
  if (code !== undefined && missingCodes.has(code)) {
    return { kind: "missing", message: message || detail, providerCode: code };
  }
  // A 404 without a code is Paysafe's own only if it is empty or JSON; a page would be from somewhere in between.
  if (status === 404 && code === undefined && (body || text.trim() === "")) return { kind: "missing", message: detail };
  return refusal(status, code, message || detail);
}

function refusal(status: number, code: string | undefined, message: string): Answer {
  const verdict = verdictOn(code, false);
  if (code !== undefined && verdict.kind === "declined") return refused(verdict.code, message, code);
  if (verdict.kind === "session-rejected" || status === 401 || status === 403) {
    return { kind: "session-rejected", detail: message };
  }
  return { kind: "unavailable", detail: message };
}

function refused(code: FailureCode, message: string, providerCode: string): Answer {
  return { kind: "refused", code, message, providerCode };
}
