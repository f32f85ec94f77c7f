/** What the environment says: where the service is, and with which key it is called. */
import { usage } from "./command-error.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where `npm start` listens, and the key that it takes. */
const localUrl = "http://127.0.0.1:4000";
const localApiKey = "mbk_local";

export interface Settings {
  /** Without a slash at the end. */
  readonly url: string;
  /** Undefined where none is set: some calls need none. */
  readonly apiKey: string | undefined;
}

/** An empty variable counts as unset. The local key is taken for this machine only. @throws CommandError naming the variable that makes no sense */
export function readSettings(environment: Environment): Settings {
  const text = environment["MONEYBACK_URL"]?.trim() || localUrl;
  const url = URL.parse(text);
  if (!url || !["http:", "https:"].includes(url.protocol)) {
    throw usage(`MONEYBACK_URL=${text} is no URL: set it to one such as ${localUrl}.`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw usage("MONEYBACK_URL must be the address alone, without a user, a query or a fragment.");
  }
  const apiKey = environment["MONEYBACK_API_KEY"]?.trim();
  if (apiKey && !/^[\x21-\x7e]+$/.test(apiKey)) throw usage("MONEYBACK_API_KEY must be printable ASCII.");
  return {
    url: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
    apiKey: apiKey || (isLoopback(url.hostname) ? localApiKey : undefined),
  };
}

/** Whether the host is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
