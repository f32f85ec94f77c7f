/** Whether an address may be registered as a webhook endpoint. What its name leads to is asked at every attempt. */
import { isIP } from "node:net";
import { isPublicAddress } from "./public-address.ts";

/** Set by the local run and nowhere else: receivers on the same machine, without TLS. */
export function allowsPrivateAddresses(): boolean {
  return process.env["WEBHOOK_ALLOW_PRIVATE"] === "true";
}

/** Names that never lead to the public internet, whatever a resolver makes of them. */
const innerNames = /(^|\.)(localhost|local|internal|lan|home|corp|intranet|arpa|test|invalid|onion)$/;

/** In words what is wrong with the address, or undefined. The local run alone lets private ones and plain HTTP pass. */
export function urlProblem(text: string, allowsPrivate: boolean): string | undefined {
  const url = URL.parse(text);
  if (!url || !(url.protocol === "https:" || (allowsPrivate && url.protocol === "http:"))) {
    return "must be an https:// address";
  }
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
  if (url.hash !== "") return "must not hold a fragment";
  return allowsPrivate || isOutside(url) ? undefined : "must lead to a public address";
}

/** The host of an address as a resolver or a socket takes it. The parser has made 0x7f.1 and 2130706433 to 127.0.0.1 already. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

function isOutside(url: URL): boolean {
  const host = hostOf(url).replace(/\.$/, "");
  if (isIP(host)) return isPublicAddress(host);
  return host.includes(".") && !innerNames.test(host);
}
