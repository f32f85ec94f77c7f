/** Mircate's two calls over HTTP, and how an answer to one that only reads is taken. */
import type { Reading } from "../../domain/outcome.ts";
import type { Exchange, HttpClient } from "../http.ts";
import type { MircateConnection } from "./config.ts";

export interface Client {
  readonly refund: (body: string) => Promise<Exchange>;
  readonly listTransactions: (body: string) => Promise<Exchange>;
}

/** Paths end differently (Refund and List Transactions pages, read 2026-11): the list takes the project's id only. */
export function openClient(connection: MircateConnection, http: HttpClient): Client {
  const { baseUrl, apiKey, timeoutMs } = connection;
  const project = encodeURIComponent(connection.projectId);
  const account = encodeURIComponent(connection.accountId);
  const headers = { "x-api-key": apiKey, "content-type": "application/json" };
  const call = (tail: string, body: string) =>
    http({ method: "POST", url: `${baseUrl}/CALL/WalletAPI/${tail}`, headers, body, timeoutMs });
  return {
    refund: (body) => call(`refund/${project}-${account}`, body),
    listTransactions: (body) => call(`listTransactions/${project}`, body),
  };
}

/** The text of a read's 200, or that there is no such record. All else may be asked again. A bad key is 403 (Errors page). */
export function readText(exchange: Exchange): { readonly kind: "missing" } | Reading<string> {
  if (exchange.kind !== "answered") return { kind: "unavailable", detail: exchange.detail };
  const { status, text } = exchange;
  if (status === 200) return { kind: "read", value: text };
  if (status === 404) return { kind: "missing" };
  if (status === 403) return { kind: "session-rejected", detail: "HTTP 403" };
  return { kind: "unavailable", detail: `HTTP ${status}` };
}
