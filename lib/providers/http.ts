/** HTTP to providers: one request, one exchange, never a retry; and the difference between "not sent" and "in doubt". */
import ky, { isNetworkError } from "ky";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

/** What became of a request. */
export type Exchange =
  | { readonly kind: "answered"; readonly status: number; readonly text: string }
  /** No byte of the request left: the connection was refused, the name not found, the certificate wrong. */
  | { readonly kind: "not-sent"; readonly detail: string }
  /** The request may have been received: timeout, reset, an answer that broke off. */
  | { readonly kind: "in-doubt"; readonly detail: string };

export type HttpClient = (request: HttpRequest) => Promise<Exchange>;

/** Providers' answers are a few kilobytes; what is longer is not an answer. */
const bodyBytesMax = 1_048_576;

/**
 * Sends over a connection of its own (`connection: close`): one kept from an earlier call may be dead without our knowing,
 * and a dead one would leave a money-moving call in doubt that was never received. Redirects are not followed: they would
 * carry the order to another address.
 */
export const httpClient: HttpClient = async ({ method, url, headers, body, timeoutMs }) => {
  // One clock for connecting, sending, waiting and reading: ky's own timeout ends with the headers.
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await ky(url, {
      method,
      headers: { ...headers, connection: "close" },
      ...(body !== undefined && { body }),
      retry: 0,
      timeout: false,
      throwHttpErrors: false,
      redirect: "manual",
      signal,
    });
    return { kind: "answered", status: response.status, text: await readText(response) };
  } catch (error) {
    if (signal.aborted) return { kind: "in-doubt", detail: `no answer within ${timeoutMs} ms` };
    const code = codeOf(error);
    if (isNetworkError(error) && neverSentCodes.has(code)) return { kind: "not-sent", detail: code };
    return { kind: "in-doubt", detail: code };
  }
};

/** Failures before the request is written: resolving, connecting, the TLS handshake. */
const neverSentCodes = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** The system's code from anywhere in the chain of causes: fetch wraps it, and wraps several where a name has several addresses. */
function codeOf(error: unknown): string {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    if (one instanceof AggregateError && one.errors.length > 0) {
      const codes = new Set(one.errors.map(codeOf));
      // Several addresses, several failures: "never sent" only if each of them was.
      return [...codes].find((code) => !neverSentCodes.has(code)) ?? [...codes][0] ?? "unknown";
    }
    if ("code" in one && typeof one.code === "string") {
      // "No route to host" can also end a connection that carried the request.
      const isLate = "syscall" in one && !["connect", "getaddrinfo"].includes(String(one.syscall));
      return isLate && neverSentCodes.has(one.code) ? `${one.code} on a connection in use` : one.code;
    }
  }
  return error instanceof Error ? error.name : "unknown";
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bodyBytesMax) throw new Error("the answer is too long");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
