/**
 * Sends a webhook to an address that a tenant chose: one POST, no redirect, and only to an IP address that was checked.
 *
 * Node's own `https.request` and not ky, because the check must bind the connection: a name is resolved once, every
 * address that it has is checked, and the socket connects to these and no others. A fetch would resolve the name again
 * after the check, and could be told something else.
 */
import type { LookupAddress } from "node:dns";
import { lookup as resolveName } from "node:dns/promises";
import type { RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import type { WebhookAnswer } from "../domain/webhook-delivery.ts";
import { isPublicAddress } from "./public-address.ts";
import { hostOf } from "./webhook-url.ts";

export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Never rejects: no answer is an outcome, too. */
export type WebhookSender = (request: WebhookRequest) => Promise<WebhookAnswer>;

export interface SenderOptions {
  /** The local run alone: private addresses and plain HTTP. */
  readonly allowsPrivate: boolean;
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
  readonly timeoutMs?: number;
}

/** What Standard Webhooks asks a sender to wait at least. */
const webhookTimeoutMs = 15_000;

/** What of an answer's body is read, so that the receiver is not cut off while it says thanks. Nothing of it is kept. */
const answerBytesMax = 65_536;

class AddressError extends Error {
  override readonly name = "AddressError";
}

export function webhookSender({
  allowsPrivate,
  resolve = (host) => resolveName(host, { all: true }),
  timeoutMs = webhookTimeoutMs,
}: SenderOptions): WebhookSender {
  const isAllowed = (address: string) => allowsPrivate || isPublicAddress(address);

  /** All of a name's addresses. One that is not allowed refuses the name: a mixture is an attempt to slip through. */
  const allowedAddresses = async (host: string): Promise<LookupAddress[]> => {
    const addresses = await resolve(host);
    if (addresses.length === 0 || !addresses.every(({ address }) => isAllowed(address))) throw new AddressError(host);
    return [...addresses];
  };

  const lookup: NonNullable<RequestOptions["lookup"]> = (host, { all }, done) => {
    allowedAddresses(host).then(
      (addresses) => {
        const [first] = addresses;
        if (all) done(null, addresses);
        else if (first) done(null, first.address, first.family);
      },
      (error: Error) => done(error, ""),
    );
  };

  return ({ url, headers, body }) =>
    new Promise((answer) => {
      const target = new URL(url);
      const unanswered = (error: string) => answer({ kind: "unanswered", error });
      // Sockets ask for the address of a name only, so an address is checked here.
      if (isIP(hostOf(target)) && !isAllowed(hostOf(target))) return unanswered("address-not-allowed");
      if (target.protocol !== "https:" && !allowsPrivate) return unanswered("not-https");

      // An import of node:http wakes Node's fetch, which takes as long to load as half of this function; on AWS it is never needed.
      const send = target.protocol === "https:" ? requestHttps : process.getBuiltinModule("node:http").request;
      const request = send(target, {
        method: "POST",
        agent: false,
        lookup,
        headers: { ...headers, "content-length": Buffer.byteLength(body), connection: "close" },
      });
      const timer = setTimeout(() => {
        unanswered("timeout");
        request.destroy();
      }, timeoutMs);
      request.once("response", (response) => {
        const retryAfter = response.headers["retry-after"];
        answer({ kind: "answered", status: response.statusCode ?? 0, ...(retryAfter !== undefined && { retryAfter }) });
        let bytes = 0;
        response
          .on("error", () => {})
          .on("data", (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > answerBytesMax) request.destroy();
          });
      });
      request.on("error", (error) => unanswered(wordFor(error)));
      request.once("close", () => {
        clearTimeout(timer);
        unanswered("closed");
      });
      request.end(body);
    });
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  EPIPE: "reset",
  ENOTFOUND: "name-not-found",
  EAI_AGAIN: "name-not-found",
  ETIMEDOUT: "timeout",
  EPROTO: "tls",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
};

/** One word, from a fixed list: an error's own text may name what lies inside our network. */
function wordFor(error: Error & { readonly code?: string }): string {
  if (error instanceof AddressError) return "address-not-allowed";
  const code = error.code ?? "";
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO)/.test(code)) return "tls";
  return words[code] ?? (code.startsWith("HPE_") ? "not-http" : "failed");
}
